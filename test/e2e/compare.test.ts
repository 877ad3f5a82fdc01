/** Runs measured under the real nsys, compared by the built command. */

import {readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {ComparisonReport} from '../../schemas/comparison-report.ts';
import {projectRoot, runBenchmark, temporaryFolder} from '../support/command.ts';
import {describeWithNsys} from '../support/nsys.ts';

const sample = path.join(projectRoot, 'samples/python/five_stages.py');

const measure = async (folder: string, ...options: readonly string[]): Promise<void> => {
	const ended = await runBenchmark([
		...['--repeat', '3', '-o', folder, sample],
		...['--wait', '--batches', '14', ...options],
	]);
	expect(ended.exitCode).toBe(0);
};

describeWithNsys('compare', () => {
	it('names the stage that became slower in real runs, and stops them at a gate', async () => {
		const [before, after] = [temporaryFolder('before'), temporaryFolder('after')];
		await measure(before);
		// Twice as long: a busy test machine must not hide it.
		await measure(after, '--slower', 'infer', '--by', '100');
		const infer = ['--range', 'infer', '--metric', 'cpu_time'];
		const asked = await runBenchmark(['compare', '--json', ...infer, before, after]);
		expect(asked.exitCode).toBe(0);
		const [one] = ComparisonReport.parse(JSON.parse(asked.stdout)).candidates;
		expect(one?.comparisons.map((row) => `${row.path} ${row.verdict}`)).toEqual([
			'five_stages/pipeline/batch_*/infer slower',
		]);

		const {stdout} = await runBenchmark(['compare', '--json', before, after]);
		const [candidate] = ComparisonReport.parse(JSON.parse(stdout)).candidates;
		// Measured one after the other, on a machine that does other things: a small drift is no error of ours.
		const others = candidate?.comparisons.filter(({path: name}) =>
			/batch_\*\/(read|decode|resize|encode)$/.test(name),
		);
		expect(others).toHaveLength(4);
		expect(others?.filter(({change}) => Math.abs(change ?? 1) > 0.25)).toEqual([]);
		expect(candidate?.differences.filter(({putsInDoubt}) => putsInDoubt)).toEqual([]);
		expect(candidate?.differences.map(({fact}) => fact)).toContain('program');
		expect(candidate?.input).toMatchObject({kind: 'run', processes: 3, repeats: 3});

		const gate = ['compare', '--fail-on', 'infer=10%', before, after];
		expect((await runBenchmark(gate)).exitCode).toBe(1);
		expect((await runBenchmark([...gate.slice(0, 2), 'infer=200%', before, after])).exitCode).toBe(
			0,
		);

		const table = await runBenchmark(['compare', ...infer, before, after]);
		expect(table.stdout).toMatch(/batch_\*\/infer[^]*slower/);

		// Reports alone: each folder is one process, its batches and warm-up found anew.
		const reports = [before, after].map((run) =>
			path.join(run, 'repeat_0/proc_0_gpu_0/report.nsys-rep'),
		) as [string, string];
		const bare = await runBenchmark(['compare', '--json', ...reports]);
		const [traces] = ComparisonReport.parse(JSON.parse(bare.stdout)).candidates;
		const bareInfer = traces?.comparisons.find(({path: name}) => name.endsWith('/infer'));
		const result = readFileSync(path.join(before, 'repeat_0/proc_0_gpu_0/benchmark.json'), 'utf8');
		const {stats} = JSON.parse(result) as {stats: Record<string, {cpu_time: {median: number}}>};
		expect(bareInfer?.baseline.median).toBe(
			stats['five_stages/pipeline/batch_*/infer']?.cpu_time.median,
		);
		expect(bareInfer?.verdict).toBe('inconclusive');
		expect(traces?.differences.filter(({putsInDoubt}) => putsInDoubt)).toEqual([]);
	});

	it('says what is missing of a run that lost its results', async () => {
		const [before, after] = [temporaryFolder('before'), temporaryFolder('after')];
		await measure(before);
		await measure(after);
		rmSync(path.join(after, 'repeat_0/proc_0_gpu_0/benchmark.json'));
		const {stdout} = await runBenchmark(['compare', '--json', before, after]);
		const [candidate] = ComparisonReport.parse(JSON.parse(stdout)).candidates;
		expect(candidate?.notes.map(({code}) => code)).toContain('workers-missing');
		for (const repeat of [1, 2]) {
			rmSync(path.join(after, `repeat_${repeat}/proc_0_gpu_0/benchmark.json`));
		}

		const means = await runBenchmark(['compare', '--require-verdict', before, after]);
		expect(means.exitCode).toBe(4);
		expect(means.stdout + means.stderr).toMatch(/means and no samples/);
		rmSync(path.join(after, 'benchmark_mean.json'));
		const lost = await runBenchmark(['compare', before, after]);
		expect(lost.exitCode).toBe(2);
		expect(lost.stderr).toMatch(/benchmark reprocess/);
		expect((await runBenchmark(['reprocess', after])).exitCode).toBe(0);
		expect((await runBenchmark(['compare', before, after])).exitCode).toBe(0);
	});
});
