/** `benchmark compare` on what CV-CUDA's launcher wrote. */

import {readFileSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {
	batches,
	codesOf,
	only,
	useCompareFolder,
	verdictOf,
} from '../../support/compare-command.ts';
import {writeDemoRun} from '../../support/compared-runs.ts';
import {writeForeignRun} from '../../support/foreign-runs.ts';

const {at, ask} = useCompareFolder();

describe("files of CV-CUDA's launcher", () => {
	it.each([1, 2] as const)('of generation %i have a value per process', async (generation) => {
		writeForeignRun(at('a'), {generation});
		writeForeignRun(at('b'), {generation, factor: 1.1});
		const report = await ask('a', 'b');
		const candidate = only(report);
		expect(report.baseline).toMatchObject({
			kind: 'processes',
			format: generation === 1 ? 'cvcuda-0.4' : 'cvcuda-0.15',
			batchValue: generation === 1 ? 'mean' : 'median',
			processes: 5,
			warmupBatches: null,
		});
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('slower');
		expect(verdictOf(candidate, `${batches}/stage_1`)).toBe('same');
		const perItem = await ask('a', 'b', '--metric', 'cpu_time_per_item_minus_warmup');
		expect(verdictOf(only(perItem), 'demo/pipeline', 'cpu_time_per_item_minus_warmup')).toBe(
			'slower',
		);
		expect(codesOf(candidate)).toContain('unknown-fingerprint');
		expect(candidate.structure).toEqual([]);
	});

	it.each([
		[1, 'mean_all_batches', 'mean_data'],
		[2, 'data_mean_all_procs', 'data_stats_minus_warmup_all_procs'],
	] as const)('of generation %i: means alone prove nothing', async (generation, data, stats) => {
		writeForeignRun(at('a'), {generation});
		const one = JSON.parse(readFileSync(at('a/proc_0_gpu_0/benchmark.json'), 'utf8')) as Record<
			string,
			unknown
		>;
		const mean = {
			[data]: one['data'],
			[stats]: one['mean_data'] ?? one['data_stats_minus_warmup'],
			meta: one['meta'],
		};
		writeFileSync(at('mean.json'), JSON.stringify(mean));
		const candidate = only(await ask('a', 'mean.json'));
		expect(candidate.input.kind).toBe('mean');
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('inconclusive');
		expect(codesOf(candidate)).toContain('means-only');
	});

	it('can be held against ours, with a word that their values are means', async () => {
		writeForeignRun(at('a'));
		writeDemoRun(at('b'));
		const {differences, comparisons} = only(await ask('a', 'b'));
		expect(differences.map(({fact}) => fact)).toEqual(['batch-value', 'format']);
		expect(comparisons.length).toBeGreaterThan(3);
	});

	it('that hold NaN are not judged there', async () => {
		writeForeignRun(at('a'));
		writeForeignRun(at('b'));
		const file = at('b/proc_0_gpu_0/benchmark.json');
		writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"cpu_time":20', '"cpu_time":NaN'));
		const candidate = only(await ask('a', 'b'));
		const stage = candidate.comparisons.find(({path: name}) => name.endsWith('stage_2'));
		expect(stage).toMatchObject({
			verdict: 'inconclusive',
			reasons: [{kind: 'bad-values', side: 'candidate', value: 'not-a-number', count: 1}],
		});
		expect(verdictOf(candidate, `${batches}/stage_1`)).toBe('same');
		expect(codesOf(candidate)[0]).toBe('bad-values');
	});
});
