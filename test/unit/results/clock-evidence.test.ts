/** Whether the SM clock explains a change: times and clocks that are drawn, so that the true answer is known. */

import {describe, expect, it} from 'vitest';
import {
	judgeByClock,
	weighByClock,
	type ClockJudgement,
	type ProcessClocks,
} from '../../../results/comparison/clock-evidence.ts';
import {compareRounds, compareSides} from '../../../results/comparison/compared-ranges.ts';
import {measureRounds, measureSides} from '../../../results/comparison/measured-change.ts';
import type {Replicates} from '../../../results/comparison/replicates.ts';
import {createRandom, drawNormal} from '../../../results/random.ts';
import type {RangeComparison} from '../../../schemas/comparison.ts';

interface Side {
	readonly times: Replicates;
	readonly clocks: ProcessClocks;
}

interface Truth {
	readonly n?: number;
	/** Of the candidate's clock against the baseline's. */
	readonly clock?: number;
	/** Of the candidate's work. */
	readonly change?: number;
	/** How far time follows 1 / clock: 1 is bound by computing, 0 by memory. */
	readonly follows?: number;
	/** How processes vary, as logarithms. */
	readonly timeNoise?: number;
	readonly clockNoise?: number;
}

const drawSides = (
	seed: number,
	{n = 5, clock = 1, change = 1, follows = 1, timeNoise = 0.01, clockNoise = 0.003}: Truth,
): readonly [Side, Side] => {
	const random = createRandom(seed);
	const draw = (clockFactor: number, timeFactor: number): Side => {
		const clocks = Array.from(
			{length: n},
			() => 1400 * clockFactor * Math.exp(clockNoise * drawNormal(random)),
		);
		return {
			clocks: clocks.map((value) => [value]),
			times: clocks.map((value) => [
				[10 * timeFactor * (1400 / value) ** follows * Math.exp(timeNoise * drawNormal(random))],
			]),
		};
	};
	return [draw(1, 1), draw(clock, change)];
};

interface Answer {
	readonly row: RangeComparison | undefined;
	readonly judgement: ClockJudgement | null;
}

const judge = ([baseline, candidate]: readonly [Side, Side], paired = false): Answer => {
	const samples = {
		path: 'p',
		metric: 'gpu_time' as const,
		baseline: baseline.times,
		candidate: candidate.times,
	};
	const clocks = {baseline: baseline.clocks, candidate: candidate.clocks};
	const [row] = (paired ? compareRounds : compareSides)([samples]);
	const measure = paired ? measureRounds : measureSides;
	const judgement = judgeByClock(
		row?.estimate?.logChange ?? 0,
		(weight) => {
			const weighed = weighByClock(samples, clocks, weight);
			return weighed && measure(weighed).estimate;
		},
		0.05,
	);
	return {row, judgement};
};

const seeds = Array.from({length: 200}, (_, index) => index + 1);

/** How many of 200 pairs are judged changed, and how many of those are called explained. */
const count = (truth: Truth, paired = false): {changed: number; explained: number} => {
	const answers = seeds
		.map((seed) => judge(drawSides(seed, truth), paired))
		.filter(({row}) => row?.verdict === 'slower' || row?.verdict === 'faster');
	return {
		changed: answers.length,
		explained: answers.filter(({judgement}) => judgement?.explains).length,
	};
};

describe('a clock that explains a change', () => {
	it.each<[string, Truth, boolean]>([
		['10 % lower', {clock: 0.9}, false],
		['10 % lower, three processes', {clock: 0.9, n: 3}, false],
		['5 % higher', {clock: 1.05}, false],
		['10 % lower, in rounds', {clock: 0.9}, true],
		['locked to another value', {clock: 0.9, clockNoise: 0}, false],
	])('is found: %s', (_name, truth, paired) => {
		const {changed, explained} = count(truth, paired);
		expect(changed).toBeGreaterThan(180);
		// What is left is a true null: a twentieth of them looks like a change.
		expect(explained / changed).toBeGreaterThan(0.9);
	});

	it('leaves no more than noise of the change', () => {
		const {judgement} = judge(drawSides(1, {clock: 0.9}));
		expect(judgement?.clockLog).toBeCloseTo(Math.log(0.9), 2);
		expect(Math.abs(judgement?.rest.logChange ?? 1)).toBeLessThan(0.02);
	});
});

describe('a clock that does not', () => {
	it.each<[string, Truth, number]>([
		['it was alike', {change: 1.1}, 0],
		['it was alike and locked', {change: 1.1, clockNoise: 0}, 0],
		['it varies as much as the change', {change: 1.05, clockNoise: 0.03}, 0.025],
		['it makes the opposite change', {change: 1.2, clock: 1.05}, 0],
		['it makes half of the change', {change: 1.05, clock: 1 / 1.05}, 0.05],
		['it makes a third, in much noise', {change: 1.04, clock: 0.98, timeNoise: 0.02}, 0.05],
		['the work waits for memory in part', {clock: 0.85, follows: 0.5}, 0.05],
	])('is not believed: %s', (_name, truth, most) => {
		const {changed, explained} = count(truth);
		expect(changed).toBeGreaterThan(10);
		expect(explained / changed).toBeLessThanOrEqual(most);
	});

	it('is told beside the change where it has a part in it', () => {
		expect(judge(drawSides(1, {change: 1.1, clock: 0.95})).judgement).toMatchObject({
			explains: false,
		});
		expect(judge(drawSides(1, {change: 1.1, clock: 0.999, clockNoise: 0})).judgement).toBeNull();
	});

	it('has nothing to explain where memory-bound work stayed as it was', () => {
		const {row} = judge(drawSides(3, {clock: 0.9, follows: 0}));
		expect(row?.verdict).not.toMatch(/slower|faster/);
	});
});

describe('clocks that are not known', () => {
	const [baseline, candidate] = drawSides(1, {clock: 0.9});

	it.each<[string, ProcessClocks]>([
		['of one process', [[null], ...candidate.clocks.slice(1)]],
		['of none', candidate.clocks.map(() => [null])],
		['or 0', [[0], ...candidate.clocks.slice(1)]],
		['or fewer than processes', candidate.clocks.slice(1)],
	])('explain nothing: %s', (_name, clocks) => {
		expect(judge([baseline, {...candidate, clocks}]).judgement).toBeNull();
	});

	it('do not matter of a process without a time', () => {
		const more = {times: [...candidate.times, [[]]], clocks: [...candidate.clocks, [null]]};
		expect(judge([baseline, more]).judgement?.explains).toBe(true);
	});

	it('of two processes are too few', () => {
		expect(judge(drawSides(1, {clock: 0.9, n: 2})).judgement).toBeNull();
	});
});
