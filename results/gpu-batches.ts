/** What the GPU did during each batch of a holder, as columns. */

import {
	levelColumnNames,
	type BatchRole,
	type GpuBatches,
	type MeanGpuBatches,
} from '../schemas/gpu-metrics.ts';
import type {LevelMetric} from '../schemas/gpu-window.ts';
import type {WatchedGpu} from './gpu-evidence.ts';
import {
	measureEnergy,
	measureLevel,
	measureReasons,
	measureThrottling,
	shorten,
} from './gpu-windows.ts';
import type {Batch, Holder} from './holder.ts';
import {spansOf} from './throttled-batches.ts';

/** Where less than this share of a batch is known, its mean would say little: null. */
const leastCovered = 0.5;

type Cell = number | null;

const shortenCell = (value: Cell | undefined): Cell =>
	value === null || value === undefined ? null : shorten(value);

/** What one batch has. */
interface BatchCells {
	readonly levels: Readonly<Record<(typeof levelColumnNames)[number], Cell>>;
	readonly energy: Cell;
	readonly throttled: Cell;
	/** null: nobody knows. */
	readonly reasons: Readonly<Record<string, number>> | null;
}

/** Columns without those of which nothing is known. */
const buildColumns = (names: readonly string[], batches: readonly BatchCells[]): MeanGpuBatches => {
	const column = (cells: readonly Cell[]): Cell[] | undefined =>
		cells.every((cell) => cell === null) ? undefined : cells.map(shortenCell);
	const reasons = [...new Set(batches.flatMap((batch) => Object.keys(batch.reasons ?? {})))];
	const columns = {
		...Object.fromEntries(
			levelColumnNames.map((name) => [name, column(batches.map(({levels}) => levels[name]))]),
		),
		energy_joules: column(batches.map(({energy}) => energy)),
		throttled_share: column(batches.map(({throttled}) => throttled)),
	};
	return {
		name: [...names],
		...Object.fromEntries(Object.entries(columns).filter(([, cells]) => cells !== undefined)),
		event_reasons: Object.fromEntries(
			reasons
				.toSorted()
				.map((reason) => [
					reason,
					batches.map((batch) =>
						batch.reasons === null ? null : shorten(batch.reasons[reason] ?? 0),
					),
				]),
		),
	};
};

const measureBatch = ({track, power}: WatchedGpu, batch: Batch): BatchCells => {
	const spans = spansOf(batch);
	const meanOf = (name: LevelMetric): Cell => {
		const level = measureLevel(track, name, spans);
		return level === undefined || level.covered < leastCovered ? null : level.mean;
	};
	return {
		levels: {
			sm_clock_mhz: meanOf('sm_clock_mhz'),
			memory_clock_mhz: meanOf('memory_clock_mhz'),
			power_watts: power === null ? null : meanOf(power),
			temperature_celsius: meanOf('temperature_celsius'),
		},
		energy: power === null ? null : measureEnergy(measureLevel(track, power, spans), spans),
		throttled: measureThrottling(track, spans),
		reasons: measureReasons(track, spans),
	};
};

/** By batch, made once: a holder can have a hundred thousand. */
const listRoles = (holder: Holder, isMeasured: boolean): ReadonlyMap<Batch, BatchRole> => {
	const roles = new Map<Batch, BatchRole>();
	const give = (batches: readonly Batch[], role: BatchRole): void => {
		batches.forEach((batch) => roles.set(batch, role));
	};
	give(holder.uncounted, 'uncounted');
	give(holder.warmup, 'warm-up');
	give(holder.dropped, isMeasured ? 'dropped' : 'warm-up');
	give(holder.measured, isMeasured ? 'measured' : 'warm-up');
	return roles;
};

/** @param isMeasured whether all batches around the holder are measured. @param nameOf its key in `data` */
export const describeBatches = (
	{holder, isMeasured}: {readonly holder: Holder; readonly isMeasured: boolean},
	watched: WatchedGpu,
	nameOf: (batch: Batch) => string,
): GpuBatches => {
	const roles = listRoles(holder, isMeasured);
	const columns = buildColumns(
		holder.batches.map(nameOf),
		holder.batches.map((batch) => measureBatch(watched, batch)),
	);
	return {...columns, role: holder.batches.map((batch) => roles.get(batch) ?? 'uncounted')};
};

const mean = (values: readonly (Cell | undefined)[]): Cell => {
	const known = values.filter((value) => typeof value === 'number');
	return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};

/** One batch in each process that has it: which columns, and where in them. */
type Place = readonly [MeanGpuBatches, number];

const averageBatch = (places: readonly Place[]): BatchCells => {
	const meanOf = (read: (columns: MeanGpuBatches) => readonly Cell[] | undefined): Cell =>
		mean(places.map(([columns, at]) => read(columns)?.[at]));
	const known = places.filter(([columns, at]) => typeof columns.throttled_share?.[at] === 'number');
	const reasons = new Set(known.flatMap(([columns]) => Object.keys(columns.event_reasons)));
	return {
		levels: {
			sm_clock_mhz: meanOf((columns) => columns.sm_clock_mhz),
			memory_clock_mhz: meanOf((columns) => columns.memory_clock_mhz),
			power_watts: meanOf((columns) => columns.power_watts),
			temperature_celsius: meanOf((columns) => columns.temperature_celsius),
		},
		energy: meanOf((columns) => columns.energy_joules),
		throttled: meanOf((columns) => columns.throttled_share),
		reasons:
			known.length === 0
				? null
				: Object.fromEntries(
						[...reasons].map((reason) => [
							reason,
							// A process that never had the reason has no column of it.
							mean(known.map(([columns, at]) => columns.event_reasons[reason]?.[at] ?? 0)) ?? 0,
						]),
					),
	};
};

/** Batch by batch, over the processes that have it; in order of the first process, others behind. */
export const averageBatches = (processes: readonly MeanGpuBatches[]): MeanGpuBatches => {
	const places = new Map<string, Place[]>();
	for (const columns of processes) {
		for (const [at, name] of columns.name.entries()) {
			const same = places.get(name) ?? [];
			places.set(name, same);
			same.push([columns, at]);
		}
	}

	return buildColumns([...places.keys()], [...places.values()].map(averageBatch));
};
