/** From the trace of one process to its `benchmark.json`, and to what the run's statistics need of it. */

import type {ProcessResult} from '../schemas/benchmark-result.ts';
import type {Placeholder} from '../schemas/placeholder.ts';
import type {Trace} from '../schemas/trace.ts';
import type {BatchSource} from './batch-facts.ts';
import {findBatches} from './batch-source.ts';
import {describeHolders, type Batch} from './holder.ts';
import {buildPathTree} from './path-tree.ts';
import {listProcessWarnings} from './process-warnings.ts';
import {mergeAnnotationMetas, type Meta} from './result-meta.ts';
import {buildResultTree, type HolderResult, type ResultTree} from './result-tree.ts';
import type {Samples} from './samples.ts';
import {describeSamples, rankPath} from './statistics.ts';
import {computeThroughput, type MeasuredWindow} from './throughput.ts';

export interface ProcessOptions {
	/** Batches to leave out at the start and at the end of each holder. */
	readonly warmupBatches: number;
	/** Finds batches by name, where nothing else tells: named groups `index` and optionally `items`. */
	readonly batchPattern: RegExp;
	/** What an unmodified perf_utils wrote; null where it wrote nothing. */
	readonly placeholder: Placeholder | null;
	/** Further facts for `meta`. */
	readonly programMeta?: Meta;
}

export interface MeasuredProcess {
	readonly result: ProcessResult;
	readonly samples: Samples;
	/** Of batches that are measured, as are all around them. null where there is none, or the trace does not tell the wall clock. */
	readonly window: MeasuredWindow | null;
}

const findWindow = (
	originUnixNs: bigint | null,
	batches: readonly Batch[],
): MeasuredWindow | null => {
	if (originUnixNs === null || batches.length === 0) {
		return null;
	}

	let [start, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const {startNs, endNs} of batches.flatMap(({instances}) => instances)) {
		start = Math.min(start, startNs);
		end = Math.max(end, endNs);
	}

	return {startUnixNs: originUnixNs + BigInt(start), endUnixNs: originUnixNs + BigInt(end)};
};

const describeStatistics = (samples: Samples): ProcessResult['stats'] =>
	Object.fromEntries(
		[...samples].map(([path, own]) => {
			const rate = computeThroughput([[{work: own.work, window: null}]])?.throughput;
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
): ProcessResult['meta'] => ({
	...mergeAnnotationMetas(trace, options.placeholder),
	...options.programMeta,
	measurement_unit: 'milliseconds',
	total_batches: byPath(tree.holders, ({holder}) => holder.warmup.length + holder.measured.length),
	warmup_batches: options.warmupBatches,
	profiler: trace.tool.kind,
	gpu_traced: trace.hasGpuWork,
	batch_source: source.kind,
});

/** @throws UserError for a batch pattern without the named group `index` */
export const computeProcessResult = (trace: Trace, options: ProcessOptions): MeasuredProcess => {
	const source = findBatches(trace, options);
	const paths = buildPathTree(trace, source);
	const tree = buildResultTree(paths, describeHolders(paths, options.warmupBatches));
	return {
		result: {
			formatVersion: 1,
			data: tree.data,
			mean_data: byPath(tree.holders, ({mean}) => mean),
			stats: describeStatistics(tree.samples),
			meta: describeMeta(trace, tree, source, options),
			warnings: [
				...trace.warnings,
				...source.warnings,
				...listProcessWarnings(tree, options.warmupBatches),
			],
		},
		samples: tree.samples,
		window: findWindow(
			trace.originUnixNs,
			tree.holders.flatMap(({holder, measured}) => (measured ? holder.measured : [])),
		),
	};
};
