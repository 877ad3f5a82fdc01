import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {StudyComparison} from '../../../schemas/study-comparison.ts';
import type {StudyPoint} from '../../../schemas/study.ts';
import {runMain} from '../../support/main-command.ts';
import {makePoint, type PointFacts} from '../../support/study-points.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

const writeStudies = (studies: Readonly<Record<string, readonly StudyPoint[]>>): string => {
	const folder = path.dirname(temporaryFile('x'));
	for (const [name, points] of Object.entries(studies)) {
		const file = path.join(folder, name);
		mkdirSync(path.dirname(file), {recursive: true});
		writeFileSync(file, JSON.stringify({formatVersion: 1, points, warnings: []}, null, '\t'));
	}

	return folder;
};

const repeat = (facts: PointFacts, rates: readonly number[]): readonly StudyPoint[] =>
	rates.map((throughput, place) => makePoint({...facts, throughput, repeat: place + 1}));

const before = repeat({at: 4, throughput: 0}, [100, 101, 99, 100]);
const after = repeat({at: 4, throughput: 0, label: 'w'}, [120, 121, 119, 120]);

const compare = async (argv: readonly string[], folder: string): Promise<StudyComparison> => {
	const {out, err} = await runMain(['compare', '--format', 'json', ...argv], folder);
	expect(err).toBe('');
	return StudyComparison.parse(JSON.parse(out));
};

