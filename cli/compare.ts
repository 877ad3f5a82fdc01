/** `benchmark compare`: runs, result files and traces against each other; the exit code is a gate's answer. */

import path from 'node:path';
import {ExitCode, UserError} from '../base/errors.ts';
import {formatComparison} from '../report/comparison-formats.ts';
import {compareCandidate} from '../results/comparison/candidate-comparison.ts';
import {pickKernelPaths} from '../results/comparison/kernel-changes.ts';
import {indexFloors} from '../results/comparison/noise-floor.ts';
import {comparedMetrics} from '../schemas/comparison.ts';
import type {CandidateComparison, ComparisonReport} from '../schemas/comparison-report.ts';
import type {Command, Context} from './command.ts';
import {chooseGatedExit, sayUnused} from './compare-exit.ts';
import {compareParser, readCompareRequest, type CompareRequest} from './compare-options.ts';
import {labelInputs} from './compare-inputs.ts';
import type {CompareTools, ReadSide} from './compared-side.ts';
import {readSide} from './compare-sides.ts';
import {findNoiseFloors} from './noise-floor-store.ts';
import {flagOption, helpText, logLevelOption, textOption, type Parsed} from './options.ts';
import {findStudy} from './study-files.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

/** Searched for once, and only if a report has to be opened. */
export const laterNsys = (explicit: string | null, env: NodeJS.ProcessEnv) => {
	let search: Promise<string | null> | undefined;
	const find = async (): Promise<string | null> => {
		const {findNsys} = await import('../launcher/find-nsys.ts');
		return (await findNsys({explicit, env})).chosen?.path ?? null;
	};

	return async (): Promise<string | null> => (search ??= find());
};

/** One candidate against the baseline, with all that is told of the two. */
export const compareSidesOf = async (
	baseline: ReadSide,
	candidate: ReadSide,
	request: CompareRequest,
	{findNsys, noiseFloor, env}: CompareTools,
): Promise<CandidateComparison> => {
	const manifests = [baseline, candidate].flatMap(({manifest}) => manifest ?? []);
	const found = findNoiseFloors(noiseFloor, manifests, env);
	const compared = compareCandidate(baseline.side, candidate.side, {
		...request.compare,
		noiseFloorOf: indexFloors(found.map(({floors}) => floors)),
	});
	// What reads reports takes its time to load.
	if (request.mostReports === 0 || pickKernelPaths(compared).length === 0) {
		return compared;
	}

	const {addKernelChanges} = await import('./compare-kernels.ts');
	const options = {findNsys, mostReports: request.mostReports};
	return addKernelChanges(compared, [baseline, candidate], options);
};

const isUndecided = ({gate, comparisons}: CandidateComparison): boolean =>
	gate === null
		? comparisons.some(({verdict}) => verdict === 'inconclusive')
		: gate.outcome === 'undecided';

export const chooseExitCode = (
	candidates: readonly CandidateComparison[],
	request: CompareRequest,
): number => chooseGatedExit(candidates, request, isUndecided);

export const describeOptions = (request: CompareRequest): ComparisonReport['options'] => ({
	...request.compare.statistics,
	ranges: [...request.ranges],
	metrics: [...(request.metrics ?? comparedMetrics)],
	failOn: request.failOn,
	requireVerdict: request.requireVerdict,
	despiteDifferences: request.compare.despiteDifferences,
});

/** Formats for people show the notes themselves. */
const showsNotes = ({format}: CompareRequest): boolean =>
	format === 'table' || format === 'markdown';

export const printReport = async (
	report: ComparisonReport,
	request: CompareRequest,
	terminal: Terminal,
): Promise<void> => {
	const {format, sort, all} = request;
	const decorate = terminal.decorateOut;
	for (const piece of formatComparison(report, format, {all, sort, decorate})) {
		await terminal.write(piece);
	}

	if (!showsNotes(request)) {
		for (const {notes} of report.candidates) {
			sayWarnings(notes, terminal);
		}
	}
};

