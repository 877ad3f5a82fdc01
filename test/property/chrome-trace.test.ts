import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {writeChromeTrace} from '../../report/chrome-trace.ts';
import {findEscaping, readTrace} from '../support/chrome-trace.ts';
import {timelineOf} from '../support/timeline.ts';
import type {PlacedSlice} from '../support/timeline.ts';

const tracks = [
	{group: 'p', name: 'one'},
	{group: 'g', name: 'two'},
	{group: 'p', name: 'three'},
];

/** Few and short times, so that slices meet, and times near 2^53. */
const slice: fc.Arbitrary<PlacedSlice> = fc.record(
	{
		track: fc.nat(2),
		name: fc.string({unit: 'grapheme', maxLength: 40}),
		startNs: fc.oneof(
			{weight: 9, arbitrary: fc.nat(40)},
			fc.nat(10_000).map((below) => 2 ** 53 - 20_000 - below),
		),
		durationNs: fc.nat(20),
		details: fc.dictionary(
			fc.string(),
			fc.oneof(fc.string({unit: 'grapheme'}), fc.integer(), fc.double({noNaN: true})),
			{noNullPrototype: true, maxKeys: 2},
		),
		flow: fc.record({id: fc.nat(9), starts: fc.boolean()}),
	},
	{requiredKeys: ['track', 'name', 'startNs', 'durationNs', 'details']},
);

const sortedJson = (values: readonly unknown[]): readonly string[] =>
	values.map((value) => JSON.stringify(value)).sort();

describe('any timeline', () => {
	it('is written whole, to the digit', () => {
		fc.assert(
			fc.property(fc.array(slice, {maxLength: 30}), (slices) => {
				const trace = readTrace([...writeChromeTrace(timelineOf('s', tracks, slices))].join(''));
				expect(
					sortedJson(
						trace.slices.map(({process, thread, name, startNs, durationNs, details, flow}) => [
							process,
							thread.replace(/ \(\d+\)$/, ''),
							name,
							String(startNs),
							String(durationNs),
							Object.entries(details),
							flow?.id,
							flow?.starts,
						]),
					),
				).toEqual(
					sortedJson(
						slices.map(({track, name, startNs, durationNs, details, flow}) => [
							tracks[track]?.group,
							tracks[track]?.name,
							name,
							String(startNs),
							String(durationNs),
							Object.entries(details).filter(
								([, cell]) => Number.isFinite(cell) || typeof cell === 'string',
							),
							flow?.id,
							flow?.starts,
						]),
					),
				);
			}),
		);
	});

	it('nests on every lane, in order, and takes no lane that it does not need', () => {
		fc.assert(
			fc.property(fc.array(slice, {maxLength: 30}), (slices) => {
				const trace = readTrace([...writeChromeTrace(timelineOf('s', tracks, slices))].join(''));
				for (const thread of trace.threads.values()) {
					const lane = trace.slices.filter((one) => one.thread === thread);
					expect(findEscaping(lane)).toEqual([]);
					expect(lane.length > 0 || !thread.endsWith(')')).toBe(true);
				}
			}),
		);
	});
});
