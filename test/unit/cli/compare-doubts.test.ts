/** What `benchmark compare` takes for no proof: means, one process, sides that differ in more than the program. */

import {cpSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {
	batches,
	codesOf,
	only,
	useCompareFolder,
	verdictOf,
} from '../../support/compare-command.ts';
import {writeDemoRun} from '../../support/compared-runs.ts';

const {at, compare, ask} = useCompareFolder();

describe('what proves nothing', () => {
	it('is a mean without samples', async () => {
		writeDemoRun(at('a'));
		cpSync(at('a/benchmark_mean.json'), at('mean.json'));
		const candidate = only(await ask('a', 'mean.json'));
		expect(candidate.input).toMatchObject({kind: 'mean', processes: 0, repeats: 0});
		expect(candidate.verdict).toBe('inconclusive');
		expect(codesOf(candidate)).toContain('means-only');
		const [row] = candidate.comparisons;
		expect(row?.change).toBeCloseTo(0, 2);
		expect(row).toMatchObject({interval: null, p: null, candidate: {n: 0, processes: 0}});
		expect(row?.reasons).toEqual([{kind: 'means-only', side: 'candidate'}]);
		expect((await compare('a', 'mean.json')).exitCode).toBe(0);
		expect((await compare('a', 'mean.json', '--require-verdict')).exitCode).toBe(4);
	});

	it('is one process, however many batches it has', async () => {
		writeDemoRun(at('a'), {batches: 50});
		writeDemoRun(at('b'), {batches: 50, factor: 2});
		const [one, other] = ['a', 'b'].map((name) =>
			path.join(name, 'repeat_0/proc_0_gpu_0/benchmark.json'),
		) as [string, string];
		const report = await ask(one, other);
		const candidate = only(report);
		expect(report.baseline).toMatchObject({kind: 'process', processes: 1});
		expect(report.baseline.label).toBe('a/repeat_0/proc_0_gpu_0/benchmark.json');
		// Its run tells on what it was measured.
		expect(report.baseline.fingerprint).toContainEqual({
			fact: 'host',
			name: 'machine',
			value: 'box',
		});
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('inconclusive');
		expect(codesOf(candidate).filter((code) => code === 'one-process')).toHaveLength(2);
		expect((await compare(one, other, '--require-verdict')).exitCode).toBe(4);
	});

	it('is a run of another machine, unless that does not matter', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {factor: 1.1, machine: {host: 'other', cpu: 'faster CPU'}});
		const candidate = only(await ask('a', 'b'));
		const stage = candidate.comparisons.find(({path: name}) => name.endsWith('stage_2'));
		expect(stage?.verdict).toBe('inconclusive');
		expect(stage?.reasons[0]).toEqual({
			kind: 'sides-differ',
			verdict: 'slower',
			facts: ['host', 'cpu'],
		});
		expect(candidate.differences.map(({fact, putsInDoubt}) => [fact, putsInDoubt])).toEqual([
			['host', true],
			['cpu', true],
		]);
		expect(codesOf(candidate)[0]).toBe('sides-differ');
		const gated = ['a', 'b', '--fail-on', '5%'];
		expect((await compare(...gated)).exitCode).toBe(0);
		expect((await compare(...gated, '--require-verdict')).exitCode).toBe(4);
		expect((await compare(...gated, '--despite-differences')).exitCode).toBe(1);
		expect(
			verdictOf(only(await ask('a', 'b', '--despite-differences')), `${batches}/stage_2`),
		).toBe('slower');
	});

	it('is a run with another warm-up', async () => {
		writeDemoRun(at('a'), {warmup: 1});
		writeDemoRun(at('b'), {warmup: 2, factor: 1.1});
		const {differences, verdict} = only(await ask('a', 'b'));
		expect(differences).toEqual([
			{
				fact: 'warm-up',
				name: 'warm-up batches',
				baseline: '1',
				candidate: '2',
				putsInDoubt: true,
			},
		]);
		expect(verdict).toBe('inconclusive');
	});

	it('is not another program, or another version of a library', async () => {
		writeDemoRun(at('a'), {meta: {python_version: '3.11', args: {batch_size: 4, output_dir: 'x'}}});
		writeDemoRun(at('b'), {
			factor: 1.1,
			manifest: {program: ['demo.py', '--fast']},
			meta: {python_version: '3.12', args: {batch_size: 8, output_dir: 'y'}},
		});
		const {differences, verdict} = only(await ask('a', 'b'));
		expect(differences.map(({fact}) => fact)).toEqual([
			'program',
			'meta.python_version',
			'meta.args.batch_size',
		]);
		expect(verdict).toBe('slower');
	});

	it('is not another container on the same GPU', async () => {
		const gpus = [{index: 0, uuid: 'GPU-1', name: 'A100', driver: '550.1'}];
		writeDemoRun(at('a'), {manifest: {gpus}});
		writeDemoRun(at('b'), {manifest: {gpus}, machine: {host: 'f00d'}, factor: 1.1});
		const {differences, verdict} = only(await ask('a', 'b'));
		expect(differences).toMatchObject([{fact: 'host', putsInDoubt: false}]);
		expect(verdict).toBe('slower');
	});
});
