import {describe, expect, it} from 'vitest';
import type {RunProcess} from '../../../results/mean-result.ts';
import {
	listPrecisionTargets,
	parsePrecisionWish,
} from '../../../results/comparison/precision-target.ts';
import {measure} from '../../support/measure.ts';
import {batch, range, traceOf, type RangeLiteral} from '../../support/trace-ranges.ts';

const whole = (length: number): RangeLiteral =>
	range('whole', 0, 3 * length + 50, {}, [
		range('setup', 0, 50),
		range('pipeline', 50, 3 * length + 50, {gpu: 5}, [
			batch(0, 2, 50, length + 50, {gpu: 5}, [range('infer', 60, 70, {gpu: 5})]),
			batch(1, 2, length + 50, 2 * length + 50, {}, [range('infer', 160, 170)]),
			batch(2, 2, 2 * length + 50, 3 * length + 50),
		]),
	]);

const processOf = (repeat: number, process: number, literal: RangeLiteral): RunProcess => ({
	repeat,
	process,
	gpu: 0,
	measured: measure(traceOf([literal])),
});

/** In the order in which they ended. */
const run = [processOf(1, 0, whole(120)), processOf(0, 1, whole(110)), processOf(0, 0, whole(100))];

const targetsOf = (text: string | undefined, processes: readonly RunProcess[] = run) =>
	listPrecisionTargets(processes, parsePrecisionWish(text)).map(
		({path, metric, samples}) => `${path} ${metric} ${JSON.stringify(samples)}`,
	);

describe('what --repeat auto watches', () => {
	it('is what an item costs without warm-up, of the range that holds the batches', () => {
		expect(targetsOf(undefined)).toEqual([
			'whole/pipeline cpu_time_per_item_minus_warmup [[[50],[55]],[[60]]]',
		]);
	});

	it('is another metric of that range where one is named', () => {
		expect(targetsOf('gpu_time')).toEqual(['whole/pipeline gpu_time [[[5],[5]],[[5]]]']);
	});

	it('is that metric of all ranges that fit a pattern', () => {
		expect(targetsOf('cpu_time:infer')).toEqual([
			'whole/pipeline/batch_*/infer cpu_time [[[10],[10]],[[10]]]',
		]);
		expect(targetsOf('cpu_time:whole/*').length).toBe(4);
	});

	it('is the costliest range where nothing holds batches', () => {
		const plain = range('main', 0, 100, {}, [range('big', 0, 90), range('small', 90, 95)]);
		expect(targetsOf(undefined, [processOf(0, 0, plain)])).toEqual(['main cpu_time [[[100]]]']);
	});

	it('is nothing where nothing fits, or no process completed', () => {
		expect(targetsOf('cpu_time:nowhere')).toEqual([]);
		expect(targetsOf(undefined, [])).toEqual([]);
	});

	it('keeps the place of a process that does not have the range', () => {
		const without = processOf(1, 1, range('whole', 0, 10));
		expect(targetsOf('cpu_time:infer', [...run, without])).toEqual([
			'whole/pipeline/batch_*/infer cpu_time [[[10],[10]],[[10],[]]]',
		]);
	});

	it.each(['time', 'throughput', 'cpu_time:', 'infer:cpu_time'])('is not "%s"', (text) => {
		expect(() => parsePrecisionWish(text)).toThrow(/is no metric of a process/);
	});
});
