import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import type {AbsentRow} from '../../../results/comparison/absent-rows.ts';
import {compareSides} from '../../../results/comparison/compared-ranges.ts';
import {createLimitSearch, parseGateLimits} from '../../../results/comparison/gate-limits.ts';
import {evaluateGate} from '../../../results/comparison/gate.ts';
import type {ComparedSamples} from '../../../results/comparison/measured-change.ts';
import {createRandom} from '../../../results/random.ts';
import {drawProcesses, processesOf, samplesOf} from '../../support/compared-samples.ts';

describe('--fail-on', () => {
	it.each([
		['5%', [{metric: null, pattern: null, limit: 0.05}]],
		[' 0.5 % ', [{metric: null, pattern: null, limit: 0.005}]],
		['0%', [{metric: null, pattern: null, limit: 0}]],
		['gpu_time=3%', [{metric: 'gpu_time', pattern: null, limit: 0.03}]],
		[
			'gpu_time:pipeline/*=3%, cpu_time=10%',
			[
				{metric: 'gpu_time', pattern: 'pipeline/*', limit: 0.03},
				{metric: 'cpu_time', pattern: null, limit: 0.1},
			],
		],
		['pipeline/stage_1=2%', [{metric: null, pattern: 'pipeline/stage_1', limit: 0.02}]],
		['domain:name=2%', [{metric: null, pattern: 'domain:name', limit: 0.02}]],
		['*:cpu_time=2%', [{metric: null, pattern: 'cpu_time', limit: 0.02}]],
		['load, a=b=2%', [{metric: null, pattern: 'load, a=b', limit: 0.02}]],
		[
			'3%,a=1%',
			[
				{metric: null, pattern: null, limit: 0.03},
				{metric: null, pattern: 'a', limit: 0.01},
			],
		],
		['throughput=5%', [{metric: 'throughput', pattern: null, limit: 0.05}]],
	])('reads %j', (expression, limits) => {
		expect(parseGateLimits(expression)).toEqual(
			limits.map((limit) => ({...limit, limit: expect.closeTo(limit.limit, 12) as number})),
		);
	});

	it.each([
		['', 'a limit is missing'],
		['5', 'no limit in %'],
		['5%,', 'a limit is missing'],
		['5%5%', 'no limit in %'],
		['gpu_time', 'no limit in %'],
		['gpu_time,cpu_time=5%', '"gpu_time" has no limit'],
		['x=-3%', 'no limit'],
		['x=1..2%', 'no limit'],
		['=5%', 'no metric'],
		['gpu_tim_time=3%', 'no metric'],
		['gpu_time:=3%', 'no range after'],
		['throughput=100%', 'cannot drop'],
	])('refuses %j, and says how to write it', (expression, message) => {
		const read = () => parseGateLimits(expression);
		expect(read).toThrow(UserError);
		expect(read).toThrow(message);
	});
});

describe('a pattern', () => {
	const fits = (pattern: string, path: string): boolean =>
		createLimitSearch([{metric: null, pattern, limit: 0}])(path, 'cpu_time').length > 0;

	it.each([
		['pipeline/*', 'pipeline/batch_*/stage_1'],
		['pipeline/*', 'object/pipeline/batch_*'],
		['stage_1', 'object/pipeline/batch_*/stage_1'],
		['pipeline/batch_*/stage_1', 'pipeline/batch_*/stage_1'],
		['*', 'anything/at all'],
		[String.raw`a\*b`, String.raw`top/a\*b`],
		['a.b(c)', 'a.b(c)'],
	])('%s fits %s', (pattern, path) => {
		expect(fits(pattern, path)).toBe(true);
	});

	it.each([
		['pipeline/*', 'pipeline'],
		['pipeline', 'pipeline/batch_*'],
		['stage_1', 'pipeline/late_stage_1'],
		['stage_1', String.raw`pipeline/late\/stage_1`],
		['a.b', 'axb'],
		[String.raw`a\*b`, 'axb'],
	])('%s does not fit %s', (pattern, path) => {
		expect(fits(pattern, path)).toBe(false);
	});
});

