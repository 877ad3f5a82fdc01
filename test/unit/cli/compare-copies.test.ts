/** `benchmark compare` on copies of one measurement: within a side, and on both. */

import {cpSync, mkdirSync, rmSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {codesOf, only, useCompareFolder} from '../../support/compare-command.ts';
import {writeDemoRun} from '../../support/compared-runs.ts';

const {at, compare, ask} = useCompareFolder();

describe('copies', () => {
	it('of one process count once, and are named', async () => {
		writeDemoRun(at('a'));
		for (let process = 0; process < 4; process++) {
			mkdirSync(at(`b/proc_${process}_gpu_0`), {recursive: true});
			const target = at(`b/proc_${process}_gpu_0/benchmark.json`);
			const source = at(`a/repeat_${process === 3 ? 1 : 0}/proc_0_gpu_0/benchmark.json`);
			if (process === 1) {
				symlinkSync(at('b/proc_0_gpu_0/benchmark.json'), target);
			} else {
				cpSync(source, target);
			}
		}

		rmSync(at('a/repeat_0'), {recursive: true});
		rmSync(at('a/repeat_1'), {recursive: true});
		const candidate = only(await ask('a', 'b'));
		expect(candidate.input.processes).toBe(2);
		const [first, ...more] = candidate.notes.filter(({code}) => code === 'same-measurement');
		expect(first?.message).toBe(
			'b: proc_0_gpu_0/benchmark.json and proc_1_gpu_0/benchmark.json are one measurement, copied (their times agree in every digit): it counts once. 1 more file like that.',
		);
		expect(more).toEqual([]);
		expect(codesOf(candidate)).toContain('few-processes');
		expect(candidate.comparisons[0]?.candidate.n).toBe(2);
	});

	it('of a whole run are the same as itself, which is no verdict', async () => {
		writeDemoRun(at('a'));
		cpSync(at('a'), at('b'), {recursive: true});
		const candidate = only(await ask('a', 'b', '--fail-on', '5%'));
		expect(candidate.notes[0]).toMatchObject({
			code: 'same-measurement',
			message: expect.stringMatching(/^a and b are the same measurement, copied/) as string,
		});
		expect(candidate.verdict).toBe('inconclusive');
		expect(new Set(candidate.comparisons.map(({verdict}) => verdict))).toEqual(
			new Set(['inconclusive']),
		);
		expect(candidate.comparisons[0]?.reasons[0]).toEqual({kind: 'same-measurement', count: 5});
		expect(candidate.gate?.outcome).toBe('undecided');
		expect((await compare('a', 'b', '--require-verdict')).exitCode).toBe(4);
		expect((await compare('a', 'b', '--fail-on', '5%')).exitCode).toBe(0);
	});

	it('of a part of a run are counted', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.3});
		cpSync(at('a/repeat_2'), at('b/repeat_2'), {recursive: true});
		const candidate = only(await ask('a', 'b'));
		expect(candidate.notes[0]?.message).toMatch(/^1 of the 5 processes of b is in a too, copied/);
		const one = path.join('a', 'repeat_0/proc_0_gpu_0/benchmark.json');
		expect(only(await ask('a', one)).notes[0]?.message).toMatch(
			/is one of the processes of .*a, copied/,
		);
	});

	it('in folders of samples are told, and no verdict', async () => {
		writeDemoRun(at('old/s'));
		cpSync(at('old/s'), at('new/s'), {recursive: true});
		const {stdout, stderr, exitCode} = await compare(
			...['-b', 'old', '-c', 'new', '--format', 'csv', '--require-verdict'],
		);
		expect(stdout.trim()).toMatch(/~$/);
		expect(stderr).toMatch(/hold the same measurement, copied.*: s\./);
		expect(exitCode).toBe(4);
	});
});
