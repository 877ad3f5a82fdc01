/** What is said of the numbers' quality, by rule: each just below its threshold and just above. */

import {describe, expect, it} from 'vitest';
import {judgeGpus, gpuVerdictCodes, type JudgedProcess} from '../../../results/gpu-verdict.ts';
import {judgeWatch} from '../../../results/watch-verdict.ts';
import type {ProcessGpuMetrics} from '../../../schemas/gpu-metrics.ts';
import type {GpuWatchEnd} from '../../../schemas/gpu-watch.ts';
import {Warning} from '../../../schemas/warning.ts';
import {watchedMetrics} from '../../support/watched-metrics.ts';

const level = {mean: 1, min: 1, max: 1, covered: 1};
const window = {
	levels: {sm_clock_mhz: level},
	increases: {},
	energy_joules: null,
	energy_source: null,
	event_reasons: {},
};

const judged = (
	metrics: Partial<ProcessGpuMetrics>,
	facts: Partial<JudgedProcess> = {},
): JudgedProcess => ({
	name: '',
	gpuName: 'GPU 0',
	usesGpu: true,
	lock: null,
	...facts,
	metrics: watchedMetrics({
		sm_clock_mhz: 1980,
		sm_clock_range_mhz: [1980, 1980],
		window,
		...metrics,
	}),
});

const codesOf = (...processes: readonly JudgedProcess[]): readonly string[] => {
	const warnings = judgeGpus(processes);
	warnings.forEach((warning) => Warning.parse(warning));
	expect(warnings.every(({code}) => gpuVerdictCodes.has(code))).toBe(true);
	return warnings.map(({code}) => code);
};

const withReasons = (shares: Readonly<Record<string, number>>): JudgedProcess =>
	judged({window: {...window, event_reasons: shares}});

