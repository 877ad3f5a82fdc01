/** What a sweep varies, from its options: loads, batch sizes, protocols with their addresses, shared memory, repeats. */

import {UserError} from '../base/errors.ts';
import type {AnalyzerOption} from '../perf-analyzer/analyzer-options.ts';
import {readChoices, readGrid} from '../perf-analyzer/grid.ts';
import {listPoints} from '../perf-analyzer/sweep-plan.ts';
import type {Load} from '../schemas/study.ts';
import {SharedMemory, type SweepPlan} from '../schemas/sweep.ts';
import {countOption, textOption, type Parsed} from './options.ts';

type Protocol = 'http' | 'grpc';

interface Given {
	readonly flag: string;
	readonly text: string;
}

/** perf_analyzer's own spelling means the same as ours. */
const findGiven = (
	parsed: Parsed,
	options: readonly AnalyzerOption[],
	own: string,
	theirs: string,
): Given | undefined => {
	const text = textOption(parsed, own);
	const other = options.findLast(({name}) => name === theirs);
	if (text !== undefined && other !== undefined) {
		throw new UserError(`--${own} and ${other.written} say the same twice: one is enough`);
	}

	return text === undefined
		? other && {flag: other.written, text: other.value ?? ''}
		: {flag: `--${own}`, text};
};

/** Loads that perf_analyzer takes from elsewhere: there is one point for them. */
const scheduleNames: readonly string[] = [
	'fixed-schedule',
	'periodic-concurrency-range',
	'request-intervals',
	'session-concurrency',
];

const readLoads = (parsed: Parsed, options: readonly AnalyzerOption[]): readonly Load[] => {
	const concurrency = findGiven(parsed, options, 'concurrency', 'concurrency-range');
	const rate = findGiven(parsed, options, 'request-rate', 'request-rate-range');
	const schedule = options.find(({name}) => scheduleNames.includes(name));
	const given = [concurrency?.flag, rate?.flag, schedule?.written].filter(
		(flag) => flag !== undefined,
	);
	if (given.length > 1) {
		throw new UserError(`${given.join(' and ')} exclude each other: a sweep has one kind of load`);
	}

	if (schedule !== undefined) {
		return [{kind: 'schedule'}];
	}

	if (rate !== undefined) {
		const rates = readGrid(rate.text, {flag: rate.flag, whole: false});
		return rates.map((value) => ({kind: 'request-rate', value}));
	}

	const {flag, text} = concurrency ?? {flag: '--concurrency', text: '1'};
	return readGrid(text, {flag, whole: true}).map((value) => ({kind: 'concurrency', value}));
};

/** A host alone has Triton's two usual ports. */
const spreadUrl = (url: string): SweepPlan['urls'] => {
	if (/:\d+\/?$/.test(url)) {
		throw new UserError(`-u ${url} is one port, and HTTP and gRPC have one each`, {
			next: 'Give --http-url HOST:8000 and --grpc-url HOST:8001.',
		});
	}

	return {http: `${url}:8000`, grpc: `${url}:8001`};
};

const readUrls = (
	parsed: Parsed,
	url: string | undefined,
	protocols: readonly Protocol[],
): SweepPlan['urls'] => {
	const [only] = protocols;
	const spread =
		url === undefined
			? {http: null, grpc: null}
			: protocols.length > 1
				? spreadUrl(url)
				: {http: null, grpc: null, [only ?? 'http']: url};
	return {
		http: textOption(parsed, 'http-url') ?? spread.http,
		grpc: textOption(parsed, 'grpc-url') ?? spread.grpc,
	};
};

export const readSweepGrid = (
	parsed: Parsed,
	options: readonly AnalyzerOption[],
): Pick<SweepPlan, 'urls' | 'points'> => {
	const last = (name: string): AnalyzerOption | undefined =>
		options.findLast((option) => option.name === name);
	const protocols = readChoices(last('protocol')?.value ?? 'http', ['http', 'grpc'], '--protocol');
	const batch = last('batch-size');
	const points = listPoints({
		loads: readLoads(parsed, options),
		batchSizes: readGrid(batch?.value ?? '1', {flag: batch?.written ?? '-b', whole: true}),
		protocols,
		sharedMemories: readChoices(
			last('shared-memory')?.value ?? 'none',
			SharedMemory.options,
			'--shared-memory',
		),
		repeats: countOption(parsed, 'repeat', 1),
	});
	return {urls: readUrls(parsed, last('url')?.value, protocols), points: [...points]};
};
