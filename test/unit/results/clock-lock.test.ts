/** A run that locked its clocks is not told to lock them: from run.json to the warnings of both files. */

import {describe, expect, it} from 'vitest';
import {adviseHeldClock, adviseLock, findLock} from '../../../results/clock-lock.ts';
import {computeMeanResult} from '../../../results/mean-result.ts';
import {gpuSample, sampleOrigin} from '../../support/gpu-samples.ts';
import {measure, messages, ms} from '../../support/measure.ts';
import {batch, range, traceOf} from '../../support/trace-ranges.ts';

describe('findLock', () => {
	const gpuOf = (uuid: string, targetMhz: number | null) => ({
		index: 0,
		uuid,
		before: null,
		commands: [],
		targetMhz,
		toldMhz: null,
	});

	it('is of the GPU that is asked for, and null where nothing was asked of clocks', () => {
		const clocks = {requested: 'base' as const, gpus: [gpuOf('GPU-a', 1410), gpuOf('GPU-b', null)]};
		expect(findLock(undefined, 'GPU-a')).toBeNull();
		expect(findLock(clocks, 'GPU-a')).toEqual({requested: 'base', targetMhz: 1410});
		expect(findLock(clocks, 'GPU-b')).toEqual({requested: 'base', targetMhz: null});
		expect(findLock({...clocks, gpus: []}, 'GPU-a')).toEqual({requested: 'base', targetMhz: null});
	});
});

describe('a lower clock that is suggested', () => {
	it.each([
		// A lock of 1395 MHz is what a GPU makes of 1400.
		[1400, 1399, 1365],
		[1400, 1371, 1365],
		[1400, 1360, 1350],
		[1410, 1409, 1380],
		[1410, 1203, 1200],
	])('of a lock of %d MHz of which %d were seen: %d', (targetMhz, held, lower) => {
		const lock = {requested: targetMhz, targetMhz};
		expect(adviseLock(lock, 'GPU-a', held)).toContain(`such as --lock-clocks ${lower}.`);
		expect(adviseHeldClock(lock, held)).toContain(`such as --lock-clocks ${lower} (`);
	});

	it.each([
		[1200, 1200],
		[1200, 1203],
		[1200, null],
		[30, 15],
	])('has no number for %d MHz of which %j were seen', (targetMhz, held) => {
		const lock = {requested: targetMhz, targetMhz};
		expect(adviseLock(lock, 'GPU-a', held)).toContain('a lower one with --lock-clocks <MHz>.');
	});
});

describe('a lock that was not held', () => {
	const clocks = {
		requested: 'base' as const,
		gpus: [{index: 0, uuid: 'GPU-a', before: null, commands: [], targetMhz: 1410, toldMhz: null}],
	};
	const batches = Array.from({length: 5}, (_, index) =>
		batch(index, 4, ms(index * 1000), ms(index * 1000 + 800), {gpu: 1}),
	);
	const trace = traceOf([range('pipeline', 0, ms(5000), {}, batches)], {
		originUnixNs: sampleOrigin,
	});
	const measured = measure(trace, {
		gpu: {
			gpu: 'GPU-a',
			intervalMs: 100,
			processes: 1,
			mig: false,
			lock: findLock(clocks, 'GPU-a'),
			samples: Array.from({length: 51}, (_, index) =>
				gpuSample(ms(index * 100), {sm_clock_mhz: index < 25 ? 1410 : 1200}),
			),
		},
	});
	const plan = {processesPlanned: 1, repeats: 1, warmupBatches: 1};
	const process = {repeat: 0, gpu: 0, process: 0, measured};

	it("changes the advice in the process's file and in the run's", () => {
		const [own] = messages(measured.result, 'gpu-clocks-vary');
		expect(own).toContain('locked to 1410 MHz (--lock-clocks base), and the GPU did not hold that');
		const mean = computeMeanResult([process], {...plan, clocks});
		const told = mean.warnings.filter(({code}) => code === 'gpu-clocks-vary');
		expect(told.map(({message}) => message)).toEqual([own?.replace('The GPU', 'GPU 0') ?? '']);
	});

	it('is advised where there was none', () => {
		const {warnings} = computeMeanResult([process], plan);
		expect(warnings.find(({code}) => code === 'gpu-clocks-vary')?.message).toContain(
			'Lock it: --lock-clocks base',
		);
	});
});
