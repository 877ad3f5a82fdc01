import {describe, expect, it} from 'vitest';
import type {StartEnd} from '../../../schemas/annotation-mark.ts';
import {MeanResult, ProcessResult} from '../../../schemas/benchmark-result.ts';
import type {StartWait} from '../../../schemas/trace.ts';
import {warnOfUnheld} from '../../../results/common-start.ts';
import {at, codes, measure, measureRun, messages, ms} from '../../support/measure.ts';
import {batch, range, traceOf} from '../../support/trace-ranges.ts';

const wait = (length: number, end: StartEnd = 'together', gpuNs = 0): StartWait => ({
	pid: 100,
	startNs: ms(100),
	endNs: ms(100 + length),
	end,
	around: [{range: 0, cpuNs: ms(length), gpuNs}],
});

/** 100 ms of setup, a wait, three batches of 10 ms, 1 ms between them. */
const heldFor = (length: number, waits: readonly StartWait[], gpu = 0) => {
	const first = 100 + length;
	return measure(
		traceOf(
			[
				range('pipeline', 0, ms(first + 32), {gpu}, [
					...[0, 1, 2].map((index) =>
						batch(index, 2, ms(first + index * 11), ms(first + index * 11 + 10)),
					),
				]),
			],
			{waits, originUnixNs: 0n},
		),
	);
};

describe('the wait for the others', () => {
	it('is in no number of the ranges around it', () => {
		const held = heldFor(500, [wait(500)]);
		const free = heldFor(0, []);
		expect(held.result.data).toEqual(free.result.data);
		expect(held.result.stats).toEqual(free.result.stats);
		expect(at(held.result.data, 'pipeline')?.cpu_time_minus_warmup).toBe(112);
	});

	it('nor in the GPU span, as far as the GPU had nothing to do', () => {
		const {result} = heldFor(500, [wait(500, 'together', ms(450))], ms(600));
		expect(at(result.data, 'pipeline')?.gpu_time).toBe(150);
	});

	it('is told in meta', () => {
		const {result} = heldFor(500, [wait(500), wait(400)]);
		expect(ProcessResult.parse(result).meta.sync_start).toEqual({waited: 500, end: 'together'});
		expect(heldFor(0, []).result.meta).not.toHaveProperty('sync_start');
	});

	it.each([
		['together', null],
		['partly', null],
		['stopped', null],
		['timed-out', /waited 500 ms .*--sync-timeout/],
		['late', /came to its first batch after the others/],
		['abandoned', /never came/],
	] as const)('that ended %s', (end, message) => {
		const told = messages(heldFor(500, [wait(500, end)]).result, 'not-together');
		expect(told).toHaveLength(message === null ? 0 : 1);
		expect(told[0] ?? '').toMatch(message ?? /^$/);
	});

	it('is told of the run: the longest and the worst', () => {
		const mean = measureRun([[heldFor(500, [wait(500)]), heldFor(9, [wait(9, 'late')])]]);
		expect(MeanResult.parse(mean).meta.sync_start).toEqual({
			waited: 500,
			end: 'late',
			processes: 2,
		});
	});
});

describe('processes that could not be held', () => {
	const [held, free] = [heldFor(5, [wait(5)]), heldFor(0, [])];
	const metasOf = (...processes: readonly (typeof held)[]) =>
		processes.map(({result}) => result.meta);

	it('are counted', () => {
		expect(codes(measureRun([[held, free]]))).toContain('not-held');
		expect(warnOfUnheld(metasOf(held, free), false)[0]?.message).toContain(
			'held all but 1 of 2 processes',
		);
		expect(warnOfUnheld(metasOf(free, free), true)[0]?.message).toContain('held no process');
	});

	it('are none where all were, nobody asked, or there is only one', () => {
		expect(warnOfUnheld(metasOf(held, held), true)).toEqual([]);
		expect(warnOfUnheld(metasOf(free, free), false)).toEqual([]);
		expect(warnOfUnheld(metasOf(free), true)).toEqual([]);
		expect(warnOfUnheld([], true)).toEqual([]);
	});
});