describe('judgeGpus', () => {
	it('shares by reason are of the time that is known, and say so where that is not all', () => {
		const messageOf = (covered: number): string | undefined =>
			judgeGpus([
				judged({
					window: {
						...window,
						levels: {sm_clock_mhz: {...level, covered}},
						event_reasons: {power_cap: 0.4},
					},
				}),
			])[0]?.message;
		expect(messageOf(0.13)).toContain('for 40 % of what is known of the measured time');
		expect(messageOf(1)).toContain('for 40 % of the measured time');
	});

	it('says nothing of a quiet GPU, nor of one of which nothing is told', () => {
		expect(codesOf(judged({}))).toEqual([]);
		expect(
			codesOf(
				judged({
					sm_clock_mhz: null,
					sm_clock_range_mhz: null,
					temperature_rise_celsius: null,
					uncorrected_ecc_errors: null,
					window: null,
				}),
			),
		).toEqual([]);
		expect(judgeGpus([])).toEqual([]);
	});

	it.each([
		[{power_cap: 0.1}, []],
		[{power_cap: 0.11}, ['gpu-power-limit']],
		[{hw_power_brake: 0.5}, ['gpu-power-limit']],
		[{thermal: 0.2, power_cap: 0.2}, ['gpu-thermal-limit', 'gpu-power-limit']],
		[{hw_thermal: 0.2}, ['gpu-thermal-limit']],
		[{idle: 1, clock_setting: 1, display_clock: 1}, []],
	])('%o of the measured time: %j', (shares, codes) => {
		expect(codesOf(withReasons(shares))).toEqual(codes);
	});

	it.each([
		[[1941, 1980], []],
		[[1935, 1980], ['gpu-clocks-vary']],
	] as const)('an SM clock of %j MHz: %j', (range, codes) => {
		expect(codesOf(judged({sm_clock_range_mhz: [...range]}))).toEqual(codes);
		expect(codesOf(judged({sm_clock_range_mhz: [...range]}, {usesGpu: false}))).toEqual([]);
	});

	it.each([
		[null, /Lock it: --lock-clocks base, or sudo nvidia-smi -i GPU-a -lgc <MHz>\.$/],
		[
			{requested: 'base', targetMhz: 1410},
			/locked to 1410 MHz \(--lock-clocks base\), and the GPU did not hold that: lock a lower one, such as --lock-clocks 1200\.$/,
		],
		[{requested: 'maximize', targetMhz: 1980}, /locked to 1980 MHz \(-m\).* --lock-clocks 1200\.$/],
		[{requested: 1200, targetMhz: 1200}, /lock a lower one with --lock-clocks <MHz>\.$/],
		[
			{requested: 1410, targetMhz: null},
			/--lock-clocks 1410 was asked for and could not be set; .*: sudo nvidia-smi -i GPU-a -lgc <MHz>\.$/,
		],
	] as const)('with a lock of %j advises otherwise', (lock, advice) => {
		const process = judged({sm_clock_range_mhz: [1203, 1410]}, {lock});
		expect(judgeGpus([process])[0]?.message).toMatch(advice);
	});

	it('does not advise the lock that a capped GPU already has', () => {
		const metrics = {
			sm_clock_range_mhz: [1200, 1200] as [number, number],
			window: {...window, event_reasons: {power_cap: 0.5, thermal: 0.5}},
		};
		const advised = judgeGpus([judged(metrics, {lock: {requested: 'base', targetMhz: 1410}})]);
		expect(advised.map(({message}) => message).join(' ')).not.toContain('--lock-clocks base');
		expect(advised).toHaveLength(2);
		for (const {message} of advised) {
			expect(message).toMatch(
				/or lock a lower one, such as --lock-clocks 1200 \(it was 1410 MHz\)\.$/,
			);
		}

		expect(judgeGpus([judged(metrics)])[1]?.message).toMatch(/hold: --lock-clocks base\.$/);
	});

	it('names the GPU whose power limit is to be raised, as nvidia-smi would else set all', () => {
		const capped = {window: {...window, event_reasons: {power_cap: 0.5}}};
		const on = (gpu: string, metrics: Partial<ProcessGpuMetrics> = capped) =>
			judged({...metrics, gpu});
		const limitOf = (...processes: readonly JudgedProcess[]) =>
			/Raise the limit \((.*?)\)/.exec(judgeGpus(processes)[0]?.message ?? '')?.[1];
		expect(limitOf(on('GPU-a'), on('GPU-a'), on('GPU-b', {}))).toBe(
			'sudo nvidia-smi -i GPU-a -pl <watts>',
		);
		expect(limitOf(on('GPU-a'), on('GPU-b'))).toBe(
			'sudo nvidia-smi -i GPU-a -pl <watts>, and so for 1 more GPU',
		);
	});

	it.each([
		[1.9, []],
		[2, ['gpu-warming-up']],
		[-5, []],
	])('warmer by %d degrees: %j', (rise, codes) => {
		expect(codesOf(judged({temperature_rise_celsius: rise}))).toEqual(codes);
	});

	it('tells memory errors and gaps', () => {
		expect(codesOf(judged({uncorrected_ecc_errors: 1}))).toEqual(['gpu-memory-errors']);
		const gap = {...window, levels: {sm_clock_mhz: {...level, covered: 0.89}}};
		expect(codesOf(judged({window: gap}))).toEqual(['gpu-metrics-gaps']);
		expect(codesOf(judged({window: {...window, levels: {}}}))).toEqual(['gpu-metrics-gaps']);
	});

	it('says each thing once for all processes, of the worst', () => {
		const rise = (degrees: number, gpuName: string) =>
			judged({temperature_rise_celsius: degrees}, {gpuName});
		const [warning, ...others] = judgeGpus([rise(0, 'GPU 0'), rise(3, 'GPU 1'), rise(7, 'GPU 2')]);
		expect(others).toEqual([]);
		expect(warning?.message).toMatch(
			/^GPU 2 .* by 7\.0 °C .* \(in 2 of 3 processes, here the worst\)/,
		);
	});

	it('names the first throttled batches, and counts those inside of others once', () => {
		const batches = {
			name: Array.from({length: 9}, (_, index) => `batch_${index}`),
			role: Array.from({length: 9}, () => 'measured' as const),
			throttled_share: Array.from({length: 9}, () => 0.5),
			event_reasons: {
				thermal: Array.from({length: 9}, () => 0.5),
				idle: Array.from({length: 9}, () => 0.5),
			},
		};
		const holders = {
			pipeline: {window, energy_per_item_joules: null, batches},
			'pipeline/batch_0': {energy_per_item_joules: null, batches},
		};
		const [warning] = judgeGpus([
			judged({holders}, {name: 'process 0 on GPU 0'}),
			judged({holders}, {name: 'process 1 on GPU 0'}),
		]);
		expect(warning).toMatchObject({
			code: 'gpu-throttled',
			message: expect.stringMatching(
				/in 18 measured batches: "pipeline\/batch_0", "pipeline\/batch_1", "pipeline\/batch_2" of process 0 on GPU 0 and 15 more; of their time: thermal 50 %\./,
			) as string,
		});
	});
});

