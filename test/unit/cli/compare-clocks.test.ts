/** `benchmark compare` on runs whose GPUs were watched: what their clocks explain, and which samples stand out. */

import path from 'node:path';
import {beforeEach, describe, expect, it} from 'vitest';
import {ComparisonReport, type CandidateComparison} from '../../../schemas/comparison-report.ts';
import type {ComparedMetric, RangeComparison} from '../../../schemas/comparison.ts';
import type {RunClocks} from '../../../schemas/clocks.ts';
import type {InTurn, Manifest} from '../../../schemas/manifest.ts';
import {temporaryFolder} from '../../support/command.ts';
import {runMain, type Answered} from '../../support/compared-runs.ts';
import {
	atClock,
	throttledBy,
	writeWatchedRun,
	type WatchedRun,
} from '../../support/watched-runs.ts';

let root: string;
beforeEach(() => {
	root = temporaryFolder('compare-clocks');
});

/** `b` is a nanosecond off: no copy of `a`. */
const write = (name: string, run: WatchedRun): string =>
	writeWatchedRun(path.join(root, name), {extraNs: name === 'b' ? 1 : 0, ...run});

const compare = async (...argv: readonly string[]): Promise<Answered> =>
	runMain(['compare', '--kernels', '0', ...argv], root);

const ask = async (...argv: readonly string[]): Promise<ComparisonReport> => {
	const {stdout, stderr} = await compare('--json', 'a', 'b', ...argv);
	expect(stderr).not.toContain('error');
	return ComparisonReport.parse(JSON.parse(stdout));
};

const only = ({candidates: [candidate]}: ComparisonReport): CandidateComparison => {
	if (candidate === undefined) {
		throw new Error('no candidate');
	}

	return candidate;
};

const stage = 'demo/pipeline/batch_*/stage_2';

const rowOf = ({comparisons}: CandidateComparison, metric: ComparedMetric): RangeComparison => {
	const row = comparisons.find((one) => one.path === stage && one.metric === metric);
	if (row === undefined) {
		throw new Error(`no ${metric}`);
	}

	return row;
};

const kindsOf = ({reasons}: RangeComparison): readonly string[] => reasons.map(({kind}) => kind);
const codesOf = ({notes}: CandidateComparison): readonly string[] => notes.map(({code}) => code);
const noteOf = ({notes}: CandidateComparison, code: string): string =>
	notes.find((note) => note.code === code)?.message ?? '';

describe('a slower clock', () => {
	beforeEach(() => {
		write('a', {gpus: atClock(1410)});
		write('b', {gpus: atClock(1269)});
	});

	it('takes back what it explains of GPU times, says why, and leaves CPU times alone', async () => {
		const candidate = only(await ask());
		const row = rowOf(candidate, 'gpu_time');
		expect(row.verdict).toBe('inconclusive');
		expect(row.change).toBeCloseTo(1410 / 1269 - 1, 4);
		expect(row.reasons[0]).toMatchObject({
			kind: 'clock-explained',
			verdict: 'slower',
			withdrawn: true,
		});
		expect(row.reasons[0]).toHaveProperty('clock', expect.closeTo(-0.1, 9));
		expect(rowOf(candidate, 'cpu_time').verdict).toBe('slower');
		expect(kindsOf(rowOf(candidate, 'cpu_time'))).not.toContain('clock-explained');
		const means = candidate.means.filter(({comparison}) => comparison.metric === 'gpu_time');
		expect(means.map(({comparison}) => kindsOf(comparison)[0])).toEqual(['clock-explained']);
		expect(noteOf(candidate, 'clock-explained')).toContain('--despite-differences');
		expect(noteOf(candidate, 'clocks-differ')).toContain(
			'10 % lower than that of a (1269 MHz and 1410 MHz',
		);
	});

	it('gives the verdict with --despite-differences, the reason beside it', async () => {
		const candidate = only(await ask('--despite-differences'));
		const row = rowOf(candidate, 'gpu_time');
		expect(row.verdict).toBe('slower');
		expect(row.reasons[0]).toMatchObject({kind: 'clock-explained', withdrawn: false});
		expect(noteOf(candidate, 'clock-explained')).toContain('The verdict stands');
	});

	it('leaves a gate undecided, and lets it decide where it is told to', async () => {
		const gate = ['a', 'b', '--fail-on', 'gpu_time:batch_*/*=5%'];
		expect((await compare(...gate)).exitCode).toBe(0);
		expect((await compare(...gate, '--require-verdict')).exitCode).toBe(4);
		expect((await compare(...gate, '--despite-differences')).exitCode).toBe(1);
		// Its CPU times are no less slow.
		expect((await compare('a', 'b', '--fail-on', '5%')).exitCode).toBe(1);
		// Within the limit although the clock was lower: that stands.
		const wide = only(await ask('--fail-on', 'gpu_time:stage_2=20%'));
		expect(wide.gate?.outcome).toBe('passed');
	});

	it('leaves a gate undecided that only a faster clock lets pass', async () => {
		const {gate} = only(
			ComparisonReport.parse(
				JSON.parse((await compare('--json', 'b', 'a', '--fail-on', 'gpu_time:stage_2=5%')).stdout),
			),
		);
		expect(gate?.outcome).toBe('undecided');
	});

	it('is told in every format for people, and in the reasons of the others', async () => {
		const text = async (format: string): Promise<string> =>
			(await compare('a', 'b', '--format', format)).stdout;
		expect(await text('table')).toContain(
			'the clock alone explains it: the SM clock was 10.0 % lower',
		);
		expect(await text('markdown')).toMatch(/The SM clock alone explains \d+ changes of GPU times/);
		expect(await text('csv')).toMatch(/gpu_time,ms,inconclusive,.*clock-explained/);
		expect(await text('junit')).toContain('the clock alone explains it');
	});

	it('takes nothing back where both sides ran in turn', async () => {
		const turn = (side: 'a' | 'b'): {manifest: {inTurn: InTurn}} => ({
			manifest: {inTurn: {id: 'x', side, order: 'abba', seed: null, calibration: false}},
		});
		write('a', {gpus: atClock(1410), ...turn('a')});
		write('b', {gpus: atClock(1269), ...turn('b')});
		const candidate = only(await ask());
		expect(candidate.pairing).toBe('rounds');
		expect(rowOf(candidate, 'gpu_time').verdict).toBe('slower');
		expect(rowOf(candidate, 'gpu_time').reasons[0]).toMatchObject({
			kind: 'clock-explained',
			withdrawn: false,
		});
		expect(noteOf(candidate, 'clocks-differ')).toContain('comes with what they do');
	});

	it('explains the row of a sample too', async () => {
		write('old/s', {gpus: atClock(1410)});
		write('new/s', {gpus: atClock(1269)});
		const argv = [
			'-b',
			'old',
			'-c',
			'new',
			'--metric',
			'gpu_time',
			'--range',
			'stage_2',
			'--format',
			'csv',
		];
		expect((await compare(...argv)).stdout).toMatch(/,~\r?\n/);
		expect((await compare(...argv, '--despite-differences')).stdout).toContain(',slower');
		const gate = [...argv, '--fail-on', 'gpu_time=5%'];
		expect((await compare(...gate, '--require-verdict')).exitCode).toBe(4);
	});
});

