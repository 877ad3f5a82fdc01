/** `benchmark ab` and `--repeat auto`: rounds on real programs. The main case under the real nsys, the odd ones without. */

import {existsSync, readdirSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {MeanResult} from '../../schemas/benchmark-result.ts';
import {ComparisonReport} from '../../schemas/comparison-report.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {NoiseFloors} from '../../schemas/noise-floor.ts';
import {
	processesWith,
	projectRoot,
	runBenchmark,
	startBenchmark,
	temporaryFolder,
	until,
} from '../support/command.ts';
import {describeWithNsys} from '../support/nsys.ts';

const fiveStages = path.join(projectRoot, 'samples/python/five_stages.py');
const faults = path.join(projectRoot, 'test/fixtures/programs/faults.py');

const readManifest = (folder: string): Manifest =>
	readJsonFile(Manifest, path.join(folder, 'run.json'));
const readReport = (out: string): ComparisonReport =>
	readJsonFile(ComparisonReport, path.join(out, 'comparison.json'));

/** The last elements of paths that are worse than the limit, which chance alone does not make a steady stage. */
const regressionsIn = (out: string): readonly string[] =>
	(readReport(out).candidates[0]?.gate?.ranges ?? [])
		.filter(({outcome}) => outcome === 'regression')
		.map((range) => path.basename(range.path));

/** Waiting stages of a known length: what else the machine does hardly matters. */
const waiting = `${fiveStages} --wait -n 8`;
const slower = `${waiting} --slower infer --by 50`;
const withoutNsys = ['--profiler', 'builtin'];

/** The folders of calibrations of the person who runs the tests are none of ours. */
const withState = () => ({env: {XDG_STATE_HOME: temporaryFolder('state')}});

describeWithNsys('two programs in turn', () => {
	it('names the one stage of five that is slower, and no other', async () => {
		const out = temporaryFolder('ab');
		const argv = ['ab', '-o', out, '--rounds', '7', '--metric', 'cpu_time', '--range', 'batch_*/*'];
		const steady = `${fiveStages} --wait -n 16`;
		// A change that is found on a machine that is busy with other tests; docs/ab.md shows one of 10 %.
		const changed = `${steady} --slower infer --by 100`;
		const ended = await runBenchmark(
			[...argv, '--fail-on', '20%', '--a', steady, '--b', changed],
			withState(),
		);
		expect(ended.stderr).not.toMatch(/error:/);
		expect(regressionsIn(out)).toEqual(['infer']);
		expect(ended.stdout).toMatch(/batch_\*\/infer\n +cpu_time ms .*slower/);
		expect(ended.exitCode).toBe(1);
		const [candidate] = readReport(out).candidates;
		expect(candidate).toMatchObject({pairing: 'rounds', verdict: 'slower'});
		expect(candidate?.comparisons.length).toBe(5);
	}, 180_000);
});

describe('what ab leaves', () => {
	it('is two ordinary run folders, which compare and reprocess take', async () => {
		const out = temporaryFolder('ab');
		const state = withState();
		const ended = await runBenchmark(
			[
				...['ab', '-o', out, ...withoutNsys, '--rounds', '3', '--json'],
				...['--env-b', 'FIVE_STAGES_SLOWER=infer', '--env-b', 'FIVE_STAGES_BY=60'],
				...[fiveStages, '--wait', '-n', '8'],
			],
			state,
		);
		expect(ended.exitCode).toBe(0);
		expect(ComparisonReport.parse(JSON.parse(ended.stdout))).toEqual(readReport(out));

		const [a, b] = ['a', 'b'].map((side) => readManifest(path.join(out, side)));
		expect(readdirSync(path.join(out, 'a')).toSorted()).toEqual(
			['benchmark_mean.json', 'repeat_0', 'repeat_1', 'repeat_2', 'run.json'].toSorted(),
		);
		expect(a?.inTurn).toMatchObject({id: b?.inTurn?.id, side: 'a', order: 'abba', seed: null});
		expect([a?.environment, b?.environment]).toEqual([
			{},
			{FIVE_STAGES_SLOWER: 'infer', FIVE_STAGES_BY: '60'},
		]);
		expect(b?.repeatsEnd).toEqual({reason: 'most', message: 'Ended after 3 rounds: --rounds 3.'});
		// A B, B A, A B.
		const started = [a, b].map((run) =>
			(run?.workers ?? []).map(({outcome}) =>
				outcome !== null && 'startedAt' in outcome ? outcome.startedAt : '',
			),
		);
		expect(
			[0, 1, 2].map((round) => (started[0]?.[round] ?? '') < (started[1]?.[round] ?? '')),
		).toEqual([true, false, true]);

		const [before] = readReport(out).candidates;
		const again = await runBenchmark(
			['compare', '--json', path.join(out, 'a'), path.join(out, 'b')],
			state,
		);
		const [after] = ComparisonReport.parse(JSON.parse(again.stdout)).candidates;
		expect(after).toMatchObject({pairing: 'rounds', comparisons: before?.comparisons});

		const mean = readJsonFile(MeanResult, path.join(out, 'b/benchmark_mean.json'));
		expect(mean.meta).toMatchObject({processes: 3, processes_planned: 3, repeats: 3});
		expect((await runBenchmark(['reprocess', path.join(out, 'b')])).exitCode).toBe(0);
		expect(readJsonFile(MeanResult, path.join(out, 'b/benchmark_mean.json'))).toEqual(mean);
	});

	it('of a side that fails is what was measured before, and the exit code 3', async () => {
		const out = temporaryFolder('ab');
		const ended = await runBenchmark(
			[
				...['ab', '-o', out, ...withoutNsys, '--rounds', '4'],
				...['--a', `${faults} none`, '--b', `${faults} exit`],
			],
			withState(),
		);
		expect(ended.exitCode).toBe(3);
		expect(ended.stderr).toMatch(/Ended after 1 round: side b did not complete/);
		expect(ended.stderr).toMatch(/b\/repeat_0\/proc_0_gpu_0.*[^]*the disk with the model is gone/);
		expect(ended.stderr).toMatch(/One side has no results/);
		expect(readManifest(path.join(out, 'a')).workers[0]?.outcome?.kind).toBe('completed');
		expect(existsSync(path.join(out, 'comparison.json'))).toBe(false);
	});

	it('of a signal is labelled, compared as far as it goes, and nothing runs on', async () => {
		const out = temporaryFolder('ab');
		const running = startBenchmark(
			[...['ab', '-o', out, ...withoutNsys, '--rounds', '50'], ...['--a', waiting, '--b', slower]],
			withState(),
		);
		await until(() => running.stderr().includes('round 3 of at most 50'), 'three rounds');
		running.child.kill('SIGINT');
		const ended = await running.ended;
		expect(ended.exitCode).toBe(128 + os.constants.signals.SIGINT);
		expect(ended.stdout).toMatch(/b against a/);
		const {status, repeatsEnd} = readManifest(path.join(out, 'b'));
		expect([status, repeatsEnd?.reason]).toEqual(['interrupted', 'interrupted']);
		expect(readReport(out).candidates[0]?.comparisons[0]?.baseline.n).toBeGreaterThanOrEqual(3);
		expect(processesWith(out)).toEqual([]);
	});
});

describe('ab', () => {
	it('ends with the gate, long before its last round', async () => {
		const out = temporaryFolder('ab');
		const twice = `${waiting} --slower encode --by 300`;
		const ended = await runBenchmark(
			[
				...['ab', '-o', out, ...withoutNsys, '--rounds', '50', '--order', 'random', '--seed', '7'],
				...['--fail-on', 'cpu_time:encode=20%', '--a', waiting, '--b', twice],
			],
			withState(),
		);
		expect(ended.exitCode).toBe(1);
		const {repeatsEnd, inTurn, workers} = readManifest(path.join(out, 'a'));
		expect(repeatsEnd?.reason).toBe('clear');
		expect(inTurn).toMatchObject({order: 'random', seed: 7});
		expect([4, 5, 7, 10]).toContain(workers.length);
	});

	it('begins no round for which --max-time leaves no room', async () => {
		const out = temporaryFolder('ab');
		const ended = await runBenchmark(
			['ab', '-o', out, ...withoutNsys, '--max-time', '0.1s', '--a', waiting, '--b', slower],
			withState(),
		);
		expect(ended.exitCode).toBe(0);
		expect(readManifest(path.join(out, 'b'))).toMatchObject({
			repeatsEnd: {reason: 'max-time'},
			options: {repeats: 1},
		});
	});

	it('keeps what it calibrates, and compare then believes no smaller change', async () => {
		const [out, elsewhere] = [temporaryFolder('ab'), temporaryFolder('floor')];
		const state = withState();
		const calibrated = await runBenchmark(
			[
				...['ab', '--calibrate', '-o', out, ...withoutNsys, '--rounds', '3'],
				...[fiveStages, '--wait', '-n', '6'],
			],
			state,
		);
		expect(calibrated.exitCode).toBe(0);
		expect(calibrated.stdout).toMatch(/against itself on .*, 3 rounds/);
		const file = /^noise floor (.*)$/m.exec(calibrated.stderr)?.[1] ?? '';
		expect(file.startsWith(state.env.XDG_STATE_HOME)).toBe(true);
		const floors = readJsonFile(NoiseFloors, file);
		expect(floors.ranges.map(({path: name}) => path.basename(name))).toContain('encode');

		const compared = await runBenchmark(
			['compare', '--json', path.join(out, 'a'), path.join(out, 'b')],
			state,
		);
		const [candidate] = ComparisonReport.parse(JSON.parse(compared.stdout)).candidates;
		for (const {path: name, metric, floor} of floors.ranges) {
			const found = candidate?.comparisons.find(
				(comparison) => comparison.path === name && comparison.metric === metric,
			);
			expect(found?.noiseFloor).toBe(floor);
			expect(found?.verdict === 'slower' || found?.verdict === 'faster').toBe(false);
		}

		const named = path.join(elsewhere, 'mine.json');
		const again = await runBenchmark(
			[
				...['ab', '--calibrate', '--noise-floor', named, '-o', out, ...withoutNsys],
				...['--rounds', '3', '--a', `${faults} none`],
			],
			state,
		);
		expect(again.exitCode).toBe(0);
		expect(readJsonFile(NoiseFloors, named).program).toBe(faults);
	});

	it.each([
		['one side only', ['--a', 'true'], /--b is missing/],
		['sides that are the same', ['true'], /nothing tells the sides apart/],
		['a program that is not there', ['--a', 'true', '--b', 'nothing.py'], /nothing\.py/],
		['a pipe', ['--a', 'true | true', '--b', 'true'], /no shell runs this/],
		['--repeat', ['--repeat', '3', '--a', 'true', '--b', 'false'], /ab takes no --repeat/],
		['too few rounds', ['--rounds', '2', '--a', 'x', '--b', 'y'], /rounds .* at least 3/],
		['an odd order', ['--order', 'aabb', '--a', 'x', '--b', 'y'], /one of abba, random/],
		['an odd limit', ['--fail-on', '5', '--a', 'true', '--b', 'true'], /has no limit in %/],
	])('refuses %s with 2 and a sentence', async (_name, argv, message) => {
		const out = temporaryFolder('ab');
		const ended = await runBenchmark(['ab', '-o', out, ...argv], withState());
		expect(ended.stderr).toMatch(message);
		expect(ended.exitCode).toBe(2);
		expect(readdirSync(out)).toEqual([]);
	});

	it('says after one round that no range fits --range', async () => {
		const out = temporaryFolder('ab');
		const ended = await runBenchmark(
			[
				...['ab', '-o', out, ...withoutNsys, '--range', 'nowhere', '--rounds', '9'],
				...['--a', `${faults} none`, '--b', `${faults} none`],
			],
			withState(),
		);
		expect(ended.exitCode).toBe(2);
		expect(ended.stderr).toMatch(/no range of a and b fits --range/);
		expect(readManifest(path.join(out, 'a'))).toMatchObject({
			status: 'done',
			options: {repeats: 1},
		});
	});
});

describe('--repeat auto', () => {
	it('repeats until the interval is narrow enough', async () => {
		const out = temporaryFolder('auto');
		const ended = await runBenchmark([
			...['-o', out, ...withoutNsys, '--repeat', 'auto', '--precision', '90%'],
			...['--precision-metric', 'cpu_time:infer', fiveStages, '--wait', '-n', '6'],
		]);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(
			/Ended after 6 repeats: the 95 % interval of cpu_time of .*infer is within .* \(wanted: 90\.0%\)/,
		);
		const {options, workers, repeatsEnd} = readManifest(out);
		expect(options.repeats).toBe(6);
		expect(workers.map(({folder}) => folder)).toContain('repeat_5/proc_0_gpu_0');
		expect(repeatsEnd?.reason).toBe('precise');
		const mean = readJsonFile(MeanResult, path.join(out, 'benchmark_mean.json'));
		expect(mean.meta).toMatchObject({processes: 6, processes_planned: 6, repeats: 6});
	});

	it('ends where --max-time does, and says what is known by then', async () => {
		const out = temporaryFolder('auto');
		const ended = await runBenchmark([
			...['-o', out, ...withoutNsys, '--repeat', 'auto', '--max-time', '0.1s', faults, 'none'],
		]);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/Ended after 1 repeat: --max-time leaves no time for another/);
		expect(readManifest(out).repeatsEnd?.reason).toBe('max-time');
	});

	it('ends with a worker that fails, or where there is nothing to look at', async () => {
		const out = temporaryFolder('auto');
		const auto = ['-o', out, ...withoutNsys, '--repeat', 'auto'];
		const failed = await runBenchmark([...auto, faults, 'exit']);
		expect(failed.exitCode).toBe(3);
		expect(readManifest(out).repeatsEnd?.reason).toBe('failed');
		const empty = await runBenchmark([...auto, '--precision-metric', 'gpu_time', faults, 'none']);
		expect(empty.exitCode).toBe(0);
		expect(empty.stderr).toMatch(/gpu_time of .* has values of 0 or none at all/);
	});

	it.each([
		['--precision', '1%', /--precision needs --repeat auto/],
		['--max-time', '5m', /--max-time needs --repeat auto/],
		['--repeat', 'some', /--repeat takes a whole number/],
	])('refuses %s %s without it', async (option, value, message) => {
		const ended = await runBenchmark([option, value, 'true']);
		expect(ended.stderr).toMatch(message);
		expect(ended.exitCode).toBe(2);
	});
});
