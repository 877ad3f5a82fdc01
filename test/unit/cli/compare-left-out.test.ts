/** What `benchmark compare` leaves out, and what it says of it: processes, rounds, values that are no numbers. */

import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {
	batches,
	codesOf,
	only,
	useCompareFolder,
	verdictOf,
} from '../../support/compare-command.ts';
import {measureDemo, writeDemoRun} from '../../support/compared-runs.ts';
import {writeForeignRun} from '../../support/foreign-runs.ts';
import {ProcessResult} from '../../../schemas/benchmark-result.ts';
import {writeJsonFile} from '../../../schemas/json-file.ts';

const {at, compare, ask} = useCompareFolder();

const edit = (name: string, change: (text: string) => string): void => {
	writeFileSync(at(name), change(readFileSync(at(name), 'utf8')));
};

const editForeign = (folder: string, change: (text: string) => string): void => {
	for (let process = 0; process < 5; process++) {
		edit(`${folder}/proc_${process}_gpu_0/benchmark.json`, change);
	}
};

/** stage_2 of one repeat has another name. */
const renameStage = (folder: string, repeat: number): void => {
	const {result} = measureDemo({stage: 'other', extraNs: 7 + repeat});
	writeJsonFile(ProcessResult, at(folder, `repeat_${repeat}/proc_0_gpu_0/benchmark.json`), result);
};

