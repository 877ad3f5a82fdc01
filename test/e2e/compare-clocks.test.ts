/**
 * From what nvidia-smi tells to what `compare` says of it: two real runs, whose fake GPU clocks differ. Without a GPU
 * there are no GPU times to explain: test/unit/cli/compare-clocks.test.ts has those.
 */

import path from 'node:path';
import {expect, it} from 'vitest';
import {ComparisonReport} from '../../schemas/comparison-report.ts';
import {projectRoot, runBenchmark, temporaryFolder} from '../support/command.ts';
import {FakeSmi} from '../support/fake-smi.ts';
import {h100Pair590} from '../support/recorded-hopper-gpus.ts';

const program = path.join(projectRoot, 'test/fixtures/programs/watched.py');

it('knows the clock and the throttling of every sample of two runs', async () => {
	const folder = temporaryFolder('compare-clocks');
	const smi = new FakeSmi(folder, h100Pair590);
	smi.goLive();
	const env = {
		PATH: `${folder}:${process.env['PATH'] ?? ''}`,
		WATCHED_SMI: smi.folder,
		CUDA_VISIBLE_DEVICES: '0',
	};
	const options = ['--profiler', 'builtin', '--metrics-interval', '50ms', '--repeat', '2'];
	const measure = async (name: string, told: string): Promise<void> => {
		const out = path.join(folder, name);
		const {exitCode} = await runBenchmark(['-o', out, ...options, program, told, told, told], {
			env,
		});
		expect(exitCode).toBe(0);
	};
	await measure('a', 'clocks.current.sm=1410 ~ clocks_event_reasons.active=0x0');
	await measure('b', 'clocks.current.sm=1260 ~ clocks_event_reasons.active=0x4');

	const ended = await runBenchmark(['compare', '--json', 'a', 'b'], {env, cwd: folder});
	const {baseline, candidates} = ComparisonReport.parse(JSON.parse(ended.stdout));
	const samplesOf = (clock: number, share: number) =>
		[0, 1].map((repeat) => ({
			repeat,
			process: 0,
			gpu: 0,
			uuid: 'GPU-aaaaaaaa',
			smClockMhz: clock,
			clockShift: null,
			throttledShare: share,
			throttled: share > 0,
			throttleReasons: share > 0 ? {power_cap: expect.closeTo(share, 1) as number} : {},
		}));
	expect(baseline.gpuSamples).toEqual(samplesOf(1410, 0));
	expect(candidates[0]?.input.gpuSamples).toEqual(samplesOf(1260, 1));
	expect(candidates[0]?.differences).toContainEqual({
		fact: 'throttled',
		name: 'GPU throttled',
		baseline: '0 % of the measured time',
		candidate: '100 % of the measured time',
		putsInDoubt: false,
	});
	expect(ended.stderr).toMatch(/b: the GPU was throttled .* in 2 of 2 watched processes: repeat 0/);
	// Nobody was seen to use that GPU.
	expect(ended.stderr).not.toContain('The SM clock of');
});
