/** The GPU side of a trace, and which of its ranges each launch belongs to. */

import {attributeThreads} from './attribute-threads.ts';
import type {RangeFacts} from './export-ranges.ts';
import type {GpuRowsAhead} from './gpu-rows-ahead.ts';
import type {GpuWorkRows} from './gpu-rows.ts';
import {placeCalls, placeWork} from './gpu-rows-placement.ts';
import type {PlacedCalls} from './gpu-rows-placement.ts';
import {summarizeGpuWork} from './gpu-work.ts';
import type {GpuWork} from './gpu-work.ts';
import {findLaunchingRanges} from './launching-ranges.ts';
import type {LaunchingRanges} from './ranges-of-launches.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import type {RangeTable} from './range-table.ts';
import type {SpareColumns} from './spare-columns.ts';

export interface AttributedWork extends Omit<PlacedCalls, 'launches'>, GpuWorkRows {
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

/** Takes the rows and changes them, and the numbers of the ranges' threads, in place. */
export const attributeWork = (
	ahead: GpuRowsAhead,
	ranges: RangeFacts,
	table: RangeTable,
	options: AttributionOptions,
	spare: SpareColumns,
): AttributedWork => {
	const {launches, ...placed} = placeCalls(ahead.takeCalls(), ranges, table);
	const {calls, processes} = placed;
	const {nested} = table;
	const {stray, ...launched} = findLaunchingRanges(nested, calls, launches);
	const launching = options.attributeThreads
		? attributeThreads(nested, launched, calls, processes)
		: launched;
	const rows = placeWork(ahead.takeWork(), ranges);
	const {operations, timed} = rows;
	const work = summarizeGpuWork(nested, {...launching, stray}, calls, operations, timed, (thread) =>
		Number(processes[thread]),
	);
	if (options.calls) {
		return {...placed, ...rows, launching, work};
	}

	spare.give(calls.startNs, calls.endNs, calls.thread, calls.launch);
	return {...placed, ...rows, calls: noCalls, launching, work};
};
