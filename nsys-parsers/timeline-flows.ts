/** Arrows from calls to the operations that they launched: which call of a launch starts one, and where both ends show. */

import {findFirstCalls} from './kernel-launches.ts';
import type {DetailedTrace} from './read-trace.ts';
import type {TimelineWindow} from './timeline-slices.ts';

export interface Flows {
	/** Of a call; undefined where no arrow starts. */
	readonly ofCall: (call: number) => {readonly id: number; readonly starts: true} | undefined;
	/** Of an operation; undefined where no arrow ends. */
	readonly ofOperation: (row: number) => {readonly id: number; readonly starts: false} | undefined;
}

/** By launch: 1 where one of its operations is shown. */
const findShown = (
	{operations, timed, launching}: DetailedTrace,
	window: TimelineWindow,
): Uint8Array => {
	const shown = new Uint8Array(launching.first.length);
	for (const row of timed.order) {
		const launch = Number(operations.launch[row]);
		if (
			launch >= 0 &&
			window.shows(Number(operations.startNs[row]), Number(operations.endNs[row]))
		) {
			shown[launch] = 1;
		}
	}

	return shown;
};

/** Where a launch has two calls, the arrow starts at the first: the runtime's, around the driver's. */
export const findFlows = (read: DetailedTrace, window: TimelineWindow): Flows => {
	const {calls, operations, launching} = read;
	const first = findFirstCalls(calls, launching.first.length, (call) =>
		window.shows(Number(calls.startNs[call]), Number(calls.endNs[call])),
	);
	const shown = findShown(read, window);
	return {
		ofCall: (call) => {
			const launch = Number(calls.launch[call]);
			return first[launch] === call && shown[launch] === 1
				? {id: launch + 1, starts: true}
				: undefined;
		},
		ofOperation: (row) => {
			const launch = Number(operations.launch[row]);
			return launch >= 0 && Number(first[launch]) >= 0
				? {id: launch + 1, starts: false}
				: undefined;
		},
	};
};
