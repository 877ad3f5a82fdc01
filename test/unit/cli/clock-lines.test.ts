import {describe, expect, it} from 'vitest';
import {describeSet} from '../../../cli/clock-lines.ts';
import type {ClockSetting, RunClocks} from '../../../schemas/clocks.ts';

const gpu = (
	index: number,
	targetMhz: number | null,
	done: readonly ClockSetting[] = ['persistence', 'graphics-clock'],
): RunClocks['gpus'][number] => ({
	index,
	uuid: `GPU-${index}`,
	before: null,
	commands: done.map((setting) => ({setting, arguments: [], outcome: 'done', message: ''})),
	targetMhz,
	toldMhz: null,
});

const say = (...gpus: RunClocks['gpus']): string | null => describeSet({requested: 'base', gpus});

describe('what was set', () => {
	it('of GPUs that are alike is one clock', () => {
		expect(say(gpu(0, 1410), gpu(1, 1410))).toBe(
			'--lock-clocks base: set persistence, graphics-clock of 2 GPUs, graphics clock 1410 MHz; restored when it ends.',
		);
	});

	it('of several models is each one’s clock, and every setting of any', () => {
		expect(say(gpu(0, 1410, ['graphics-clock']), gpu(1, 1980), gpu(2, 1980))).toBe(
			'--lock-clocks base: set graphics-clock, persistence of 3 GPUs, graphics clock 1410 MHz on GPU 0, 1980 MHz on GPU 1, 2; restored when it ends.',
		);
		expect(say(gpu(0, null, ['persistence']), gpu(1, 1980))).toContain(
			', graphics clock 1980 MHz on GPU 1;',
		);
	});

	it('is nothing where all was refused', () => {
		expect(say(gpu(0, null, []))).toBeNull();
	});
});