describe('judgeWatch', () => {
	const end: GpuWatchEnd = {
		samples: 10,
		restarts: 0,
		failure: null,
		words: [],
		fileFailure: null,
		foreign: [],
	};
	const counts = {gpuNames: new Map([['GPU-a', 'GPU 0']]), watched: 2, processes: 2};
	const xidOf = (xid: number, message: string, gpu = 'GPU-a') => ({
		gpu,
		xid,
		message,
		at: '2026-07-14T08:12:54.000Z',
	});

	it('says nothing where nothing was watched, or all went well', () => {
		expect(judgeWatch(null, {...counts, watched: 0})).toEqual([]);
		expect(judgeWatch(end, counts)).toEqual([]);
		expect(judgeWatch({...end, foreign: null}, counts)).toEqual([]);
	});

	it('names Xids by GPU, in the order in which they came, with the first one’s words', () => {
		const xids = [
			xidOf(79, 'pid=77, name=train, GPU has fallen off the bus.'),
			xidOf(154, ''),
			xidOf(79, 'again'),
			xidOf(13, 'x'.repeat(300), 'GPU-b'),
		];
		const [warning, ...others] = judgeWatch({...end, xids}, counts);
		expect(others).toEqual([]);
		expect(warning?.code).toBe('gpu-xid');
		expect(warning?.message).toContain(
			`of GPU 0: Xid 79 (“pid=77, name=train, GPU has fallen off the bus.”), 154; GPU-b: Xid 13 (“${'x'.repeat(120)}…”). Do not trust`,
		);
		expect(warning?.message).toContain('“Xid Errors”');
	});

	it('bounds what it tells of a GPU that logs many, and says nothing where none is known', () => {
		const xids = [1, 2, 3, 4, 5, 6, 7].map((xid) => xidOf(xid, ''));
		expect(judgeWatch({...end, xids}, counts)[0]?.message).toContain(
			'GPU 0: Xid 1, 2, 3, 4, 5 and 2 more. ',
		);
		for (const none of [[], null, undefined]) {
			expect(judgeWatch({...end, xids: none}, counts)).toEqual([]);
		}
	});

	it('names who else was there', () => {
		const foreign = [1, 2, 3, 4].map((pid) => ({
			gpu: 'GPU-a',
			pid,
			name: 'train',
			memoryMib: null,
		}));
		foreign[0] = {gpu: 'GPU-a', pid: 1, name: 'gpu_burn', memoryMib: 15_690} as never;
		const [warning, ...others] = judgeWatch({...end, foreign}, counts);
		expect(others).toEqual([]);
		expect(warning).toMatchObject({
			code: 'other-gpu-processes',
			message: expect.stringMatching(
				/^4 processes of others had GPU 0 too: gpu_burn \(1, 15,690 MiB\), train \(2\), train \(3\) and 1 more\./,
			) as string,
		});
	});

	it('tells a nvidia-smi that failed in its own words, and a disk that was full', () => {
		const failed = {
			...end,
			samples: 0,
			failure: 'exit code 15',
			words: ['GPU is lost'],
			fileFailure: 'no space',
		};
		const said = judgeWatch(failed, {...counts, watched: 0});
		expect(said.map(({code}) => code)).toEqual(['gpu-metrics-lost', 'gpu-metrics-unwritten']);
		expect(said[0]?.message).toMatch(/at all: nvidia-smi: exit code 15, saying “GPU is lost”/);
		expect(judgeWatch(end, {...counts, watched: 1}).map(({code}) => code)).toEqual([
			'gpu-metrics-missing',
		]);
	});
});
