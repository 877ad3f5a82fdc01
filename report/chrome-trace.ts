/**
 * A timeline in Chrome's JSON trace event format, which ui.perfetto.dev and chrome://tracing open: groups are its
 * processes, tracks its threads. Numbers of both are made up, as the format has no other way to keep tracks apart.
 */

import {assert} from '../base/assert.ts';
import type {SliceText, Timeline, TimelineTrack, TrackSlices} from '../schemas/timeline.ts';
import {dealSlices} from './slice-lanes.ts';
import {TextBuffer} from './text-buffer.ts';
import {chooseTextWriter, type WriteText} from './text-writer.ts';
import {formatTraceNumber, isShown, traceText} from './trace-text.ts';

/** Bytes of a piece; the event that reaches it is its last. */
const pieceSize = 1 << 16;

/** All of the event but its thread and times. */
const writeSlice = (
	out: TextBuffer,
	{name, details, flow}: SliceText,
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

const isWhole = (ns: number | undefined): ns is number =>
	Number.isSafeInteger(ns) && Number(ns) >= 0;

const describe = (event: string, process: number, thread: number, args: string): string =>
	`{"ph":"M","pid":${process},"tid":${thread},"name":"${event}","args":{${args}}}`;

/** Names of processes, and their order: the timeline's. */
const listProcesses = (processes: ReadonlyMap<string, number>): readonly string[] =>
	Array.from(processes).flatMap(([name, process]) => [
		describe('process_name', process, 0, `"name":${traceText.rewrite(name)}`),
		describe('process_sort_index', process, 0, `"sort_index":${process}`),
	]);

/** A lane of a track: a thread of the format. */
const describeLane = (process: number, thread: number, name: string): string =>
	`${describe('thread_name', process, thread, `"name":${traceText.rewrite(name)}`)},\n${describe(
		'thread_sort_index',
		process,
		thread,
		`"sort_index":${thread}`,
	)}`;

/** Writes track by track: neither viewer asks for the events of a file to be in the order of their times. */
class TrackWriter {
	private readonly out: TextBuffer;
	private readonly writeText: WriteText;
	private readonly processes: ReadonlyMap<string, number>;
	/**
	 * No thread has the number of a process or of another process's thread: Perfetto would take the one for its process's
	 * main thread, and the names of the other for its own.
	 */
	private thread: number;

	constructor(out: TextBuffer, processes: ReadonlyMap<string, number>) {
		this.out = out;
		this.writeText = chooseTextWriter(out, traceText);
		this.processes = processes;
		this.thread = processes.size;
	}

	*write(track: TimelineTrack): Generator<string> {
		const slices = track.listSlices();
		const {order, lanes, laneCount} = dealSlices(slices);
		const prefixes = this.openLanes(track, laneCount);
		for (let place = 0; place < order.length; place++) {
			this.writeEvent(slices, Number(order[place]), prefixes[Number(lanes[place])]);
			if (this.out.length >= pieceSize) {
				yield this.out.take();
			}
		}
	}

	/** @returns what each lane's events begin with */
	private openLanes({group, name}: TimelineTrack, count: number): readonly Uint8Array[] {
		const process = this.processes.get(group) ?? 0;
		return Array.from({length: count}, (_, lane) => {
			const thread = ++this.thread;
			const laneName = lane === 0 ? name : `${name} (${lane + 1})`;
			this.out.writeText(`,\n${describeLane(process, thread, laneName)}`);
			return Buffer.from(`,\n{"ph":"X","pid":${process},"tid":${thread},"ts":`);
		});
	}

	private writeEvent(
		{startNs, durationNs, describe: describeSlice}: TrackSlices,
		slice: number,
		prefix: Uint8Array | undefined,
	): void {
		const {out} = this;
		const start = startNs[slice];
		const duration = durationNs[slice];
		assert(isWhole(start) && isWhole(duration), 'times of a slice are whole');
		out.writeBytes(prefix ?? new Uint8Array());
		out.writeMicroseconds(start);
		out.writeText(',"dur":');
		out.writeMicroseconds(duration);
		writeSlice(out, describeSlice(slice), this.writeText);
	}
}

export function* writeChromeTrace({source, tracks}: Timeline): Generator<string> {
	const groups = [...new Set(tracks.map(({group}) => group))];
	const processes = new Map(groups.map((group, index) => [group, index + 1]));
	const out = new TextBuffer();
	out.writeText(`{"traceEvents":[\n${listProcesses(processes).join(',\n')}`);
	const writer = new TrackWriter(out, processes);
	for (const track of tracks) {
		yield* writer.write(track);
	}

	out.writeText(
		`\n],"displayTimeUnit":"ns","otherData":{"source":${traceText.rewrite(source)}}}\n`,
	);
	yield out.take();
}