describe('processes that have no such range', () => {
	const missing = {kind: 'processes-missing', side: 'candidate', have: 3, of: 5};

	it('are counted in the row, whatever its verdict, and told without --all', async () => {
		writeDemoRun(at('a'));
		writeDemoRun(at('b'), {extraNs: 1});
		[1, 3].forEach((repeat) => {
			renameStage('b', repeat);
		});
		const candidate = only(await ask('a', 'b'));
		const row = candidate.comparisons.find(({path: name}) => name === `${batches}/stage_2`);
		expect(row?.verdict).toBe('same');
		expect(row?.reasons).toContainEqual(missing);
		const others = candidate.comparisons.filter((other) => other !== row);
		expect(others.flatMap(({reasons}) => reasons.map(({kind}) => kind))).not.toContain(
			'processes-missing',
		);
		const sentence = /stage_2`? cpu_time: Only 3 of 5 processes of the candidate have it/;
		expect((await compare('a', 'b')).stdout).toMatch(sentence);
		const markdown = (await compare('a', 'b', '--format', 'markdown')).stdout;
		expect(markdown.slice(0, markdown.indexOf('<details>'))).toMatch(sentence);
		expect(markdown.match(new RegExp(sentence, 'g'))).toHaveLength(1);
		expect((await compare('a', 'b', '--format', 'csv')).stdout).toMatch(
			/stage_2,cpu_time,.*processes-missing/,
		);
	});

	it('are told of throughput where a repeat does not count for them', async () => {
		writeDemoRun(at('a'), {processes: 2, repeats: 4});
		writeDemoRun(at('b'), {processes: 2, repeats: 4, extraNs: 1});
		const {result} = measureDemo({object: 'else'});
		writeJsonFile(ProcessResult, at('b/repeat_2/proc_1_gpu_0/benchmark.json'), result);
		const {comparisons} = only(await ask('a', 'b'));
		const reasonsOf = (wanted: string) =>
			comparisons.find(({metric}) => metric === wanted)?.reasons;
		expect(reasonsOf('throughput')).toContainEqual({...missing, have: 6, of: 8});
		expect(reasonsOf('cpu_time')).toContainEqual({...missing, have: 7, of: 8});
	});

	it.each([
		['null', (text: string) => text.replaceAll(/("[cg]pu_time[a-z_]*":)[\d.]+/g, '$1null')],
		['texts', (text: string) => text.replaceAll(/("[cg]pu_time[a-z_]*":)([\d.]+)/g, '$1"$2"')],
	])('are named where their values are %s', async (_what, change) => {
		writeForeignRun(at('a'));
		writeForeignRun(at('b'), {factor: 1.1});
		edit('b/proc_1_gpu_0/benchmark.json', change);
		const candidate = only(await ask('a', 'b'));
		const note = candidate.notes.find(({code}) => code === 'no-numbers');
		expect(note?.message).toMatch(/^b: \d+ times in proc_1_gpu_0\/benchmark\.json are no numbers/);
		expect(verdictOf(candidate, `${batches}/stage_2`)).toBe('slower');
		for (const {reasons} of candidate.comparisons) {
			expect(reasons).toContainEqual({...missing, have: 4});
		}

		editForeign('b', change);
		const {exitCode, stderr} = await compare('a', 'b');
		expect(exitCode).toBe(2);
		expect(stderr).toMatch(/no range and metric in common[^]*and 2 more are no numbers/);
	});
});

describe("batches of CV-CUDA's files with unlike numbers of items", () => {
	it.each([1, 2] as const)('are compared per item, generation %i', async (generation) => {
		writeForeignRun(at('a'), {generation, items: 4});
		writeForeignRun(at('b'), {generation, items: 8});
		const candidate = only(await ask('a', 'b', '--fail-on', '5%', '--require-verdict'));
		expect(candidate.comparisons.map(({metric}) => metric)).not.toContain('cpu_time');
		expect(verdictOf(candidate, `${batches}/stage_1`, 'cpu_time_per_item')).toBe('same');
		expect(candidate.gate?.outcome).toBe('passed');
		const named = only(await ask('a', 'b', '--metric', 'cpu_time'));
		expect(verdictOf(named, `${batches}/stage_1`)).toBe('slower');
	});

	it('have no verdict where nobody says how many a range had', async () => {
		writeForeignRun(at('a'), {items: 4});
		writeForeignRun(at('b'), {items: 8});
		const strip = (text: string): string =>
			text.replaceAll(
				/("total_items":[48],"cpu_time_per_item":[\d.]+,"gpu_time_per_item":0),/g,
				'',
			);
		editForeign('b', strip);
		const oneSided = only(await ask('a', 'b', '--fail-on', '5%'));
		const reasonsOf = ({comparisons}: typeof oneSided) =>
			comparisons.find(({path: name}) => name === `${batches}/stage_1`)?.reasons[0];
		expect(reasonsOf(oneSided)).toEqual({
			kind: 'items-unknown',
			side: 'candidate',
			verdict: 'slower',
		});
		expect(verdictOf(oneSided, `${batches}/stage_1`)).toBe('inconclusive');
		expect(oneSided.gate?.outcome).toBe('undecided');
		editForeign('a', strip);
		const neither = only(await ask('a', 'b'));
		expect(reasonsOf(neither)).toEqual({kind: 'items-unknown', side: null, verdict: 'slower'});
		expect(verdictOf(neither, 'demo/pipeline', 'cpu_time_per_item')).toBe('same');
		expect((await compare('a', 'b', '--fail-on', '5%', '--require-verdict')).exitCode).toBe(4);
	});

	it('do not matter where nobody counts, and the numbers around are the same', async () => {
		const strip = (text: string): string =>
			text.replaceAll(/("total_items":4,"cpu_time_per_item":[\d.]+,"gpu_time_per_item":0),/g, '');
		for (const folder of ['a', 'b']) {
			writeForeignRun(at(folder), {factor: folder === 'a' ? 1 : 1.1});
			editForeign(folder, strip);
		}

		expect(verdictOf(only(await ask('a', 'b')), `${batches}/stage_2`)).toBe('slower');
	});
});

describe('a round of ab whose processes are gone', () => {
	const inTurn = (side: 'a' | 'b') =>
		({id: 'x', side, order: 'abba', seed: null, calibration: false}) as const;

	it('is left out of the mean too', async () => {
		writeDemoRun(at('a'), {manifest: {inTurn: inTurn('a')}});
		writeDemoRun(at('b'), {manifest: {inTurn: inTurn('b')}, factor: 1.1});
		rmSync(at('b/repeat_1'), {recursive: true});
		const {means, comparisons} = only(await ask('a', 'b'));
		expect(comparisons[0]?.baseline.n).toBe(4);
		expect(means[0]?.comparison).toMatchObject({
			baseline: {n: 4, unit: 'round'},
			candidate: {n: 4, unit: 'round'},
			estimate: {degreesOfFreedom: 3},
		});
	});

	it('leaves means, which stand for no round', async () => {
		writeDemoRun(at('a'), {manifest: {inTurn: inTurn('a')}});
		writeDemoRun(at('b'), {manifest: {inTurn: inTurn('b')}, factor: 1.1});
		for (let repeat = 0; repeat < 5; repeat++) {
			rmSync(at(`b/repeat_${repeat}`), {recursive: true});
		}

		const candidate = only(await ask('a', 'b'));
		expect(candidate.pairing).toBe('separate');
		const row = candidate.comparisons.find(({path: name}) => name === `${batches}/stage_2`);
		const {baseline, candidate: mean} = row ?? {};
		expect(row?.change).toBeCloseTo((mean?.center ?? 0) / (baseline?.center ?? 1) - 1, 9);
		expect(row).toMatchObject({
			verdict: 'inconclusive',
			baseline: {n: 5, unit: 'process'},
			candidate: {n: 0},
			reasons: [{kind: 'means-only', side: 'candidate'}],
		});
		// They were measured in turn all the same.
		expect(codesOf(candidate)).toEqual(['means-only']);
	});
});
