/** From what is to be varied to the list of points, and to perf_analyzer's command line for each. Pure. */

import type {Load} from '../schemas/study.ts';
import type {SharedMemory, SweepPlan, SweepPoint} from '../schemas/sweep.ts';

/** What is varied. Each list has one value at least. */
export interface SweepGrid {
	readonly loads: readonly Load[];
	readonly batchSizes: readonly number[];
	readonly protocols: readonly ('http' | 'grpc')[];
	readonly sharedMemories: readonly SharedMemory[];
	readonly repeats: number;
}

const nameLoad = (load: Load): string =>
	load.kind === 'schedule'
		? 'schedule'
		: `${load.kind === 'concurrency' ? 'concurrency' : 'rate'}-${load.value}`;

const nameFolder = (point: Omit<SweepPoint, 'folder'>): string =>
	[
		nameLoad(point.load),
		`batch-${point.batchSize}`,
		point.protocol,
		...(point.sharedMemory === 'none' ? [] : [point.sharedMemory]),
		`repeat-${point.repeat}`,
	].join('_');

/** Repeats outermost: what drifts over a long sweep shows between repeats, and does not pass for an effect of the load. */
export const listPoints = (grid: SweepGrid): readonly SweepPoint[] =>
	Array.from({length: grid.repeats}, (_, index) => index + 1).flatMap((repeat) =>
		grid.protocols.flatMap((protocol) =>
			grid.sharedMemories.flatMap((sharedMemory) =>
				grid.batchSizes.flatMap((batchSize) =>
					grid.loads.map((load) => {
						const point = {load, batchSize, protocol, sharedMemory, repeat};
						return {folder: nameFolder(point), ...point};
					}),
				),
			),
		),
	);

/** What a point's folder holds. perf_analyzer names an ensemble's other CSVs after the first: `model_v1.perf.csv`. */
export const pointFiles = {
	csv: 'perf.csv',
	export: 'export.json',
	stdout: 'stdout.log',
	stderr: 'stderr.log',
	/** The exact command, for a shell. */
	command: 'command.sh',
	/** What a warm-up of its own printed, where perf_analyzer has none. */
	warmup: 'warmup.log',
} as const;

/** The perf_analyzer that is used, as far as a command depends on it. */
export interface AnalyzerAbilities {
	readonly path: string;
	/** --warmup-request-count; since 2.50. */
	readonly warmup: boolean;
	/** --profile-export-file; since 2023. */
	readonly export: boolean;
}

/** What a sweep adds to its plan once it knows the server. */
export interface AddedInput {
	/** --input-data, absolute; null: as the plan has it, or perf_analyzer's own. */
	readonly input: string | null;
}

const noInput: AddedInput = {input: null};

/** perf_analyzer's default of --max-threads with a request rate. */
const rateThreads = 4;

/**
 * Requests to warm up with. Fewer than the threads that send them, and perf_analyzer never ends (seen with 2.51.0: one
 * thread waits for work that the others have taken).
 */
export const countWarmup = (plan: SweepPlan, {load}: SweepPoint): number => {
	if (plan.warmupRequests === 0) {
		return 0;
	}

	const threads = load.kind === 'concurrency' ? load.value : rateThreads;
	return Math.max(plan.warmupRequests, threads, plan.threads ?? 0);
};

const loadArguments = (load: Load): readonly string[] => {
	switch (load.kind) {
		case 'concurrency':
			return ['--concurrency-range', String(load.value)];
		case 'request-rate':
			return ['--request-rate-range', String(load.value)];
		case 'schedule':
			// The user's own options have it.
			return [];
	}
};

/** Asks perf_analyzer for the export. */
export const exportOption = '--profile-export-file';

/** Nothing is to be dropped as unstable: perf_analyzer would keep no number of it. We judge (read-point.ts). */
const neverUnstable = '100000';

const commonArguments = (
	plan: SweepPlan,
	point: SweepPoint,
	{input}: AddedInput,
): readonly string[] => {
	const url = plan.urls[point.protocol];
	return [
		...['-m', plan.model, '-i', point.protocol],
		...(url === null ? [] : ['-u', url]),
		...['-b', String(point.batchSize)],
		...(point.sharedMemory === 'none' ? [] : ['--shared-memory', point.sharedMemory]),
		...loadArguments(point.load),
		...(input === null ? [] : ['--input-data', input]),
		...plan.arguments,
	];
};

/** To be run in the point's folder: perf_analyzer takes no path in -f where there are composing models. */
export const pointCommand = (
	plan: SweepPlan,
	point: SweepPoint,
	analyzer: AnalyzerAbilities,
	added = noInput,
): readonly string[] => {
	const warmup = analyzer.warmup ? countWarmup(plan, point) : 0;
	return [
		analyzer.path,
		...commonArguments(plan, point, added),
		...(warmup === 0 ? [] : ['--warmup-request-count', String(warmup)]),
		...(plan.percentile === null ? [] : ['--percentile', String(plan.percentile)]),
		...['-s', neverUnstable, '-v', '-f', pointFiles.csv, '--verbose-csv'],
		...(analyzer.export ? [exportOption, pointFiles.export] : []),
	];
};

const warmupWindowMs = 1000;

/** One short window whose numbers nobody looks at; null where none is needed. */
export const warmupCommand = (
	plan: SweepPlan,
	point: SweepPoint,
	analyzer: AnalyzerAbilities,
	added = noInput,
): readonly string[] | null =>
	plan.warmupRequests === 0 || analyzer.warmup
		? null
		: [
				analyzer.path,
				...commonArguments(plan, point, added),
				...['-p', String(warmupWindowMs), '-r', '1'],
			];

const quoteWord = (word: string): string =>
	/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** For a POSIX shell. */
export const formatCommand = (command: readonly string[]): string =>
	command.map(quoteWord).join(' ');
