/** What the tracks of a timeline are made of, grouped by thread and stream. */

import {UserError} from '../base/errors.ts';
import type {TimelineTrack} from '../schemas/timeline.ts';
import {groupRows, pickIndices} from './fill-column.ts';
import type {Groups} from './fill-column.ts';
import {unnamed} from './range-names.ts';
import type {DetailedTrace} from './read-trace.ts';
import type {TimelineColumns} from './timeline-columns.ts';
import {findFlows} from './timeline-flows.ts';
import type {Flows} from './timeline-flows.ts';
import {TimelineWindow} from './timeline-slices.ts';

/** A track, and the process that it stands with; the largest number where that is not known. */
export interface PlacedTrack extends TimelineTrack {
	readonly pid: number;
}

export interface TimelineSource {
	readonly read: DetailedTrace;
	readonly columns: TimelineColumns;
	readonly window: TimelineWindow;
	readonly flows: Flows;
	/** By range: where its projection ends, ns since the origin. */
	readonly gpuEndNs: Float64Array;
	/** Ranges by number of a thread. */
	readonly ranges: Groups;
	/** Calls by number of a thread. */
	readonly calls: Groups;
	/** Operations with times, in order of their starts, by stream. */
	readonly operations: Groups;
}

/** Rows of a group. */
export const rowsOf = ({from, rows}: Groups, group: number): Uint32Array =>
	rows.subarray(from[group], from[group + 1]);

export const isEmpty = (groups: Groups, group: number): boolean =>
	rowsOf(groups, group).length === 0;

/** @param otherwise stands for a name that the export does not have */
export const nameAt = (
	names: readonly string[],
	number: number | undefined,
	otherwise = unnamed,
): string => {
	const name = names[Number(number)] ?? unnamed;
	return name === unnamed ? otherwise : name;
};

const addSpans = ({gpuStartNs, trace: {ranges}}: DetailedTrace): Float64Array => {
	const endNs = gpuStartNs.slice();
	for (let range = 0; range < endNs.length; range++) {
		endNs[range] = Number(endNs[range]) + Number(ranges.gpuSpanNs[range]);
	}

	return endNs;
};

const groupOperations = (
	{timed: {order}}: DetailedTrace,
	{streamOf, streams}: TimelineColumns,
): Groups => {
	const stream = new Uint32Array(order.length);
	for (let place = 0; place < order.length; place++) {
		stream[place] = Number(streamOf[Number(order[place])]);
	}

	const {from, rows} = groupRows(stream, streams.length);
	return {from, rows: pickIndices(order, rows)};
};

const requireSame = (
	{trace, operations, calls}: DetailedTrace,
	{streamOf, calls: {name}}: TimelineColumns,
): void => {
	if (operations.length !== streamOf.length || calls.length !== name.length) {
		throw new UserError(`${trace.source} changed while it was read`);
	}
};

/** @throws UserError where the columns are those of another trace */
export const makeTimelineSource = (
	read: DetailedTrace,
	columns: TimelineColumns,
): TimelineSource => {
	requireSame(read, columns);
	const {operations, timed, calls, nested, threads} = read;
	const window = new TimelineWindow([
		{...operations, rows: timed.order},
		{...calls, rows: Uint32Array.from(calls.launch.keys())},
		...(read.startEnd === undefined
			? []
			: [{...read.startEnd, rows: Uint32Array.from(read.startEnd.name.keys())}]),
	]);
	return {
		read,
		columns,
		window,
		flows: findFlows(read, window),
		gpuEndNs: addSpans(read),
		ranges: groupRows(
			nested.threadPlace.map((place) => Number(nested.threads[place])),
			threads.length,
		),
		calls: groupRows(calls.thread, threads.length),
		operations: groupOperations(read, columns),
	};
};