describe('a clock that is not the cause', () => {
	it('leaves verdicts alone', async () => {
		write('a', {gpus: atClock(1410)});
		write('b', {gpus: atClock(1410), factor: 1.1});
		const candidate = only(await ask());
		expect(rowOf(candidate, 'gpu_time').verdict).toBe('slower');
		expect(kindsOf(rowOf(candidate, 'gpu_time'))).not.toContain('clock-explained');
		expect(codesOf(candidate)).toEqual(['not-in-turn']);
		expect(candidate.differences).toEqual([]);
	});

	it('but has a part in it is told beside them', async () => {
		write('a', {gpus: atClock(1410)});
		write('b', {gpus: atClock(1340), factor: 1.2});
		const row = rowOf(only(await ask()), 'gpu_time');
		expect(row.verdict).toBe('slower');
		expect(row.reasons[0]?.kind).toBe('clock-differs');
	});

	it('changes nothing in work that waits for memory', async () => {
		write('a', {gpus: atClock(1410), bound: 'memory'});
		write('b', {gpus: atClock(1269), bound: 'memory'});
		const candidate = only(await ask());
		expect(rowOf(candidate, 'gpu_time').verdict).toBe('same');
		expect(codesOf(candidate)).toContain('clocks-differ');
		expect(codesOf(candidate)).not.toContain('clock-explained');
	});

	it.each<[string, WatchedRun['gpus']]>([
		['not told, as by some of MIG', atClock(null)],
		['0, as of a driver in trouble', atClock(0)],
		['not told of one process', [{sm_clock_mhz: null}, ...atClock(1269, 4)]],
		['of a run that was not watched', [null, null, null, null, null]],
	])('is nobody to ask where it is %s', async (_what, gpus) => {
		write('a', {gpus: atClock(1410)});
		write('b', {gpus, factor: 1.1});
		const candidate = only(await ask());
		expect(rowOf(candidate, 'gpu_time').verdict).toBe('slower');
		expect(kindsOf(rowOf(candidate, 'gpu_time'))).not.toContain('clock-explained');
		expect(codesOf(candidate)).toContain('clocks-unknown');
		const isPartlyKnown = gpus.some((gpu) => (gpu?.sm_clock_mhz ?? 0) > 0);
		expect(codesOf(candidate).includes('clocks-differ')).toBe(isPartlyKnown);
	});

	it('is not asked for where no side knows it', async () => {
		write('a', {gpus: [null, null, null]});
		write('b', {gpus: [null, null, null]});
		const report = await ask();
		expect(codesOf(only(report)).filter((code) => code.startsWith('clock'))).toEqual([]);
		expect(report.baseline).not.toHaveProperty('gpuSamples');
	});
});