describe('benchmark compare of studies', () => {
	it('proves a change by repeats', async () => {
		const folder = writeStudies({'a.json': before, 'b/study.json': after});
		const {candidates, exitCode} = await compare(['a.json', 'b'], folder);
		const [throughput, mean] = candidates[0]?.changes ?? [];
		expect(throughput).toMatchObject({
			point: 'concurrency 4',
			metric: 'throughput',
			unit: 'infer/s',
			baseline: {value: 100, repeats: 4, min: 99, max: 101},
			verdict: 'faster',
		});
		expect(throughput?.change).toBeCloseTo(0.2, 3);
		expect(throughput?.interval?.low).toBeGreaterThan(0.18);
		expect(mean).toMatchObject({metric: 'mean', unit: 'ms', verdict: 'faster'});
		expect(exitCode).toBe(0);
	});

	it('gives a change and the reason without repeats; windows are none', async () => {
		const folder = writeStudies({
			'a.json': [makePoint({at: 1, throughput: 100, rates: [100, 100, 100]})],
			'b.json': [makePoint({at: 1, throughput: 150, rates: [150, 150, 150]})],
		});
		const {candidates} = await compare(['a.json', 'b.json'], folder);
		const [row] = candidates[0]?.changes ?? [];
		expect(row).toMatchObject({verdict: 'inconclusive', interval: null});
		expect(row?.change).toBeCloseTo(0.5, 12);
		expect(row?.reasons).toEqual([
			{
				code: 'too-few-repeats',
				message:
					'There is no verdict from 1 measurement of a side, 3 repeats are needed: sweep with --repeat 3. Windows are pieces of one measurement, and no repeats.',
			},
		]);
	});

	it('matches points by load, batch and protocol, and tells of those that one side alone has', async () => {
		const folder = writeStudies({
			'a.json': [1, 2].flatMap((at) => [
				makePoint({at, throughput: 100}),
				makePoint({at, throughput: 50, protocol: 'grpc'}),
			]),
			'b.json': [
				makePoint({at: 2, throughput: 60, protocol: 'grpc'}),
				makePoint({at: 4, throughput: 60, protocol: 'grpc'}),
			],
		});
		const {candidates} = await compare(['a.json', 'b.json', '--metric', 'throughput'], folder);
		expect(candidates[0]?.changes.map(({point, change}) => [point, change?.toFixed(3)])).toEqual([
			['concurrency 2, grpc', '0.200'],
		]);
		expect(candidates[0]?.unmatched).toEqual([
			'concurrency 1, http',
			'concurrency 1, grpc',
			'concurrency 2, http',
			'concurrency 4, grpc',
		]);
	});

	it('compares the variants of one study, and a variant with another study', async () => {
		const folder = writeStudies({'a.json': [...before, ...after], 'b.json': before});
		const variants = await compare(['a.json'], folder);
		expect([variants.baseline.label, variants.candidates[0]?.input.label]).toEqual(['v', 'w']);
		expect(variants.candidates[0]?.changes[0]?.verdict).toBe('faster');
		const one = await compare(['b.json', 'a.json#w'], folder);
		expect(one.candidates[0]?.input.label).toBe('w');
		expect(one.candidates[0]?.changes[0]?.change).toBeCloseTo(0.2, 3);
	});

	it('gates, as with runs', async () => {
		const folder = writeStudies({'a.json': after, 'b.json': before});
		const gate = async (...argv: readonly string[]): Promise<number> =>
			(await runMain(['compare', 'a.json', 'b.json', ...argv], folder)).exitCode;
		expect(await gate()).toBe(0);
		expect(await gate('--fail-on', '5%')).toBe(1);
		expect(await gate('--fail-on', '30%')).toBe(0);
		expect(await gate('--fail-on', 'throughput:concurrency 9/*=5%')).toBe(2);
		const lone = writeStudies({'a.json': before.slice(1, 2), 'b.json': before.slice(0, 1)});
		expect(
			(await runMain(['compare', 'a.json', 'b.json', '--require-verdict'], lone)).exitCode,
		).toBe(4);
	});

	it('prints a table with sentences below, Markdown and CSV', async () => {
		const folder = writeStudies({'a.json': before, 'b.json': after});
		const {out} = await runMain(['compare', 'a.json', 'b.json'], folder);
		expect(out).toMatch(/^point +metric +baseline +candidate +change +low +high +p +n /);
		expect(out).toMatch(/\nconcurrency 4 +throughput +100\.0 +120\.0 +20\.0%/);
		expect(out).toMatch(/\nb\.json against a\.json: 2 rows, 2 faster\n/);
		const markdown = await runMain(['compare', 'a.json', 'b.json', '--format', 'markdown'], folder);
		expect(markdown.out).toMatch(/^\| point \| metric \|/);
		const csv = await runMain(['compare', 'a.json', 'b.json', '--format', 'csv'], folder);
		expect(csv.out).toMatch(/^Candidate,Point,Metric,Unit,Baseline,/);
	});

	it.each([
		[['a.json', 'run'], /run is no study, and the others are/],
		[['a.json', 'missing'], /missing does not exist/],
		[['a.json'], /one variant only/],
		[['a.json', 'a.json'], /given twice/],
		[['a.json', 'b.json#x'], /has no variant x[^]*It has: w/],
		[['a.json', 'c.json'], /have no point in common\nPoints are matched/],
		[['a.json', 'd.json'], /have no point in common[^]*not compared: 1 of 1 in d\.json\./],
		[['a.json', 'b.json', '--metric', 'gpu_time'], /"gpu_time" is no metric of a study/],
		[['a.json', 'b.json', '--format', 'junit'], /--format junit is not for studies/],
		[['a.json', 'broken.json'], /broken\.json is not study\.json/],
	])('%j is refused', async (argv, message) => {
		const folder = writeStudies({
			'a.json': before,
			'b.json': after,
			'c.json': repeat({at: 9, throughput: 0}, [5]),
			'd.json': before.slice(0, 1).map((point) => ({...point, status: 'unstable' as const})),
		});
		mkdirSync(path.join(folder, 'run'));
		writeFileSync(path.join(folder, 'broken.json'), '{"formatVersion": 1, "points": 7}');
		const {exitCode, err} = await runMain(['compare', ...argv], folder);
		expect(exitCode).toBe(2);
		expect(err).toMatch(message);
	});
});
