/** From the samples of a process's GPU to the `gpu_metrics` of its `benchmark.json`. */

import type {GpuBatches, GpuHolder, ProcessGpuMetrics} from '../schemas/gpu-metrics.ts';
import type {GpuWindow} from '../schemas/gpu-window.ts';
import type {Trace} from '../schemas/trace.ts';
import {describeBatches} from './gpu-batches.ts';
import {describeWork, energyPerItem, type ProcessEnergy} from './gpu-energy.ts';
import type {WatchedGpu} from './gpu-evidence.ts';
import {
	measureGpuWindow,
	measureLevel,
	measureThrottling,
	shorten,
	type GpuTrack,
} from './gpu-windows.ts';
import type {PathTree} from './path-tree.ts';
import {createRangeKeys} from './range-keys.ts';
import type {HolderResult} from './result-tree.ts';
import {joinSpans, spanAll, type Span} from './spans.ts';
import {isThrottled, spansOf} from './throttled-batches.ts';

export interface ProcessGpu {
	readonly metrics: ProcessGpuMetrics;
	readonly energy: ProcessEnergy;
}

const isInsideBatch = (tree: PathTree, node: number): boolean => {
	for (let above = node; above > 0; above = tree.parent[above] ?? 0) {
		if (tree.batches.has(above)) {
			return true;
		}
	}

	return false;
};

const windowOf = ({holder}: HolderResult): Span | null =>
	spanAll(holder.measured.flatMap(({instances}) => instances));

/** Of what was measured; of all ranges, where no batch was. */
const findWindow = ({ranges}: Trace, outermost: readonly HolderResult[]): Span | null => {
	const measured = spanAll(outermost.flatMap((holder) => windowOf(holder) ?? []));
	return (
		measured ??
		spanAll(
			Array.from({length: ranges.length}, (_, range) => ({
				startNs: ranges.startNs[range] ?? 0,
				endNs: ranges.endNs[range] ?? 0,
			})),
		)
	);
};

const median = (sorted: readonly number[]): number | null => {
	const middle = (sorted.length - 1) / 2;
	const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
	return low === undefined || high === undefined ? null : (low + high) / 2;
};

const shortenKnown = (value: number | null): number | null =>
	value === null ? null : shorten(value);

/** Where less than this share of a quarter is known, its temperature is not told. */
const leastCovered = 0.5;

const measureRise = (track: GpuTrack, {startNs, endNs}: Span): number | null => {
	const length = (endNs - startNs) / 4;
	const meanOf = (quarter: number): number | null => {
		const from = startNs + quarter * length;
		const span = {startNs: from, endNs: from + length};
		const level = measureLevel(track, 'temperature_celsius', [span]);
		return level === undefined || level.covered < leastCovered ? null : level.mean;
	};
	const [before, after] = [meanOf(1), meanOf(3)];
	return before === null || after === null ? null : shorten(after - before);
};

/** Over all that was sampled: an error in the warm-up spoils what follows. */
const countEccErrors = ({curves}: GpuTrack): number | null => {
	const values = curves.get('uncorrected_ecc_errors')?.value;
	const [first, last] = [values?.[0], values?.at(-1)];
	// Below 0: the driver was loaded anew.
	return first === undefined || last === undefined ? null : Math.max(0, last - first);
};

/** A column's known values of the batches that are measured, or would be. */
const pick = (
	{role, ...columns}: GpuBatches,
	name: 'sm_clock_mhz' | 'throttled_share',
	roles: readonly string[],
): readonly number[] =>
	(columns[name] ?? []).flatMap((value, at) =>
		value !== null && roles.includes(role[at] ?? '') ? [value] : [],
	);

type Summary = Pick<
	ProcessGpuMetrics,
	'sm_clock_mhz' | 'sm_clock_range_mhz' | 'throttled_share' | 'throttled_batches'
>;

/** A holder with what is told of it. */
interface DescribedHolder {
	readonly result: HolderResult;
	/** In no batch. */
	readonly isOutermost: boolean;
	readonly gpu: GpuHolder;
}

