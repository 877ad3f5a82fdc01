/**
 * A trace as a timeline for a trace viewer:
 *
 *     process 100          thread 100             |----------- range -----------|
 *                                                   |- call -|         |- call -|
 *     process 100 on the GPU   ranges of thread 100     |------ range ------|
 *     process 100, GPU 0   stream 7                     |-kernel-|
 *                          stream 13                             |- Memcpy -|
 */

import type {Timeline} from '../schemas/timeline.ts';
import type {DetailedTrace} from './read-trace.ts';
import type {TimelineColumns} from './timeline-columns.ts';
import {makeTimelineSource} from './timeline-source.ts';
import {listStreams} from './timeline-streams.ts';
import {listProjections, listStartEnd, listThreads} from './timeline-threads.ts';

/**
 * @param columns of the same trace
 * @throws UserError where they are of another one
 */
export const listTimeline = (read: DetailedTrace, columns: TimelineColumns): Timeline => {
	const source = makeTimelineSource(read, columns);
	const tracks = [
		...listThreads(source),
		...listStartEnd(source),
		...listProjections(source),
		...listStreams(source),
	];
	return {source: read.trace.source, tracks: tracks.toSorted((a, b) => a.pid - b.pid)};
};