describe('the gate', () => {
	const before = processesOf(10, 10.1, 9.9, 10.05, 9.97);
	/** Some 5 % above: the interval is 3.7 % to 6.2 %. */
	const after = processesOf(10.5, 10.6, 10.4, 10.45, 10.57);
	const gate = (fails: string, ...samples: readonly ComparedSamples[]) =>
		evaluateGate(compareSides(samples), parseGateLimits(fails));
	const slower = samplesOf(before, after);

	it.each([
		['3%', 'regression'],
		['3.7%', 'regression'],
		['3.85%', 'undecided'],
		['6.1%', 'undecided'],
		['6.3%', 'passed'],
	])('of a single range at %s goes by the ends of its interval: %s', (limit, outcome) => {
		expect(gate(limit, slower).outcome).toBe(outcome);
	});

	it('lets an improvement pass', () => {
		expect(gate('0%', samplesOf(after, before)).outcome).toBe('passed');
	});

	it('takes a drop for the worse side of throughput', () => {
		const drop = samplesOf(after, before, {metric: 'throughput'});
		expect(gate('3%', drop).outcome).toBe('regression');
		expect(gate('6.3%', drop).outcome).toBe('passed');
		expect(gate('3%', samplesOf(before, after, {metric: 'throughput'})).outcome).toBe('passed');
		expect(gate('150%', drop).outcome).toBe('passed');
	});

	it.each([
		['1%', 0.03, 'regression', null],
		['1%', 0.05, 'undecided', 'below-noise-floor'],
		// The floor makes no limit wider: what is worse than asked for never passes by it.
		['1%', 0.65, 'undecided', 'below-noise-floor'],
		['6.1%', 0.65, 'undecided', 'within-interval'],
		['6.3%', 0.65, 'passed', null],
	])('at %s with a noise floor of %d is %s (%s)', (limit, noiseFloor, outcome, doubt) => {
		const [range] = gate(limit, samplesOf(before, after, {noiseFloor})).ranges;
		expect(range).toMatchObject({outcome, doubt});
	});

	it('is undecided about a row that the candidate lacks, and says so', () => {
		const absent = {path: 'top/gone', metric: 'gpu_time', from: 'candidate', isNew: false} as const;
		const ask = (fails: string, ...rows: readonly AbsentRow[]) =>
			evaluateGate(compareSides([samplesOf(after, before)]), parseGateLimits(fails), 0.05, rows);
		expect(ask('5%')).toMatchObject({outcome: 'passed', absent: []});
		expect(ask('5%', absent)).toMatchObject({
			outcome: 'undecided',
			absent: [{...absent, limit: 0.05}],
			unused: [],
		});
		expect(ask('gone=3%', absent)).toMatchObject({absent: [{limit: 0.03}], unused: []});
		expect(ask('pipeline=5%', absent)).toMatchObject({outcome: 'passed', absent: []});
		const regression = evaluateGate(compareSides([slower]), parseGateLimits('1%'), 0.05, [absent]);
		expect(regression.outcome).toBe('regression');
	});

	it('asks for a new row only by a limit that fits nothing else', () => {
		const added = {path: 'added', metric: 'cpu_time', from: 'baseline', isNew: true} as const;
		const ask = (fails: string) =>
			evaluateGate(compareSides([samplesOf(after, before)]), parseGateLimits(fails), 0.05, [added]);
		expect(ask('5%')).toMatchObject({outcome: 'passed', absent: []});
		expect(ask('5%,added=1%')).toMatchObject({outcome: 'undecided', absent: [{limit: 0.01}]});
		expect(ask('5%,add=1%').unused.map(({pattern}) => pattern)).toEqual(['add']);
	});

	it('takes the last limit that fits, and names those that fit nothing', () => {
		const result = gate('3%,pipeline=10%,nowhere=1%', slower, {...slower, path: 'other'});
		expect(result.ranges.map(({limit, outcome}) => [limit, outcome])).toEqual([
			[0.1, 'passed'],
			[0.03, 'regression'],
		]);
		expect(result.unused.map(({pattern}) => pattern)).toEqual(['nowhere']);
	});

	it('is undecided where nothing was gated or measured', () => {
		expect(gate('nowhere=1%', slower)).toMatchObject({outcome: 'undecided', ranges: []});
		expect(gate('1%', samplesOf(before, [])).outcome).toBe('undecided');
		expect(gate('1%', samplesOf(before, []), samplesOf(after, before)).outcome).toBe('undecided');
	});

	it('asks more of a range among many', () => {
		const others = Array.from({length: 19}, (_, index) => ({
			...samplesOf(before, before),
			path: `range_${index}`,
		}));
		expect(gate('3.8%', slower, ...others).outcome).toBe('undecided');
		expect(gate('1%', slower, ...others).outcome).toBe('regression');
	});

	it('without variance goes by the permutation test', () => {
		const equal = samplesOf(processesOf(5, 5, 5, 5, 5), processesOf(6, 6, 6, 6, 6));
		expect(gate('5%', equal).outcome).toBe('regression');
		expect(gate('25%', equal).outcome).toBe('undecided');
	});

	it('fires on fewer than one in twenty null reports of forty ranges at 0 %', () => {
		const random = createRandom(9);
		const reports = 200;
		const fired = Array.from({length: reports}, () =>
			gate(
				'0%',
				...Array.from({length: 40}, () =>
					samplesOf(drawProcesses(random, 4), drawProcesses(random, 4)),
				),
			),
		).filter(({outcome}) => outcome === 'regression').length;
		expect(fired / reports).toBeLessThan(0.025 + 3.7 * Math.sqrt((0.025 * 0.975) / reports));
	});
});
