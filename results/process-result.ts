/** From the trace of one process to its `benchmark.json`, and to what the run's statistics need of it. */

import type {ProcessResult} from '../schemas/benchmark-result.ts';
import type {Placeholder} from '../schemas/placeholder.ts';
import type {Trace} from '../schemas/trace.ts';
import type {BatchSource} from './batch-facts.ts';
import {findBatches} from './batch-source.ts';
import {listBatchTimes, type BatchTime} from './batch-times.ts';
import type {ProcessEnergy} from './gpu-energy.ts';
import type {ClockLock} from './clock-lock.ts';
import {
	warnOfOrigin,
	warnOfSetClock,
	watchGpu,
	type GpuEvidence,
	type WatchedGpu,
} from './gpu-evidence.ts';
import {judgeGpus} from './gpu-verdict.ts';
import {describeStart, warnOfStartEnd} from './common-start.ts';
import {describeHolders} from './holder.ts';
import {buildPathTree, type PathTree} from './path-tree.ts';
import {describeProcessGpu, type ProcessGpu} from './process-gpu.ts';
import {listProcessWarnings} from './process-warnings.ts';
import {mergeAnnotationMetas, type Meta} from './result-meta.ts';
import {buildResultTree, type HolderResult, type ResultTree} from './result-tree.ts';
import type {Samples} from './samples.ts';
import {describeSamples, rankPath} from './statistics.ts';
import {chooseDropped} from './throttled-batches.ts';
import {computeOwnThroughput} from './throughput.ts';

export interface ProcessOptions {
	/** Batches to leave out at the start and at the end of each holder. */
	readonly warmupBatches: number;
	/** Finds batches by name, where nothing else tells: named groups `index` and optionally `items`. */
	readonly batchPattern: RegExp;
	/** What an unmodified perf_utils wrote; null where it wrote nothing. */
	readonly placeholder: Placeholder | null;
	/** Further facts for `meta`. */
	readonly programMeta?: Meta;
	/** What was sampled of its GPU; null or absent where none was. */
	readonly gpu?: GpuEvidence | null;
	/** Leave batches out of the statistics in which the GPU was held down. */
	readonly dropThrottled?: boolean;
}

export interface MeasuredProcess {
	readonly result: ProcessResult;
	readonly samples: Samples;
	/** The wall clock at the origin of the samples' times, in ns since 1970; null where the trace does not tell. */
	readonly originUnixNs: bigint | null;
	/** What the run's energy per item needs; null where no GPU was watched. */
	readonly energy: ProcessEnergy | null;
	/** When its batches ran, for the plots of its GPU; empty where no GPU was watched. */
	readonly batchTimes: readonly BatchTime[];
}

const describeStatistics = (samples: Samples): ProcessResult['stats'] =>
	Object.fromEntries(
		[...samples].map(([path, own]) => {
			const rate = computeOwnThroughput(own.work);
			// One process can have no interval.
			return [path, describeSamples(rankPath(path, [[own]]), 0, rate)];
		}),
	);

const byPath = <Value>(
	holders: readonly HolderResult[],
	value: (holder: HolderResult) => Value,
): Record<string, Value> =>
	Object.fromEntries(holders.map((holder) => [holder.path, value(holder)]));

const describeMeta = (
	trace: Trace,
	tree: ResultTree,
	source: BatchSource,
	options: ProcessOptions,
	drops: boolean,
): ProcessResult['meta'] => ({
	...mergeAnnotationMetas(trace, options.placeholder),
	...options.programMeta,
	measurement_unit: 'milliseconds',
	total_batches: byPath(tree.holders, ({holder}) => holder.warmup.length + holder.measured.length),
	warmup_batches: options.warmupBatches,
	...(drops ? {dropped_batches: byPath(tree.holders, ({holder}) => holder.dropped.length)} : {}),
	profiler: trace.tool.kind,
	gpu_traced: trace.hasGpuWork,
	batch_source: source.kind,
	...describeStart(trace.waits),
});

/** The paths with what counts in them. */
const measureTree = (
	paths: PathTree,
	warmupBatches: number,
	watched: WatchedGpu | null,
	drops: boolean,
): ResultTree => {
	const holders = describeHolders(paths, warmupBatches);
	const nodes = watched === null || !drops ? new Set<number>() : chooseDropped(holders, watched);
	return buildResultTree(
		paths,
		nodes.size === 0 ? holders : describeHolders(paths, warmupBatches, nodes),
	);
};

const judgeGpu = (
	gpu: ProcessGpu | null,
	{hasGpuWork: usesGpu}: Trace,
	lock: ClockLock | null,
): ProcessResult['warnings'] =>
	gpu === null
		? []
		: [...judgeGpus([{name: '', gpuName: 'The GPU', metrics: gpu.metrics, usesGpu, lock}])];

/** @throws UserError for a batch pattern without the named group `index` */
export const computeProcessResult = (trace: Trace, options: ProcessOptions): MeasuredProcess => {
	const {warmupBatches, dropThrottled: drops = false} = options;
	const source = findBatches(trace, options);
	const paths = buildPathTree(trace, source);
	const watched = watchGpu(trace, options.gpu);
	const tree = measureTree(paths, warmupBatches, watched, drops);
	const gpu =
		watched === null ? null : describeProcessGpu(trace, paths, tree.holders, {...watched, drops});
	return {
		result: {
			formatVersion: 1,
			data: tree.data,
			mean_data: byPath(tree.holders, ({mean}) => mean),
			stats: describeStatistics(tree.samples),
			meta: describeMeta(trace, tree, source, options, drops && watched !== null),
			...(gpu === null ? {} : {gpu_metrics: gpu.metrics}),
			warnings: [
				...trace.warnings,
				...source.warnings,
				...warnOfStartEnd(trace.waits),
				...listProcessWarnings(tree, warmupBatches),
				...warnOfOrigin(trace, options.gpu),
				...warnOfSetClock(options.gpu),
				...judgeGpu(gpu, trace, options.gpu?.lock ?? null),
			],
		},
		samples: tree.samples,
		originUnixNs: trace.originUnixNs,
		energy: gpu?.energy ?? null,
		batchTimes: watched === null ? [] : listBatchTimes(tree.holders),
	};
};
