/**
 * What a kernel is counted by in a report of kernels by range: its launch, or, as NVIDIA has it, each of its calls. One
 * launch has two where the runtime's call was recorded and the driver's inside of it, under one correlation id.
 *
 *     ours       kernel > launch                 > ranges that contain one of its calls, each once
 *     NVIDIA's   kernel > launch > call of it    > ranges that contain the call
 *                                > call of it    > ranges that contain the call, once more
 */

import {groupRows} from './fill-column.ts';
import type {Groups} from './fill-column.ts';
import {findLaunchingRanges} from './launching-ranges.ts';
import type {LaunchingRanges} from './ranges-of-launches.ts';
import type {LaunchCalls} from './launching-ranges.ts';
import {nestRanges} from './range-nesting.ts';
import type {NestedRanges} from './range-nesting.ts';
import type {DetailedTrace} from './read-trace.ts';

/** Launches or calls, and the ranges around them. */
export interface KernelLaunches {
	/** By launch: its numbers here; none where no call of it was recorded. */
	readonly numbers: Groups;
	/** By number: the thread of the call; of several, that of the first. */
	readonly thread: Int32Array;
	readonly pushPop: RangesOfLaunches;
	/** Undefined where the trace has none. */
	readonly startEnd: (RangesOfLaunches & StartEndOrder) | undefined;
}

export interface RangesOfLaunches {
	readonly nested: NestedRanges;
	/** By number of KernelLaunches. */
	readonly launching: LaunchingRanges;
}

export interface StartEndOrder {
	/** By place in `nested`: the range in the trace's startEnd. */
	readonly range: Uint32Array;
}

type StartEnd = NonNullable<DetailedTrace['startEnd']>;

/** Those that ended on another thread are left out, as in NVIDIA's reports. */
const nestStartEnd = ({
	loose,
	endedElsewhere,
}: StartEnd): {readonly nested: NestedRanges} & StartEndOrder => {
	const kept = Uint32Array.from(endedElsewhere.keys()).filter(
		(range) => endedElsewhere[range] === 0,
	);
	const pick = (column: Float64Array | Int32Array): Float64Array =>
		Float64Array.from(kept, (range) => Number(column[range]));
	const {order, nested} = nestRanges({
		length: kept.length,
		thread: Uint32Array.from(pick(loose.thread)),
		open: pick(loose.startNs),
		close: pick(loose.endNs),
	});
	return {nested, range: order === undefined ? kept : order.map((place) => Number(kept[place]))};
};

const addStartEnd = (
	startEnd: StartEnd | undefined,
	calls: LaunchCalls,
	count: number,
): KernelLaunches['startEnd'] => {
	if (startEnd === undefined || startEnd.length === 0) {
		return undefined;
	}

	const placed = nestStartEnd(startEnd);
	return {...placed, launching: findLaunchingRanges(placed.nested, calls, count)};
};

/**
 * By launch: its first call by start, then by thread: no order of rows decides. -1 where it has none.
 * @param counts which calls do; all unless given
 */
export const findFirstCalls = (
	{launch, startNs, thread}: LaunchCalls,
	launches: number,
	counts?: (call: number) => boolean,
): Int32Array => {
	const first = new Int32Array(launches).fill(-1);
	for (let call = 0; call < launch.length; call++) {
		const own = Number(launch[call]);
		const known = Number(first[own]);
		const apart = known < 0 ? -1 : Number(startNs[call]) - Number(startNs[known]);
		const isFirst = apart < 0 || (apart === 0 && Number(thread[call]) < Number(thread[known]));
		if (isFirst && (counts === undefined || counts(call))) {
			first[own] = call;
		}
	}

	return first;
};

const countByLaunch = ({launching, calls, nested, startEnd}: DetailedTrace): KernelLaunches => {
	const launches = launching.first.length;
	const first = findFirstCalls(calls, launches);
	return {
		numbers: groupRows(
			first.map((call, launch) => (call < 0 ? -1 : launch)),
			launches,
		),
		thread: first.map((call) => (call < 0 ? -1 : Number(calls.thread[call]))),
		pushPop: {nested, launching},
		startEnd: addStartEnd(startEnd, calls, launches),
	};
};

const countByCall = ({launching, calls, nested, startEnd}: DetailedTrace): KernelLaunches => {
	const each = {...calls, launch: Int32Array.from(calls.launch.keys())};
	return {
		numbers: groupRows(calls.launch, launching.first.length),
		thread: calls.thread,
		pushPop: {nested, launching: findLaunchingRanges(nested, each, calls.length)},
		startEnd: addStartEnd(startEnd, each, calls.length),
	};
};

/** @param byCall each call counts for itself, as in NVIDIA's report */
export const listKernelLaunches = (read: DetailedTrace, byCall: boolean): KernelLaunches =>
	byCall ? countByCall(read) : countByLaunch(read);