describe('samples that stand out', () => {
	it('are named: one that was throttled, with the reason', async () => {
		write('a', {gpus: atClock(1410)});
		const gpus = [...atClock(1410, 4), {...throttledBy({thermal: 0.2, power_cap: 0.62})}];
		write('b', {gpus});
		const report = await ask();
		const candidate = only(report);
		expect(noteOf(candidate, 'throttled-samples')).toContain(
			'b: the GPU was throttled for more than 10 % of the measured time in 1 of 5 watched processes: repeat 4, process 0 on GPU 0 (62 %: power_cap 62 %, thermal 20 %).',
		);
		expect(candidate.input.gpuSamples?.filter(({throttled}) => throttled)).toEqual([
			{
				repeat: 4,
				process: 0,
				gpu: 0,
				uuid: 'GPU-a',
				smClockMhz: 1410,
				clockShift: null,
				throttledShare: 0.62,
				throttled: true,
				throttleReasons: {power_cap: 0.62, thermal: 0.2},
			},
		]);
		expect(candidate.differences).toEqual([
			{
				fact: 'throttled',
				name: 'GPU throttled',
				baseline: '0 % of the measured time',
				candidate: '12 % of the measured time',
				putsInDoubt: false,
			},
		]);
		expect(rowOf(candidate, 'gpu_time').verdict).toBe('same');
	});

	it('are not at the very limit', async () => {
		write('a', {gpus: atClock(1410)});
		write('b', {gpus: [...atClock(1410, 4), throttledBy({power_cap: 0.1})]});
		expect(codesOf(only(await ask()))).toEqual(['not-in-turn']);
	});

	it('are named: one whose clock lies off, and the worst of many', async () => {
		write('a', {gpus: [...atClock(1410, 4), {sm_clock_mhz: 1200}]});
		const clocks = [1400, 1400, 1400, 1400, 1400, 1400, 1360, 1350, 1450, 1300];
		write('b', {gpus: clocks.map((clock) => ({sm_clock_mhz: clock}))});
		const {notes} = only(await ask());
		const messages = notes
			.filter(({code}) => code === 'clock-shifted-samples')
			.map(({message}) => message);
		expect(messages).toHaveLength(2);
		expect(messages[0]).toContain('repeat 4, process 0 on GPU 0 (1200 MHz, 15 % below)');
		expect(messages[1]).toMatch(/in 4 of 10 watched processes: repeat 9, .* and 1 more\./);
	});
});

describe('what was set', () => {
	const gpus: Manifest['gpus'] = [{index: 0, uuid: 'GPU-a', name: 'H100', driver: '580'}];
	const clocksOf = (
		requested: RunClocks['requested'],
		targetMhz: number | null,
		outcome: 'done' | 'failed' | 'no-permission' = 'done',
	): RunClocks => ({
		requested,
		gpus: [
			{
				index: 0,
				uuid: 'GPU-a',
				before: null,
				commands: [{setting: 'graphics-clock', arguments: [], outcome, message: ''}],
				targetMhz,
				toldMhz: null,
			},
		],
	});

	it.each<[string, RunClocks | undefined, string | null]>([
		['left alone', undefined, null],
		['refused', clocksOf('base', null, 'no-permission'), null],
		['asked for without a GPU', {requested: 'base', gpus: []}, null],
		['locked', clocksOf('base', 1410), 'locked to 1410 MHz'],
		['set by -m', clocksOf('maximize', 1980), 'locked to 1980 MHz (-m)'],
		['set by -m without a lock', clocksOf('maximize', null), 'set by -m, not locked'],
		['not known', clocksOf(1200, null, 'failed'), 'unknown: locking failed'],
	])('is a difference where it is one: %s', async (_what, clocks, told) => {
		write('a', {gpus: atClock(1410), manifest: {gpus}});
		write('b', {
			gpus: atClock(1410),
			manifest: {gpus, ...(clocks === undefined ? {} : {clocks})},
		});
		const {differences, notes} = only(await ask());
		expect(differences).toEqual(
			told === null
				? []
				: [
						{
							fact: 'clock-lock',
							name: 'SM clock',
							baseline: 'not locked',
							candidate: told,
							putsInDoubt: true,
						},
					],
		);
		expect(notes.some(({code}) => code === 'sides-differ')).toBe(told !== null);
	});

	it('as to throttled batches is a difference as well', async () => {
		write('a', {gpus: atClock(1410)});
		write('b', {gpus: atClock(1410).map((gpu) => ({...gpu, drop_throttled: true}))});
		const {differences} = only(await ask());
		expect(differences.map(({fact, putsInDoubt}) => [fact, putsInDoubt])).toEqual([
			['drop-throttled', true],
		]);
	});
});
