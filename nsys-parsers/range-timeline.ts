/** A trace as a timeline: ranges on their threads, their projections onto the GPU, and what ran there. */

import type {Timeline, TimelineSlice, TimelineTrack} from '../schemas/timeline.ts';
import {operationKinds} from './gpu-operations.ts';
import type {DetailedTrace} from './read-trace.ts';

/** Three tracks: a thread's ranges, their projections, and (one for all) the operations. */
const listTracks = ({trace}: DetailedTrace): readonly TimelineTrack[] => [
	...trace.threads.map(({pid, tid}) => ({group: `process ${pid}`, name: `thread ${tid}`})),
	...trace.threads.map(({pid, tid}) => ({
		group: `process ${pid} on the GPU`,
		name: `ranges of thread ${tid}`,
	})),
	{group: 'GPU operations', name: 'all GPUs and streams'},
];

function* listRangeSlices({trace, gpuStartNs}: DetailedTrace, shift: number) {
	const {ranges, names, threads} = trace;
	for (let range = 0; range < ranges.length; range++) {
		const track = Number(ranges.thread[range]);
		const name = names[Number(ranges.name[range])] ?? '';
		const launches = Number(ranges.gpuOperations[range]);
		const start = Number(ranges.startNs[range]);
		yield {
			track,
			name,
			startNs: start + shift,
			durationNs: Number(ranges.endNs[range]) - start,
			details: {'GPU ops': launches},
		};
		if (launches > 0) {
			yield {
				track: threads.length + track,
				name,
				startNs: Number(gpuStartNs[range]) + shift,
				durationNs: Number(ranges.gpuSpanNs[range]),
				details: {'GPU ops': launches, 'busy (ns)': Number(ranges.gpuBusyNs[range])},
			};
		}
	}
}

function* listOperationSlices({trace, operations, timed}: DetailedTrace, shift: number) {
	for (const row of timed.order) {
		const start = Number(operations.startNs[row]);
		yield {
			track: 2 * trace.threads.length,
			name: operationKinds[Number(operations.kind[row])] ?? '',
			startNs: start + shift,
			durationNs: Number(operations.endNs[row]) - start,
			details: {bytes: Number(operations.bytes[row])},
		};
	}
}

/** Operations that were launched before the first range begin before the trace's origin: all moves by so much. */
const earliestStart = ({operations, timed}: DetailedTrace): number => {
	const [first] = timed.order;
	return first === undefined ? 0 : Math.min(0, Number(operations.startNs[first]));
};

export const listTimeline = (read: DetailedTrace): Timeline => {
	const shift = -earliestStart(read);
	const slices = function* (): Generator<TimelineSlice> {
		yield* listRangeSlices(read, shift);
		yield* listOperationSlices(read, shift);
	};

	return {source: read.trace.source, tracks: listTracks(read), slices: slices()};
};
