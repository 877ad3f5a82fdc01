/** The GPU side of a trace, and which of its ranges each launch belongs to. */

import {attributeThreads} from './attribute-threads.ts';
import type {RangeFacts} from './export-ranges.ts';
import type {GpuRows} from './gpu-rows.ts';
import {placeGpuRows} from './gpu-rows-placement.ts';
import type {PlacedGpuRows} from './gpu-rows-placement.ts';
import {summarizeGpuWork} from './gpu-work.ts';
import type {GpuWork} from './gpu-work.ts';
import {findLaunchingRanges} from './launching-ranges.ts';
import type {LaunchingRanges} from './ranges-of-launches.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import type {RangeTable} from './range-table.ts';
import type {SpareColumns} from './spare-columns.ts';

export interface AttributedWork extends Omit<PlacedGpuRows, 'launches'> {
	readonly launching: LaunchingRanges;
	readonly work: GpuWork;
}

export interface AttributionOptions {
	/** As in ReadTraceOptions. */
	readonly attributeThreads: boolean;
	/** Whether the calls are still wanted: their memory, more than any other's, is spare otherwise. */
	readonly calls: boolean;
}

const noCalls: LaunchCalls = {
	length: 0,
	startNs: new Float64Array(),
	endNs: new Float64Array(),
	thread: new Int32Array(),
	launch: new Int32Array(),
};

/** Changes the rows, and the numbers of the ranges' threads, in place. */
export const attributeWork = (
	rows: GpuRows,
	ranges: RangeFacts,
	table: RangeTable,
	options: AttributionOptions,
	spare: SpareColumns,
): AttributedWork => {
	const {launches, ...placed} = placeGpuRows(rows, ranges, table);
	const {operations, timed, calls, processes} = placed;
	const {nested} = table;
	const {stray, ...launched} = findLaunchingRanges(nested, calls, launches);
	const launching = options.attributeThreads
		? attributeThreads(nested, launched, calls, processes)
		: launched;
	const work = summarizeGpuWork(nested, {...launching, stray}, calls, operations, timed, (thread) =>
		Number(processes[thread]),
	);
	if (options.calls) {
		return {...placed, launching, work};
	}

	spare.give(calls.startNs, calls.endNs, calls.thread, calls.launch);
	return {...placed, calls: noCalls, launching, work};
};