/** @throws UserError for fewer than two */
const listPaths = (parsed: {readonly _: readonly unknown[]}, cwd: string): readonly string[] => {
	const paths = parsed._.map((given) => path.resolve(cwd, String(given)));
	if (paths.length < 2) {
		throw new UserError('compare takes a baseline and one candidate or more', {
			next: 'Give run folders, benchmark_mean.json or benchmark.json files, reports, exports or studies.',
		});
	}

	return paths;
};

const comparePaths = async (
	paths: readonly string[],
	request: CompareRequest,
	tools: CompareTools,
	terminal: Terminal,
): Promise<number> => {
	const labels = labelInputs(paths);
	const sides: ReadSide[] = [];
	for (const [index, given] of paths.entries()) {
		const named = {label: labels[index] ?? given, path: given};
		sides.push(await readSide(named, {...request, findNsys: tools.findNsys}));
	}

	const [baseline, ...others] = sides;
	const candidates: CandidateComparison[] = [];
	for (const candidate of others) {
		if (baseline !== undefined) {
			candidates.push(await compareSidesOf(baseline, candidate, request, tools));
		}
	}

	if (baseline === undefined) {
		throw new Error('no baseline was read');
	}

	const exitCode = chooseExitCode(candidates, request);
	const report: ComparisonReport = {
		formatVersion: 1,
		exitCode,
		unit: 'milliseconds',
		options: describeOptions(request),
		baseline: baseline.side.input,
		candidates,
	};
	await printReport(report, request, terminal);
	sayUnused(candidates, request, terminal);
	return exitCode;
};

const givesStudies = (parsed: Parsed & {readonly _: readonly unknown[]}, cwd: string): boolean =>
	!asksForSamples(parsed) &&
	parsed._.some((given) => findStudy(path.resolve(cwd, String(given))) !== undefined);

const asksForSamples = (parsed: Parsed): boolean =>
	['b', 'bn', 'c', 'cn', 'o'].some((name) => parsed[name] !== undefined);

/** They would be left out without a word. */
const refuseSides = (parsed: Parsed & {readonly _: readonly unknown[]}): void => {
	const given = parsed._.map(String);
	if (given.length > 0 && (parsed['b'] !== undefined || parsed['c'] !== undefined)) {
		throw new UserError(`-b and -c compare folders of samples: ${given.join(', ')} has no place`, {
			next: 'Give sides alone (benchmark compare <baseline> <candidate>), or all folders with -b and -c.',
		});
	}
};

const makeTools = (parsed: Parsed, {env, cwd}: Context): CompareTools => {
	const noiseFloor = textOption(parsed, 'noise-floor');
	return {
		findNsys: laterNsys(textOption(parsed, 'nsys') ?? null, env),
		noiseFloor: noiseFloor === undefined ? undefined : path.resolve(cwd, noiseFloor),
		env,
	};
};

export const compareCommand: Command = async (argv, terminal, context) => {
	const parser = compareParser();
	const parsed = parser.parseSync([...argv]);
	if (flagOption(parsed, 'help')) {
		terminal.print((await helpText(parser)).replaceAll(/--(bn|cn)\b/g, '-$1'));
		return {exitCode: ExitCode.done};
	}

	terminal.setLevel(logLevelOption(parsed));
	if (givesStudies(parsed, context.cwd)) {
		const {compareStudyFiles} = await import('./compare-studies.ts');
		return {exitCode: await compareStudyFiles(parsed, terminal, context.cwd)};
	}

	const request = readCompareRequest(parsed);
	const tools = makeTools(parsed, context);
	if (asksForSamples(parsed)) {
		refuseSides(parsed);
		const {compareSampleFolders} = await import('./compare-samples.ts');
		return {exitCode: await compareSampleFolders(parsed, request, tools, terminal, context.cwd)};
	}

	const paths = listPaths(parsed, context.cwd);
	return {exitCode: await comparePaths(paths, request, tools, terminal)};
};
