/**
 * A timeline in Chrome's JSON trace event format, which ui.perfetto.dev and chrome://tracing open: groups are its
 * processes, tracks its threads. Numbers of both are made up, as the format has no other way to keep tracks apart.
 */

import {assert} from '../base/assert.ts';
import type {Timeline, TimelineSlice, TimelineTrack} from '../schemas/timeline.ts';
import {SliceColumns} from './slice-columns.ts';
import {dealSlices, type DealtSlices} from './slice-lanes.ts';
import {TextBuffer} from './text-buffer.ts';
import {chooseTextWriter, type WriteText} from './text-writer.ts';
import {formatTraceNumber, isShown, traceText} from './trace-text.ts';

/** Bytes of a piece; the event that reaches it is its last. */
const pieceSize = 1 << 16;

/** All of the event but its thread and times. */
const writeSlice = (
	out: TextBuffer,
	{name, details, flow}: TimelineSlice,
	writeText: WriteText,
): void => {
	out.writeText(',"name":');
	writeText(name);
	if (flow !== undefined) {
		// Not flow events of their own ("s", "f"): they find their slice by its time, and of two that start together Perfetto
		// takes the inner one.
		out.writeText(`,"bind_id":${flow.id},"${flow.starts ? 'flow_out' : 'flow_in'}":true`);
	}

	let before = ',"args":{';
	for (const [key, cell] of Object.entries(details)) {
		if (isShown(cell)) {
			out.writeText(before);
			writeText(key);
			out.writeText(':');
			if (typeof cell === 'string') {
				writeText(cell);
			} else {
				out.writeText(formatTraceNumber(cell));
			}

			before = ',';
		}
	}

	out.writeText(before === ',' ? '}}' : '}');
};

const isWhole = (ns: number): boolean => Number.isSafeInteger(ns) && ns >= 0;

const holdSlices = ({tracks, slices}: Timeline): SliceColumns => {
	const held = new SliceColumns();
	const out = new TextBuffer();
	const writeText = chooseTextWriter(out, traceText);
	for (const slice of slices) {
		assert(slice.track < tracks.length, 'a slice lies on one of the tracks');
		assert(isWhole(slice.startNs) && isWhole(slice.durationNs), 'times of a slice are whole');
		out.clear();
		writeSlice(out, slice, writeText);
		held.append(slice.track, slice.startNs, slice.durationNs, out.content);
	}

	return held;
};

interface Lane {
	readonly process: number;
	readonly thread: number;
	readonly name: string;
}

/**
 * Lanes of each track. No thread has the number of a process or of another process's thread: Perfetto would take the one
 * for its process's main thread, and the names of the other for its own.
 */
const numberLanes = (
	tracks: readonly TimelineTrack[],
	processes: ReadonlyMap<string, number>,
	{laneCounts}: DealtSlices,
): readonly (readonly Lane[])[] => {
	let thread = processes.size;
	return tracks.map(({group, name}, track) =>
		Array.from({length: laneCounts[track] ?? 0}, (_, lane) => ({
			process: processes.get(group) ?? 0,
			thread: ++thread,
			name: lane === 0 ? name : `${name} (${lane + 1})`,
		})),
	);
};

const describe = (event: string, process: number, thread: number, args: string): string =>
	`{"ph":"M","pid":${process},"tid":${thread},"name":"${event}","args":{${args}}}`;

/** Names of processes and threads, and their order: the timeline's. */
const listMetadata = (
	processes: ReadonlyMap<string, number>,
	lanes: readonly (readonly Lane[])[],
): readonly string[] => [
	...Array.from(processes).flatMap(([name, process]) => [
		describe('process_name', process, 0, `"name":${traceText.rewrite(name)}`),
		describe('process_sort_index', process, 0, `"sort_index":${process}`),
	]),
	...lanes
		.flat()
		.flatMap(({process, thread, name}) => [
			describe('thread_name', process, thread, `"name":${traceText.rewrite(name)}`),
			describe('thread_sort_index', process, thread, `"sort_index":${thread}`),
		]),
];

function* writeSlices(
	out: TextBuffer,
	slices: SliceColumns,
	{order, lanes: laneOf}: DealtSlices,
	lanes: readonly (readonly Lane[])[],
): Generator<string> {
	const prefixes = lanes.map((ofTrack) =>
		ofTrack.map(({process, thread}) =>
			Buffer.from(`,\n{"ph":"X","pid":${process},"tid":${thread},"ts":`),
		),
	);
	const beforeDuration = Buffer.from(',"dur":');
	for (const [place, slice] of order.entries()) {
		const prefix = prefixes[slices.tracks[slice] ?? 0]?.[laneOf[place] ?? 0];
		if (prefix !== undefined) {
			out.writeBytes(prefix);
			out.writeMicroseconds(slices.starts[slice] ?? 0);
			out.writeBytes(beforeDuration);
			out.writeMicroseconds(slices.durations[slice] ?? 0);
			out.writeBytes(slices.readText(slice));
		}

		if (out.length >= pieceSize) {
			yield out.take();
		}
	}
}

/** Slices are held in memory until all have come: lanes need their order. */
export function* writeChromeTrace(timeline: Timeline): Generator<string> {
	const {source, tracks} = timeline;
	const slices = holdSlices(timeline);
	const dealt = dealSlices(slices, tracks.length);
	const groups = [...new Set(tracks.map(({group}) => group))];
	const processes = new Map(groups.map((group, index) => [group, index + 1]));
	const lanes = numberLanes(tracks, processes, dealt);
	const out = new TextBuffer();
	out.writeText(`{"traceEvents":[\n${listMetadata(processes, lanes).join(',\n')}`);
	yield* writeSlices(out, slices, dealt, lanes);
	out.writeText(
		`\n],"displayTimeUnit":"ns","otherData":{"source":${traceText.rewrite(source)}}}\n`,
	);
	yield out.take();
}
