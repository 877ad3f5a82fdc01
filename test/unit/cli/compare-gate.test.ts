/** The exit code of `benchmark compare`: limits of --fail-on, --require-verdict. */

import {describe, expect, it} from 'vitest';
import {describeCalibration, writeNoiseFloors} from '../../../cli/noise-floor-store.ts';
import {NoiseFloors} from '../../../schemas/noise-floor.ts';
import {batches, only, useCompareFolder, verdictOf} from '../../support/compare-command.ts';
import {writeDemoRun} from '../../support/compared-runs.ts';
import {makeManifest} from '../../support/manifests.ts';

const {at, compare, ask} = useCompareFolder();

describe('the exit code', () => {
	it.each([
		[['--fail-on', '5%'], 1],
		[['--fail-on', 'stage_1=5%'], 0],
		[['--fail-on', 'stage_2=20%'], 0],
		[['--fail-on', 'cpu_time_per_item:stage_2=5%'], 1],
		[['--fail-on', '5%', '--range', 'stage_1'], 0],
		[['--fail-on', 'stage_3=5%'], 2],
		[['--fail-on', 'gpu_time=5%'], 2],
		[['--fail-on', '5'], 2],
		[['--require-verdict'], 0],
		[['--require-verdict', '--fail-on', '5%'], 1],
		[[], 0],
	] as const)('for a stage that is 10 %% slower: %j is %i', async (options, exitCode) => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1});
		expect((await compare('a', 'b', ...options)).exitCode).toBe(exitCode);
	});

	it.each([
		[['--fail-on', '50%', '--fail-on', 'stage_2=5%'], 1],
		[['--fail-on', 'stage_2=5%', '--fail-on', 'stage_1=5%'], 1],
		[['--fail-on', '5%', '--fail-on', '50%'], 0],
		[['--fail-on', '5%', '--range', 'stage_1', '--range', 'stage_2'], 1],
		[['--fail-on', '5%', '--range', 'stage_2', '--range', 'stage_1'], 1],
		[
			['--fail-on', '5%', '--range', 'stage_2', '--metric', 'cpu_time', '--metric', 'throughput'],
			1,
		],
	] as const)('with options that are repeated: %j is %i', async (options, exitCode) => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1});
		expect((await compare('a', 'b', ...options)).exitCode).toBe(exitCode);
	});

	it('tells all that was repeated', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1});
		const twice = ['--range', 'stage_1', '--range', 'stage_2', '--metric', 'cpu_time'];
		const limits = ['--fail-on', '9%', '--fail-on', 'stage_1=1%'];
		const report = await ask('a', 'b', ...twice, ...limits);
		expect(report.options).toMatchObject({
			ranges: ['stage_1', 'stage_2'],
			metrics: ['cpu_time'],
			failOn: '9%,stage_1=1%',
		});
		expect(
			only(report)
				.gate?.ranges.map(({limit}) => limit)
				.toSorted(),
		).toEqual([0.01, 0.09]);
	});

	it('says which limit fits nothing, and still shows the comparison', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'));
		const {stdout, stderr} = await compare('a', 'b', '--fail-on', 'cpu_time:stage_9=5%');
		expect(stderr).toMatch(/no range and metric fits "cpu_time:stage_9"/);
		expect(stdout).toContain('b against a');
	});

	it('is that of the worst candidate', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {extraNs: 1});
		writeDemoRun(at('c'), {factor: 1.1});
		expect((await compare('a', 'b', 'c', '--fail-on', '5%')).exitCode).toBe(1);
		const {candidates, exitCode} = await ask('a', 'b', 'c', '--fail-on', '5%');
		expect(candidates.map(({gate}) => gate?.outcome)).toEqual(['passed', 'regression']);
		expect(exitCode).toBe(1);
	});
});

