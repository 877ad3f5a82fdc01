import {describe, expect, it} from 'vitest';
import {measure, measureRun, ms} from '../../support/measure.ts';
import {batch, range, traceOf, traceOfThreads} from '../../support/trace-ranges.ts';

interface Shape {
	/** ms on the wall clock. */
	readonly from: number;
	/** ms per batch. */
	readonly length: number;
	/** ms to the next one. */
	readonly gap?: number;
	readonly count: number;
	/** ms inside the holder before the first batch. */
	readonly setup?: number;
	/** Of the batch with this number. */
	readonly items?: (index: number) => number | undefined;
}

const ranges = ({from, length, gap = 0, count, setup = 0, items = () => 10}: Shape) => {
	const at = (index: number) => ms(from + setup + index * (length + gap));
	return range(
		'pipeline',
		ms(from),
		at(count),
		{},
		Array.from({length: count}, (_, index) =>
			batch(index, items(index), at(index), at(index) + ms(length)),
		),
	);
};

const run = (shapes: readonly Shape[], warmup = 1) =>
	measureRun(
		[shapes.map((shape) => measure(traceOf([ranges(shape)], {originUnixNs: 0n}), {warmup}))],
		{warmup},
	).stats['pipeline']?.throughput;

describe('items/s within the time in which all processes were measuring', () => {
	it('is what each does there, whatever it does before and after', () => {
		// Alone, the second process is three times as fast.
		const slow: Shape = {from: 0, length: 30, count: 12};
		const [first, second] = [slow, {from: 0, length: 10, count: 12}].map((shape) => run([shape]));
		expect(first?.items_per_second).toBeCloseTo(10 / 0.03, 6);
		const both = run([slow, {from: 0, length: 10, count: 12}]);
		expect(both?.items_per_second).toBeCloseTo(10 / 0.03 + 10 / 0.01, 6);
		expect(both?.sum_of_rates).toBeCloseTo(
			(first?.sum_of_rates ?? 0) + (second?.sum_of_rates ?? 0),
			6,
		);
		// From the second batch of the slow one to the end of the fast one's last but one.
		expect(both?.common_time).toBe(110 - 30);
	});

	it('counts a batch that lies partly inside by the part of its time', () => {
		// Measured from 100 to 400, and from 150 to 350.
		const both = run([
			{from: 0, length: 100, count: 5},
			{from: 50, length: 50, gap: 50, count: 4},
		]);
		expect(both?.common_time).toBe(200);
		expect(both?.items_per_second).toBeCloseTo(20 / 0.2 + 20 / 0.2, 6);
	});

	it('counts with each batch the time up to the next one', () => {
		const shape = {from: 0, length: 10, gap: 10, count: 3};
		expect(run([shape])).toMatchObject({common_time: 20, overlap: 1});
		expect(run([shape])?.items_per_second).toBeCloseTo(10 / 0.02, 6);
		// Without a next one up to its own end.
		expect(run([shape], 0)?.common_time).toBe(50);
	});

	it('leaves out what the range does before its first batch, which the sum of rates does not', () => {
		const alone = run([{from: 0, length: 10, count: 12, setup: 1000}]);
		const pair = run([0, 5].map((from) => ({from, length: 10, count: 12, setup: 1000})));
		expect(alone?.items_per_second).toBeCloseTo(10 / 0.01, 6);
		expect(pair?.items_per_second).toBeCloseTo(20 / 0.01, 6);
		expect(alone?.sum_of_rates).toBeCloseTo(100 / 1.1, 6);
	});

	it('leaves out the time of batches that do not count', () => {
		const items = (index: number) => (index === 3 ? 0 : 10);
		const alone = run([{from: 0, length: 10, count: 12, items}]);
		expect(alone?.items_per_second).toBeCloseTo(10 / 0.01, 6);
		expect(alone?.common_time).toBe(100);
	});

	it('is of one thread where a holder has several, as its times are', () => {
		const thread = (tid: number) => ({
			pid: 1,
			tid,
			ranges: [ranges({from: 0, length: 10, count: 12})],
		});
		const measured = measure(traceOfThreads([thread(1), thread(2)], {originUnixNs: 0n}));
		const {throughput} = measureRun([[measured]]).stats['pipeline'] ?? {};
		expect(throughput?.items_per_second).toBeCloseTo(10 / 0.01, 6);
	});

	it('stops where a range that comes again has ended', () => {
		const first = ranges({from: 0, length: 10, count: 4});
		const second = ranges({from: 1000, length: 10, count: 4});
		const measured = measure(traceOf([first, second], {originUnixNs: 0n}));
		const {throughput} = measureRun([[measured]]).stats['pipeline'] ?? {};
		expect(throughput?.items_per_second).toBeCloseTo(10 / 0.01, 6);
	});
});

describe('the sum of rates stands in', () => {
	const shape = {length: 10, count: 12};

	it('where they never ran side by side', () => {
		const apart = run([
			{...shape, from: 0},
			{...shape, from: 500},
		]);
		expect(apart).toMatchObject({overlap: 0, common_time: null});
		expect(apart?.items_per_second).toBe(apart?.sum_of_rates);
	});

	it('where half a batch is not inside', () => {
		const apart = (by: number) =>
			run([
				{...shape, from: 0},
				{...shape, from: 100 - by},
			]);
		expect(apart(4)?.common_time).toBeNull();
		expect(apart(6)?.common_time).toBe(6);
		expect(apart(4)?.overlap).toBeGreaterThan(0);
	});

	it('where a trace does not tell the wall clock, and for all repeats alike', () => {
		const unknown = measure(traceOf([ranges({...shape, from: 0})]));
		const known = measure(traceOf([ranges({...shape, from: 0})], {originUnixNs: 0n}));
		const {throughput} = measureRun([
			[known, known],
			[known, unknown],
		]).stats['pipeline'] ?? {throughput: undefined};
		expect(throughput).toMatchObject({overlap: null, common_time: null});
		expect(throughput?.items_per_second).toBe(throughput?.sum_of_rates);
	});
});

it('needs no wall clock for one process', () => {
	const measured = measure(traceOf([ranges({from: 0, length: 10, count: 12})]));
	expect(measureRun([[measured]]).stats['pipeline']?.throughput).toMatchObject({
		overlap: 1,
		common_time: 100,
		processes: 1,
	});
});

it('places processes whose clocks begin at different times', () => {
	const origin = 1_700_000_000_000_000_000n;
	const late = (by: number) =>
		measure(
			traceOf([ranges({from: 0, length: 10, count: 12})], {
				originUnixNs: origin + BigInt(ms(by)),
			}),
		);
	const {throughput} = measureRun([[late(30), late(0)]]).stats['pipeline'] ?? {};
	expect(throughput?.common_time).toBe(70);
	expect(throughput?.overlap).toBeCloseTo(70 / 130, 9);
});
