import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {planRun, type PlanHost, type RunOptions} from '../../../launcher/plan.ts';
import type {Gpu} from '../../../schemas/manifest.ts';
import {runOptions} from '../../support/launch.ts';

const gpu = (index: number): Gpu => ({
	index,
	uuid: `GPU-${index}${index}${index}-beef`,
	name: 'H100',
	driver: '550.54',
});
const host = (count: number, cudaVisibleDevices?: string): PlanHost => ({
	gpus: Array.from({length: count}, (_, index) => gpu(index)),
	cudaVisibleDevices,
});
const devices = (options: Partial<RunOptions>, on: PlanHost): readonly string[] =>
	planRun(runOptions(options), on).workers.map((worker) => worker.cudaVisibleDevices);
const failure = (options: Partial<RunOptions>, on = host(2)): UserError => {
	try {
		planRun(runOptions(options), on);
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return error as UserError;
	}

	throw new Error('it was planned');
};

describe('planRun', () => {
	it('one worker by default', () => {
		expect(planRun(runOptions(), host(1))).toMatchObject({
			warnings: [],
			workers: [{repeat: 0, process: 0, gpu: 0, folder: 'proc_0_gpu_0', cudaVisibleDevices: '0'}],
		});
	});

	it('repeats x GPUs x processes; folders count GPUs from 0, the offset apart', () => {
		const {workers} = planRun(
			runOptions({processesPerGpu: 2, gpus: 2, gpuOffset: 1, repeats: 2}),
			host(3),
		);
		expect(
			workers.map(({folder, cudaVisibleDevices}) => `${folder} ${cudaVisibleDevices}`),
		).toEqual(
			[0, 1].flatMap((repeat) => [
				`repeat_${repeat}/proc_0_gpu_0 1`,
				`repeat_${repeat}/proc_1_gpu_0 1`,
				`repeat_${repeat}/proc_0_gpu_1 2`,
				`repeat_${repeat}/proc_1_gpu_1 2`,
			]),
		);
	});

	it.each([
		[{processesPerGpu: 0}, '-np 0'],
		[{processesPerGpu: 1.5}, '-np 1.5'],
		[{gpus: 0}, '-ng 0'],
		[{gpuOffset: -1}, '-go -1'],
		[{warmupBatches: -1}, '-w -1'],
		[{repeats: 0}, '--repeat 0'],
		[{timeoutSeconds: 0}, '--timeout 0'],
		[{timeoutSeconds: Number.NaN}, '--timeout NaN'],
		[{programArgv: []}, 'no program'],
	] satisfies [Partial<RunOptions>, string][])('refuses %j', (options, words) => {
		expect(failure(options).message).toContain(words);
	});

	it('more GPUs than there are: lists them', () => {
		const {message, next} = failure({gpus: 2, gpuOffset: 1});
		expect(message).toContain('-ng 2 -go 1: this machine has 2 GPUs:');
		expect(message).toContain('1  H100  GPU-111-beef');
		expect(next).toContain('may reach 2');
	});

	it('no GPU: one worker runs, and it is said that there are CPU times only', () => {
		const {workers, warnings} = planRun(runOptions({processesPerGpu: 2}), host(0));
		expect(workers.map((worker) => worker.cudaVisibleDevices)).toEqual(['0', '0']);
		expect(warnings).toMatchObject([{code: 'no-gpu'}]);
		expect(failure({gpus: 2}, host(0)).message).toContain('no GPU');
	});
});

describe('an incoming CUDA_VISIBLE_DEVICES', () => {
	it.each([
		['2,3', ['2', '3']],
		[' 3 , 1 ', ['3', '1']],
		['GPU-222,GPU-000-beef', ['GPU-222', 'GPU-000-beef']],
		['MIG-1/2,0', ['MIG-1/2', '0']],
	])('%s renumbers the GPUs', (value, expected) => {
		expect(devices({gpus: 2}, host(4, value))).toEqual(expected);
	});

	it.each(['1,-1,0', '1,9,0', '1,GPU-nope,0', '1,,0'])(
		'%s ends at what names no device',
		(value) => {
			expect(devices({}, host(4, value))).toEqual(['1']);
			expect(failure({gpus: 2}, host(4, value)).message).toContain('leaves 1 usable');
		},
	);

	it('that hides all: nothing is shown to the program either', () => {
		expect(devices({}, host(4, ''))).toEqual(['']);
		expect(devices({}, host(4, '-1'))).toEqual(['-1']);
		expect(planRun(runOptions(), host(4, '')).warnings).toMatchObject([{code: 'no-gpu'}]);
	});

	it('without nvidia-smi its form decides', () => {
		expect(devices({gpus: 2}, host(0, '2,GPU-x'))).toEqual(['2', 'GPU-x']);
	});
});
