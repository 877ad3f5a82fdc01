/** The exit code of `benchmark compare`: limits of --fail-on, --require-verdict. */

import {describe, expect, it} from 'vitest';
import {useCompareFolder} from '../../support/compare-command.ts';
import {writeDemoRun} from '../../support/compared-runs.ts';

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

	it('says which limit fits nothing, and still shows the comparison', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'));
		const {stdout, stderr} = await compare('a', 'b', '--fail-on', 'cpu_time:stage_9=5%');
		expect(stderr).toMatch(/no range and metric fits "cpu_time:stage_9"/);
		expect(stdout).toContain('b against a');
	});

	it('is that of the worst candidate', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'));
		writeDemoRun(at('c'), {factor: 1.1});
		expect((await compare('a', 'b', 'c', '--fail-on', '5%')).exitCode).toBe(1);
		const {candidates, exitCode} = await ask('a', 'b', 'c', '--fail-on', '5%');
		expect(candidates.map(({gate}) => gate?.outcome)).toEqual(['passed', 'regression']);
		expect(exitCode).toBe(1);
	});
});
