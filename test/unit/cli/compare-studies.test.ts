import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeStudy} from '../../../report/study-answers.ts';
import {answerStudy} from '../../../results/study/answers.ts';
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

	it('never takes other instances or devices of one label for repeats, and tells no label twice', async () => {
		const counted = (label: string): readonly StudyPoint[] =>
			[1, 2].map((instances) =>
				makePoint({
					at: 4,
					throughput: 100,
					label: `${label}${instances}`,
					instances,
					device: 'gpu',
				}),
			);
		const same = counted('m').map((point) => ({...point, label: 'm'}));
		const folder = writeStudies({
			...{'a.json': counted('m'), 'b.json': counted('m')},
			...{'c.json': same, 'd.json': same},
		});
		const pointsOf = async (...given: readonly string[]): Promise<readonly string[]> =>
			(await compare([...given, '--metric', 'throughput'], folder)).candidates.flatMap(
				({changes}) => changes.map(({point}) => point),
			);
		expect(await pointsOf('a.json', 'b.json')).toEqual(['m1, concurrency 4', 'm2, concurrency 4']);
		expect(await pointsOf('c.json', 'd.json')).toEqual([
			'1 inst., concurrency 4',
			'2 inst., concurrency 4',
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

	it.each([
		['protocols', [{}, {protocol: 'grpc'}], ['v, http', 'v, grpc']],
		[
			'kinds of shared memory and batch sizes',
			[
				{label: 'no', sharedMemory: 'none'},
				{label: 'no', sharedMemory: 'none', batchSize: 8},
				{label: 'system', sharedMemory: 'system'},
			],
			['no, batch 1', 'no, batch 8', 'system'],
		],
		['numbers of instances', [{instances: 1}, {instances: 2}], ['v, 1 inst.', 'v, 2 inst.']],
	] as const)('takes for variants what the answers do: %s', async (_, facts, names) => {
		const points = facts.flatMap((each, place) =>
			repeat(
				{at: 4, throughput: 0, ...each},
				[100, 101, 99].map((rate) => rate + 50 * place),
			),
		);
		const told = describeStudy({answers: answerStudy({points}, [])}).join('\n');
		const folder = writeStudies({'a.json': points});
		const {baseline, candidates} = await compare(['a.json'], folder);
		expect([baseline.label, ...candidates.map(({input}) => input.label)]).toEqual(names);
		expect(told).toContain(`highest of ${names.length} variants: ${names.at(-1) ?? ''} with`);
		expect(candidates.map(({changes: [first]}) => [first?.point, first?.verdict])).toEqual(
			candidates.map(() => ['concurrency 4', 'faster']),
		);
		// One of them by the name that the table has.
		const named = await compare(
			names.map((name) => `a.json#${name}`),
			folder,
		);
		expect(named.candidates.map(({changes}) => changes)).toEqual(
			candidates.map(({changes}) => changes),
		);
	});

	it('has the change against the variant before, with its interval, in the order of the study', async () => {
		const rates = {first: [100, 101, 99], second: [200, 202, 198], third: [150, 151, 149]};
		const points = Object.entries(rates).flatMap(([label, own]) =>
			repeat({at: 4, throughput: 0, label}, own),
		);
		const folder = writeStudies({'a.json': points, 'b.json': points.slice(0, 6)});
		const {candidates} = await compare(['a.json', '--metric', 'throughput'], folder);
		const [second, third] = candidates.map(({changes: [change]}) => change);
		expect(second?.previous).toEqual({change: second?.change, interval: second?.interval});
		expect([third?.change?.toFixed(3), third?.previous?.change?.toFixed(3)]).toEqual([
			'0.500',
			'-0.250',
		]);
		expect(third?.previous?.interval?.low).toBeGreaterThan(-0.28);
		expect(third?.previous?.interval?.high).toBeLessThan(-0.22);
		const {out} = await runMain(['compare', 'a.json', '--format', 'markdown'], folder);
		expect(out).toMatch(
			/^\| candidate \| point \| metric \| baseline \| value \| change \| low \| high \| from previous \| previous low \| previous high \|/,
		);
		// Of two variants the one before is the first; studies are no series.
		expect((await runMain(['compare', 'b.json'], folder)).out).not.toContain('previous');
		const studies = await compare(['b.json', 'a.json'], folder);
		expect(studies.candidates[0]?.changes[0]).not.toHaveProperty('previous');
	});

	it('tells of a variant that has no point in common with the first, and compares the others', async () => {
		const folder = writeStudies({
			'a.json': [
				...before,
				...after,
				...repeat({at: 4, throughput: 0, label: 'x', status: 'failed'}, [1]),
			],
		});
		const {candidates, exitCode} = await compare(['a.json'], folder);
		expect(candidates.map(({changes, notes}) => [changes.length, notes.at(-1)?.code])).toEqual([
			[2, undefined],
			[0, 'no-point-in-common'],
		]);
		expect(exitCode).toBe(0);
		const {out} = await runMain(['compare', 'a.json'], folder);
		expect(out).toContain('x against v: 0 rows\nnote: ');
		expect(out).toContain(
			'note: v and x have no point in common. Points that are unstable or failed are not compared: 1 of 1 in x.',
		);
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

	it('is undecided about a point that the candidate lacks, and names it', async () => {
		const other = repeat({at: 8, throughput: 0}, [200, 201, 199, 200]);
		const folder = writeStudies({'a.json': [...before, ...other], 'b.json': before});
		const gate = ['--fail-on', '30%', '--metric', 'throughput'];
		const {candidates} = await compare(['a.json', 'b.json', ...gate], folder);
		expect(candidates[0]?.gate).toBe('undecided');
		expect(candidates[0]?.notes[0]?.message).toMatch(
			/undecided there: concurrency 8\/throughput \(not in the candidate\)\./,
		);
		const run = async (...argv: readonly string[]): Promise<number> =>
			(await runMain(['compare', ...argv, '--require-verdict'], folder)).exitCode;
		expect(await run('a.json', 'b.json', ...gate)).toBe(4);
		expect(await run('a.json', 'b.json', '--fail-on', 'concurrency 4/*=30%')).toBe(0);
		// What is new has nothing to be worse than.
		expect(await run('b.json', 'a.json', ...gate)).toBe(0);
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
		[
			['a.json', 'broken.json'],
			/broken\.json is not study\.json.*\(points: expected array, received number; warnings: /,
		],
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
