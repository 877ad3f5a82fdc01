import {describe, expect, it} from 'vitest';
import type {MeasuredProcess} from '../../../results/process-result.ts';
import {measure, measureRun} from '../../support/measure.ts';
import {batch, range, traceOf, type RangeLiteral} from '../../support/trace-ranges.ts';

/** Batches of these lengths in ns, one after the other, each with a stage that fills it. */
const batchesOf = (lengths: readonly number[], items = 1): readonly RangeLiteral[] => {
	let at = 0;
	return lengths.map((length, index) => {
		const start = at;
		at += length;
		return batch(index, items, start, at, {}, [range('stage', start, at)]);
	});
};

const processOf = (lengths: readonly number[], warmup = 1): MeasuredProcess =>
	measure(
		traceOf([
			range(
				'pipeline',
				0,
				lengths.reduce((sum, length) => sum + length, 0),
				{},
				batchesOf(lengths),
			),
		]),
		{warmup},
	);

const warn = (processes: readonly MeasuredProcess[], warmup = 1): readonly string[] =>
	measureRun([processes], {warmup})
		.warnings.filter(({code}) => ['short-warm-up', 'drifting-batches'].includes(code))
		.map(({code, message}) => `${code}: ${message}`);

const level = (length: number, value: number): readonly number[] =>
	Array.from({length}, (_, index) => value + ((index * 7) % 5));

/** The first `slow` batches take twice as long. Processes differ a little. */
const slowStart = (slow: number, batches: number, process: number): readonly number[] =>
	level(batches, 10_000 + 20 * process).map((value, index) =>
		index < slow ? value * (2 + process / 100) : value,
	);

const threeOf = (make: (process: number) => readonly number[]): readonly MeasuredProcess[] =>
	[0, 1, 2].map((process) => processOf(make(process)));

describe('a start that is slower than what follows', () => {
	it('is told with the warm-up that leaves it out', () => {
		const [warning, ...more] = warn(threeOf((process) => slowStart(4, 40, process)));
		expect(warning).toMatch(
			/^short-warm-up: After warm-up the first batches of "pipeline\/batch_\*" take (100|101)\.\d % more CPU time per item than the later ones, in 3 processes alike\. Leave out 3 more: -w 4, which benchmark reprocess takes too\.$/,
		);
		expect(more).toEqual([]);
	});

	it('is gone with that warm-up', () => {
		const processes = [0, 1, 2].map((process) => processOf(slowStart(4, 40, process), 4));
		expect(warn(processes, 4)).toEqual([]);
	});

	it('needs more batches where too few would be left', () => {
		const [warning] = warn(threeOf((process) => slowStart(6, 12, process)));
		expect(warning).toMatch(/Leave out 5 more: -w 6, and run more batches/);
	});

	it('is told of the batches whole, not of each range inside', () => {
		const warnings = warn(threeOf((process) => slowStart(4, 40, process)));
		expect(warnings.filter((warning) => warning.includes('stage'))).toEqual([]);
	});
});

describe('a start', () => {
	it('that never settles cannot be mended by warm-up', () => {
		const drifting = (process: number): readonly number[] =>
			Array.from({length: 40}, (_, index) => 20_000 * (0.97 - process / 1000) ** index);
		const [warning] = warn(threeOf(drifting));
		expect(warning).toMatch(/^drifting-batches: .*drift for as long as the batches go on/);
	});

	it('that is steady is not told of', () => {
		expect(warn(threeOf((process) => slowStart(0, 40, process)))).toEqual([]);
	});

	it('of two processes proves nothing', () => {
		expect(warn(threeOf((process) => slowStart(4, 40, process)).slice(0, 2))).toEqual([]);
	});

	it('without warm-up is called the first batches', () => {
		const processes = [0, 1, 2].map((process) => processOf(slowStart(4, 40, process), 0));
		expect(warn(processes, 0)[0]).toMatch(/short-warm-up: The first batches/);
	});

	it('of batches at the top, which no range holds, is found too', () => {
		const processes = [0, 1, 2].map((process) =>
			measure(traceOf(batchesOf(slowStart(4, 40, process)))),
		);
		expect(warn(processes)[0]).toMatch(/^short-warm-up: .*"batch_\*"/);
	});

	it('of batches inside batches is not: each outer batch begins anew', () => {
		const inner = (process: number): MeasuredProcess => {
			const lengths = slowStart(4, 40, process);
			const total = lengths.reduce((sum, length) => sum + length, 0);
			return measure(
				traceOf([
					range('pipeline', 0, 3 * total, {}, [
						batch(0, 1, 0, total),
						batch(1, 1, total, 2 * total, {}, [
							range('steps', total, 2 * total, {}, innerSteps(lengths, total)),
						]),
						batch(2, 1, 2 * total, 3 * total),
					]),
				]),
			);
		};

		expect(warn([0, 1, 2].map(inner))).toEqual([]);
	});
});

/** Batches of their own, from a point in time on. */
const innerSteps = (lengths: readonly number[], from: number): readonly RangeLiteral[] => {
	let at = from;
	return lengths.map((length, index) => {
		const start = at;
		at += length;
		return batch(index, 1, start, at);
	});
};