describe('what the candidate lacks', () => {
	const vanished = (): void => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {stage: 'renamed', extraNs: 7});
	};

	it.each([
		[['--fail-on', '5%'], 0],
		[['--fail-on', '5%', '--require-verdict'], 4],
		[['--fail-on', 'stage_2=5%', '--require-verdict'], 4],
		[['--fail-on', '5%', '--range', 'stage_2', '--require-verdict'], 4],
		[['--fail-on', 'stage_1=5%', '--require-verdict'], 0],
		// Neither side has it.
		[['--fail-on', 'stage_3=5%', '--require-verdict'], 2],
		// Only the candidate has it: no slip, and nothing to be worse than.
		[['--fail-on', 'renamed=5%'], 0],
		[['--fail-on', 'renamed=5%', '--require-verdict'], 4],
	] as const)('with %j ends with %i', async (options, exitCode) => {
		vanished();
		expect((await compare('a', 'b', ...options)).exitCode).toBe(exitCode);
	});

	it('is named', async () => {
		vanished();
		const {stdout} = await compare('a', 'b', '--fail-on', 'stage_2=5%');
		expect(stdout).toContain('gate: undecided, 1 undecided\n');
		expect(stdout).toContain('stage_2 cpu_time is not in the candidate\n');
		expect(stdout).not.toContain('slip');
		const report = await ask('a', 'b', '--fail-on', 'renamed=5%');
		expect(only(report).gate).toMatchObject({
			outcome: 'undecided',
			ranges: [{path: `${batches}/renamed`, outcome: 'undecided', doubt: 'not-in-baseline'}],
			unused: [],
		});
	});

	it('is undecided for one candidate, and not for another', async () => {
		vanished();
		writeDemoRun(at('c'), {factor: 1.1});
		const {candidates, exitCode} = await ask('a', 'b', 'c', '--fail-on', 'stage_2=20%');
		expect(candidates.map(({gate}) => gate?.outcome)).toEqual(['undecided', 'passed']);
		expect(exitCode).toBe(0);
		expect((await ask('a', 'b', 'c', '--fail-on', 'stage_2=5%')).exitCode).toBe(1);
	});

	it('may be all GPU work', async () => {
		writeDemoRun(at('a'), {gpu: 0.5});
		writeDemoRun(at('b'), {extraNs: 7});
		const report = await ask('a', 'b', '--fail-on', '5%', '--require-verdict');
		expect(report.exitCode).toBe(4);
		const absent = only(report).gate?.ranges.filter(({doubt}) => doubt === 'not-in-candidate');
		expect(absent?.map(({path, metric}) => `${path} ${metric}`)).toContain(`${batches} gpu_time`);
	});
});

describe('a noise floor', () => {
	/** A calibration that found much in stage_2 and little elsewhere. */
	const writeFloors = (): string => {
		const ranges = [
			{path: `${batches}/stage_2`, metric: 'cpu_time', floor: 0.65, detectable: 0.02},
			{path: `${batches}/stage_1`, metric: 'cpu_time', floor: 0.001, detectable: 0.02},
		];
		const told = {createdAt: '2026-01-01T00:00:00.000Z', rounds: 10, ranges};
		const manifest = makeManifest({program: ['demo.py']});
		writeNoiseFloors(
			at('floor.json'),
			NoiseFloors.parse({...describeCalibration(manifest), ...told}),
		);
		return at('floor.json');
	};

	it('neither opens a gate nor makes a proven change the same', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1});
		const floored = ['a', 'b', '--noise-floor', writeFloors()];
		const gate = ['--fail-on', 'stage_2=5%'];
		expect((await compare(...floored, ...gate)).exitCode).toBe(0);
		const {stdout, exitCode} = await compare(...floored, ...gate, '--require-verdict');
		expect(exitCode).toBe(4);
		expect(stdout).toContain(
			`${batches}/stage_2 cpu_time: +10.0%, limit 5 %, worse than that but not above the noise floor of 65.0 %`,
		);
		expect(stdout).toMatch(/note: A noise floor is known of 2 rows of \d+, up to 65 %/);
		const candidate = only(await ask(...floored));
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('inconclusive');
		expect(candidate.notes[0]).toMatchObject({code: 'noise-floor'});
		expect(candidate.notes[0]?.message).toContain(`${batches}/stage_2 cpu_time 65 %`);
	});

	it('does not stop what is within the limit by itself', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1});
		const gate = ['--fail-on', 'stage_2=20%', '--require-verdict'];
		expect((await compare('a', 'b', '--noise-floor', writeFloors(), ...gate)).exitCode).toBe(0);
	});
});
