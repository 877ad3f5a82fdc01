/** Tracks of a timeline that go by thread: ranges with the calls beneath them, and the ranges' projections. */

import {groupRows} from './fill-column.ts';
import {makeSlices, mergeSlices} from './timeline-slices.ts';
import {isEmpty, nameAt, rowsOf} from './timeline-source.ts';
import type {PlacedTrack, TimelineSource} from './timeline-source.ts';

const listThread = (
	{read, columns, window, flows, ranges, calls}: TimelineSource,
	thread: number,
) => {
	const {names, ranges: range} = read.trace;
	const {name, names: callNames} = columns.calls;
	const pushed = makeSlices(window, {...range, rows: rowsOf(ranges, thread)}, (row) => ({
		name: nameAt(names, range.name[row]),
		details: {'GPU ops': Number(range.gpuOperations[row])},
	}));
	const called = makeSlices(window, {...read.calls, rows: rowsOf(calls, thread)}, (call) => {
		const flow = flows.ofCall(call);
		const text = {name: nameAt(callNames, name[call], 'CUDA call'), details: {}};
		return flow === undefined ? text : {...text, flow};
	});
	return mergeSlices(pushed, called);
};

export const listThreads = (source: TimelineSource): readonly PlacedTrack[] =>
	[...source.read.threads.entries()]
		.filter(([thread]) => !isEmpty(source.ranges, thread) || !isEmpty(source.calls, thread))
		.map(([thread, {pid, tid}]) => ({
			pid,
			group: `process ${pid}`,
			name: `thread ${tid}`,
			listSlices: () => listThread(source, thread),
		}));

export const listStartEnd = ({
	read: {startEnd},
	window,
}: TimelineSource): readonly PlacedTrack[] => {
	if (startEnd === undefined) {
		return [];
	}

	const {threads, thread, names, name} = startEnd;
	const byThread = groupRows(thread, threads.length);
	return [...threads.entries()]
		.filter(([number]) => !isEmpty(byThread, number))
		.map(([number, {pid, tid}]) => ({
			pid,
			group: `process ${pid}`,
			name: `start/end ranges of thread ${tid}`,
			listSlices: () =>
				makeSlices(window, {...startEnd, rows: rowsOf(byThread, number)}, (row) => ({
					name: nameAt(names, name[row]),
					details: {},
				})),
		}));
};

export const listProjections = ({
	read,
	window,
	gpuEndNs,
	ranges,
}: TimelineSource): readonly PlacedTrack[] => {
	const {names, ranges: range} = read.trace;
	const isProjected = (row: number): boolean => Number(range.gpuOperations[row]) > 0;
	return [...read.threads.entries()].flatMap(([thread, {pid, tid}]) => {
		const own = rowsOf(ranges, thread);
		const startNs = read.gpuStartNs;
		const listSlices = () =>
			makeSlices(window, {startNs, endNs: gpuEndNs, rows: own.filter(isProjected)}, (row) => ({
				name: nameAt(names, range.name[row]),
				details: {
					'GPU ops': Number(range.gpuOperations[row]),
					'busy (ns)': Number(range.gpuBusyNs[row]),
				},
			}));
		return own.some(isProjected)
			? [{pid, group: `process ${pid} on the GPU`, name: `ranges of thread ${tid}`, listSlices}]
			: [];
	});
};