/** Of the measured batches that stand in no other. */
const summarize = (outermost: readonly DescribedHolder[], track: GpuTrack): Summary => {
	const pickAll = (...[name, roles]: [Parameters<typeof pick>[1], readonly string[]]) =>
		outermost.flatMap(({gpu}) => pick(gpu.batches, name, roles));
	const clocks = pickAll('sm_clock_mhz', ['measured']).toSorted((a, b) => a - b);
	const [lowest, highest] = [clocks[0], clocks.at(-1)];
	const measured = outermost.flatMap(({result: {holder}}) => [
		...holder.measured,
		...holder.dropped,
	]);
	const share = measureThrottling(track, joinSpans(measured.flatMap((batch) => spansOf(batch))));
	return {
		sm_clock_mhz: shortenKnown(median(clocks)),
		sm_clock_range_mhz: lowest === undefined || highest === undefined ? null : [lowest, highest],
		throttled_share: shortenKnown(share),
		throttled_batches: pickAll('throttled_share', ['measured', 'dropped']).filter((value) =>
			isThrottled(value),
		).length,
	};
};

/** Power only: the run needs no more of a process, and there may be many. */
const keepPower = ({track, power, ...watched}: WatchedGpu): Omit<ProcessEnergy, 'work'> => {
	const curve = power === null ? undefined : track.curves.get(power);
	return {
		gpu: watched.gpu,
		processes: watched.processes,
		mig: watched.mig,
		originUnixNs: watched.originUnixNs,
		track: {
			...track,
			curves: new Map(power === null || curve === undefined ? [] : [[power, curve]]),
			eventReasons: {atNs: new Float64Array(), value: new Float64Array()},
		},
	};
};

const describeEnergy = (holders: readonly HolderResult[], watched: WatchedGpu): ProcessEnergy => ({
	...keepPower(watched),
	work: new Map(
		holders.flatMap(({path, holder}) => {
			const work = describeWork(holder);
			return work === null ? [] : [[path, work] as const];
		}),
	),
});

const measureSpan = (track: GpuTrack, span: Span | null): GpuWindow | null =>
	span === null ? null : measureGpuWindow(track, span.startNs, span.endNs);

const describeHolders = (
	tree: PathTree,
	holders: readonly HolderResult[],
	watched: WatchedGpu,
	energy: ProcessEnergy,
): readonly DescribedHolder[] => {
	const {keyOf} = createRangeKeys(tree);
	return holders.map((result) => {
		const {holder, measured: isMeasured, path} = result;
		const isOutermost = !isInsideBatch(tree, holder.node);
		const window = isOutermost ? measureSpan(watched.track, windowOf(result)) : null;
		const gpu = {
			...(window === null ? {} : {window}),
			energy_per_item_joules: isOutermost ? energyPerItem([energy], path) : null,
			batches: describeBatches({holder, isMeasured}, watched, ({node}) => keyOf(node)),
		};
		return {result, isOutermost, gpu};
	});
};

export const describeProcessGpu = (
	trace: Trace,
	tree: PathTree,
	holders: readonly HolderResult[],
	watched: WatchedGpu & {readonly drops: boolean},
): ProcessGpu => {
	const {track, gpu, intervalMs, processes, mig, power, drops} = watched;
	const energy = describeEnergy(holders, watched);
	const described = describeHolders(tree, holders, watched, energy);
	const outermost = described.filter(({isOutermost}) => isOutermost);
	const span = findWindow(
		trace,
		outermost.map(({result}) => result),
	);
	const metrics: ProcessGpuMetrics = {
		gpu,
		...summarize(outermost, track),
		temperature_rise_celsius: span === null ? null : measureRise(track, span),
		uncorrected_ecc_errors: countEccErrors(track),
		interval_ms: intervalMs,
		processes,
		mig,
		drop_throttled: drops,
		power_source: power,
		window: measureSpan(track, span),
		window_ms: span === null ? 0 : (span.endNs - span.startNs) / 1e6,
		holders: Object.fromEntries(described.map(({result, gpu: own}) => [result.path, own])),
	};
	return {metrics, energy};
};
