/** Busy times of video engines within ranges, held against sets of nanoseconds. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {listVideoEngines, measureVideoWork} from '../../nsys-parsers/video-work.ts';
import type {VideoWork} from '../../nsys-parsers/video-work.ts';
import {unionLength} from '../support/naive-detail.ts';

const times = fc
	.tuple(fc.nat(40), fc.nat(40))
	.map(([a, b]) => ({start: Math.min(a, b), end: Math.max(a, b)}));

const process = fc.constantFrom(1, 2, 2 ** 40, NaN);

const workloads = fc.array(fc.record({engine: fc.nat(4), process, times}), {maxLength: 20});

const ranges = fc.array(fc.record({thread: fc.nat(2), times}), {minLength: 1, maxLength: 5});

/** By number of the thread. */
const processes = Float64Array.of(1, 2, 2 ** 40);

describe('busy times of video engines', () => {
	it('are the union of what the process had there, cut at the ends of the range', () => {
		fc.assert(
			fc.property(workloads, ranges, (rows, own) => {
				const video: VideoWork = {
					length: rows.length,
					startNs: Float64Array.from(rows, (row) => row.times.start),
					endNs: Float64Array.from(rows, (row) => row.times.end),
					engine: Int32Array.from(rows, ({engine}) => engine),
					process: Float64Array.from(rows, (row) => row.process),
					withoutTimes: 0,
					lost: 0,
				};
				const nested = {
					length: own.length,
					threads: [...processes.keys()],
					threadPlace: Uint32Array.from(own, ({thread}) => thread),
					threadStarts: [],
					open: Float64Array.from(own, (range) => range.times.start),
					close: Float64Array.from(own, (range) => range.times.end),
					parent: new Int32Array(own.length),
					above: new Int32Array(own.length),
					track: undefined,
				};
				const found = own.map(() => [0, 0, 0, 0, 0]);
				measureVideoWork(video, nested, processes, (range, engine, ns) => {
					(found[range] ?? [])[engine] = ns;
				});
				expect(found).toEqual(
					own.map((range) =>
						[0, 1, 2, 3, 4].map((engine) =>
							unionLength(
								rows
									.filter((row) => row.engine === engine && row.process === processes[range.thread])
									.map((row) => ({
										start: Math.max(row.times.start, range.times.start),
										end: Math.min(row.times.end, range.times.end),
									})),
							),
						),
					),
				);
				expect(new Set(listVideoEngines(video))).toEqual(new Set(rows.map(({engine}) => engine)));
			}),
			{numRuns: 300},
		);
	});
});
