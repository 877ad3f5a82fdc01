/** The options of `triton sweep`: ours, and perf_analyzer's own beside them in one line. */

import {existsSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {
	isPassed,
	isPath,
	splitArguments,
	writeOption,
	type AnalyzerOption,
} from '../perf-analyzer/analyzer-options.ts';
import {readFileName} from '../perf-analyzer/file-name.ts';
import type {SweepMode} from '../perf-analyzer/sweep-store.ts';
import type {SloLimit} from '../schemas/study-answers.ts';
import type {SweepPlan} from '../schemas/sweep.ts';
import {rowFormats} from '../report/row-formats.ts';
import {choiceOption, countOption, flagOption, secondsOption, textOption} from './options.ts';
import type {Parsed} from './options.ts';
import {sloOption} from './slo-option.ts';
import {readSweepGrid} from './triton-sweep-grid.ts';
import {isOwnOption, takesNextWord} from './triton-sweep-parser.ts';

export interface SweepRequest {
	readonly plan: SweepPlan;
	readonly mode: SweepMode;
	/** Absolute. */
	readonly outputFolder: string;
	/** --perf-analyzer; null: search. */
	readonly analyzer: string | null;
	readonly pointTimeoutMs: number;
	/** Of one window; null where windows have no set length. */
	readonly windowMs: number | null;
	readonly keepTensors: boolean;
	readonly dryRun: boolean;
	readonly slo: readonly SloLimit[];
	/** Of -f, absolute; null where none is wanted. */
	readonly csvFile: string | null;
	/** perf_analyzer's --service-kind, in lower case. */
	readonly serviceKind: string;
	/** Whether requests need headers or certificates that we do not send when we ask the server how it is. */
	readonly guarded: boolean;
}

/** The last of a name, as perf_analyzer has it. */
export const lastValue = (options: readonly AnalyzerOption[], name: string): string | undefined =>
	options.findLast((option) => option.name === name)?.value;

const refusals: Readonly<Record<string, {readonly why: string; readonly next: string}>> = {
	'profile-export-file': {
		why: 'the sweep keeps a request export of each point itself',
		next: 'Leave it out: they are in points/*/export.json of the output folder.',
	},
	'binary-search': {
		why: 'a sweep measures every load that it is given',
		next: 'Leave it out; with --slo, the best load within a limit is named at the end.',
	},
	'max-concurrency': {why: 'it is of an old perf_analyzer', next: 'Write --concurrency 1:MAX.'},
	'dynamic-concurrency': {why: 'it is of an old perf_analyzer', next: 'Write --concurrency 1:MAX.'},
};

const refuseOption = ({name, written}: AnalyzerOption): void => {
	const refusal = Object.hasOwn(refusals, name) ? refusals[name] : undefined;
	if (refusal !== undefined) {
		throw new UserError(`${written}: ${refusal.why}`, {next: refusal.next});
	}
};

const writeArguments = (options: readonly AnalyzerOption[], cwd: string): readonly string[] =>
	options
		.filter((option) => isPassed(option) && option.name !== 'percentile')
		.flatMap((option) => {
			const {written, value = ''} = option;
			if (isPath(option) && !existsSync(path.resolve(cwd, value))) {
				throw new UserError(`${written} ${value}: there is no such file or folder`);
			}

			return writeOption(option, (file) => path.resolve(cwd, file));
		});

const numberOf = (
	options: readonly AnalyzerOption[],
	name: string,
	{least, most = Number.MAX_SAFE_INTEGER}: {least: number; most?: number},
): number | null => {
	const text = lastValue(options, name);
	const value = Number(text);
	if (text === undefined) {
		return null;
	}

	if (text.trim() === '' || !(value >= least && value <= most)) {
		throw new UserError(`--${name} takes a number of at least ${least}, not "${text}"`);
	}

	return value;
};

const positive = {least: Number.MIN_VALUE};

/** null where windows last until enough is counted. */
const chooseWindow = (options: readonly AnalyzerOption[]): number | null =>
	lastValue(options, 'measurement-mode') === 'count_windows' ||
	lastValue(options, 'request-count') !== undefined
		? null
		: (numberOf(options, 'measurement-interval', positive) ?? 5000);

/** Windows of the usual length take a few seconds each; counted ones as long as the model takes. */
const chooseTimeout = (parsed: Parsed, options: readonly AnalyzerOption[]): number => {
	const seconds = secondsOption(parsed, 'point-timeout');
	if (seconds !== undefined) {
		return seconds * 1000;
	}

	const windowMs = chooseWindow(options);
	return windowMs === null ? 900_000 : 240_000 + 12 * windowMs;
};

const chooseWarmup = (parsed: Parsed, options: readonly AnalyzerOption[]): number => {
	const asked = numberOf(options, 'warmup-request-count', {least: 0});
	return textOption(parsed, 'warmup-requests') === undefined
		? (asked ?? 10)
		: countOption(parsed, 'warmup-requests', 0);
};

const chooseMode = (parsed: Parsed): SweepMode => {
	const [resume, fresh] = [flagOption(parsed, 'resume'), flagOption(parsed, 'fresh')];
	if (resume && fresh) {
		throw new UserError('--resume and --fresh exclude each other');
	}

	return resume ? 'resume' : fresh ? 'fresh' : 'auto';
};

const needModel = (options: readonly AnalyzerOption[]): string => {
	const model = lastValue(options, 'model-name');
	if (model === undefined || model === '') {
		throw new UserError('no model was given', {next: 'Name it with -m, as the server knows it.'});
	}

	return model;
};

const makePlan = (
	parsed: Parsed,
	options: readonly AnalyzerOption[],
	extra: readonly string[],
	cwd: string,
): SweepPlan => {
	const model = needModel(options);
	const csv = lastValue(options, 'latency-report-file');
	const {stem, device, instances} = readFileName(csv ?? '');
	// As for perf_analyzer, 0 is no limit.
	const limit = numberOf(options, 'latency-threshold', {least: 0});
	return {
		label: textOption(parsed, 'label') ?? (stem === '' ? model : stem),
		model,
		device,
		instances,
		arguments: [...writeArguments(options, cwd), ...extra],
		warmupRequests: chooseWarmup(parsed, options),
		threads: numberOf(options, 'max-threads', {least: 1}),
		stability: (numberOf(options, 'stability-percentage', positive) ?? 10) / 100,
		latencyLimit: limit === 0 ? null : limit,
		tries: Math.max(1, Math.floor((numberOf(options, 'max-trials', {least: 1}) ?? 10) / 3)),
		percentile: numberOf(options, 'percentile', {least: 1, most: 99}),
		...readSweepGrid(parsed, options),
	};
};

/** "perf_analyzer -m ...", pasted whole: its first word may stay. */
const dropProgram = (
	argv: readonly string[],
): {readonly argv: readonly string[]; readonly program: string | null} => {
	const [first = '', ...rest] = argv;
	return path.basename(first) === 'perf_analyzer' && !first.startsWith('-')
		? {argv: rest, program: first.includes('/') ? first : null}
		: {argv, program: null};
};

/** @param parse of sweepParser @returns undefined where only the help is wanted */
export const readSweepRequest = (
	words: readonly string[],
	parse: (own: readonly string[]) => Parsed & {readonly _: readonly (string | number)[]},
	cwd: string,
): {readonly parsed: Parsed; readonly request: SweepRequest | undefined} => {
	const {argv, program} = dropProgram(words);
	const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
	const before = splitArguments(argv.slice(0, end), isOwnOption, takesNextWord);
	// What our table does not know is passed as it stands.
	const after = splitArguments(
		argv.slice(end + 1),
		() => false,
		() => false,
	);
	const parsed = parse(before.own);
	if (flagOption(parsed, 'help')) {
		return {parsed, request: undefined};
	}

	const [stray] = parsed._;
	if (stray !== undefined) {
		throw new UserError(`"${stray}" is no option of triton sweep`, {
			next: 'Options that only a newer perf_analyzer knows go behind --.',
		});
	}

	const options = [...before.analyzer, ...after.analyzer];
	options.forEach(refuseOption);
	choiceOption(parsed, 'format', rowFormats);
	const plan = makePlan(parsed, options, after.own, cwd);
	const csv = lastValue(options, 'latency-report-file');
	const folder = textOption(parsed, 'output_dir') ?? `sweep-${plan.model.replaceAll('/', '_')}`;
	return {
		parsed,
		request: {
			plan,
			mode: chooseMode(parsed),
			outputFolder: path.resolve(cwd, folder),
			analyzer: textOption(parsed, 'perf-analyzer') ?? program,
			pointTimeoutMs: chooseTimeout(parsed, options),
			windowMs: chooseWindow(options),
			keepTensors: flagOption(parsed, 'keep-tensors'),
			dryRun: flagOption(parsed, 'dry-run'),
			slo: sloOption(parsed),
			csvFile: csv === undefined ? null : path.resolve(cwd, csv),
			serviceKind: lastValue(options, 'service-kind')?.toLowerCase() ?? 'triton',
			guarded: options.some(({name}) => name === 'header' || name.startsWith('ssl-')),
		},
	};
};
