import fc from 'fast-check';
import {expect, it} from 'vitest';
import {generateTrace} from '../../bench/trace-generator.ts';
import type {TraceOptions} from '../../bench/trace-generator.ts';
import {listTimeline} from '../../nsys-parsers/range-timeline.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import {readTimelineColumns} from '../../nsys-parsers/timeline-columns.ts';
import {writeChromeTrace} from '../../report/chrome-trace.ts';
import {findEscaping, readTrace} from '../support/chrome-trace.ts';
import type {ChromeTrace, TraceSlice} from '../support/chrome-trace.ts';
import {temporaryFile} from '../support/temporary-file.ts';

const options: fc.Arbitrary<Partial<TraceOptions>> = fc.record({
	seed: fc.nat(1000),
	processes: fc.integer({min: 1, max: 3}),
	bareThreads: fc.nat(1),
	overlaps: fc.constantFrom(0, 0.2),
	startEnd: fc.constantFrom(0, 0.2),
	graphs: fc.constantFrom(0, 0.1),
	graphLevel: fc.constantFrom('node' as const, 'graph' as const),
	collisions: fc.boolean(),
	doubledCalls: fc.constantFrom(0, 0.3),
	withoutCall: fc.constantFrom(0, 0.1),
	ties: fc.constantFrom(0, 0.3),
	straddling: fc.constantFrom(0, 0.2),
	tsNormalize: fc.boolean(),
});

const readBack = (file: string) => {
	const read = readDetailedTrace(file, {startEndRanges: true});
	const timeline = listTimeline(read, readTimelineColumns(file, true));
	return {read, trace: readTrace([...writeChromeTrace(timeline)].join(''))};
};

const isStream = ({process}: TraceSlice): boolean => process.includes(', GPU ');

/** Arrows that do not lead from one call to the operations of its process, after its start. */
const findLooseArrows = ({slices}: ChromeTrace): readonly TraceSlice[] => {
	const starts = new Map<number, TraceSlice[]>();
	for (const slice of slices.filter(({flow}) => flow?.starts)) {
		starts.set(Number(slice.flow?.id), [...(starts.get(Number(slice.flow?.id)) ?? []), slice]);
	}

	const led = new Set<number>();
	const ends = slices.filter(({flow}) => flow?.starts === false);
	const loose = ends.filter((end) => {
		const [start, ...more] = starts.get(Number(end.flow?.id)) ?? [];
		led.add(Number(end.flow?.id));
		return (
			start === undefined ||
			more.length > 0 ||
			isStream(start) ||
			!isStream(end) ||
			!end.process.startsWith(`${start.process}, GPU `) ||
			end.startNs < start.startNs
		);
	});
	return [...loose, ...[...starts].flatMap(([id, from]) => (led.has(id) ? [] : from))];
};

const describeSlices = ({slices}: ChromeTrace): readonly string[] =>
	slices
		.map(({flow, startNs, durationNs, thread, ...rest}) =>
			JSON.stringify([
				...[rest, thread.replace(/ \(\d+\)$/, ''), String(startNs), String(durationNs)],
				flow?.starts,
			]),
		)
		.sort();

it('a timeline holds all of a generated trace, nests on every lane, and each arrow has both ends', () => {
	fc.assert(
		fc.property(options, (some) => {
			const {read, trace} = readBack(
				generateTrace(temporaryFile('trace.sqlite'), {events: 400, ...some}),
			);
			const {ranges} = read.trace;
			const projected = ranges.gpuOperations.filter((operations) => operations > 0).length;
			expect(trace.slices).toHaveLength(
				ranges.length +
					projected +
					(read.startEnd?.length ?? 0) +
					read.calls.length +
					read.timed.order.length,
			);
			for (const thread of trace.threads.values()) {
				for (const process of trace.processes.values()) {
					const lane = trace.slices.filter(
						(one) => one.thread === thread && one.process === process,
					);
					expect(findEscaping(lane)).toEqual([]);
				}
			}

			expect(findLooseArrows(trace)).toEqual([]);
			const arrows = trace.slices.filter(({flow}) => flow?.starts === false).length;
			const withCall = new Set(read.calls.launch);
			expect(arrows).toBe(
				Array.from(read.timed.order).filter((row) =>
					withCall.has(Number(read.operations.launch[row])),
				).length,
			);
		}),
		{numRuns: 40},
	);
});

it('a timeline is the same in whatever order the rows come', () => {
	fc.assert(
		fc.property(options, (some) => {
			const file = temporaryFile('trace.sqlite');
			const ordered = readBack(generateTrace(file, {events: 300, ...some})).trace;
			const shuffled = readBack(generateTrace(file, {events: 300, ...some, shuffled: true})).trace;
			expect(describeSlices(shuffled)).toEqual(describeSlices(ordered));
		}),
		{numRuns: 20},
	);
});
