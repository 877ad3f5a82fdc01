/**
 * `npm run bench -- clock-evidence [pairs]`: how often the SM clock is said to explain a change of a GPU time, where it
 * does and where it does not. docs/comparison-statistics.md has the table for 2000 pairs.
 */

import {compareSides} from '../results/comparison/compared-ranges.ts';
import {
	judgeByClock,
	weighByClock,
	type ProcessClocks,
} from '../results/comparison/clock-evidence.ts';
import {measureSides} from '../results/comparison/measured-change.ts';
import type {Replicates} from '../results/comparison/replicates.ts';
import {createRandom, drawNormal, type Random} from '../results/random.ts';
import {showShare, type Rows} from './comparison-power.ts';

interface Scenario {
	readonly name: string;
	/** How the candidate's clock stands to the baseline's. */
	readonly clock?: number;
	/** How the candidate's work does. */
	readonly work?: number;
	/** How far times follow 1 / clock: 1 computes, 0 waits for memory. */
	readonly follows?: number;
	/** How clocks of processes vary, as a logarithm. Times vary by 0.01 beside that. */
	readonly spread?: number;
}

const scenarios: readonly Scenario[] = [
	{name: 'clock 5 % lower, locked', clock: 0.95, spread: 0},
	{name: 'clock 10 % lower', clock: 0.9},
	{name: 'nothing changed, clocks vary', spread: 0.02},
	{name: 'work 5 % more, clocks vary', work: 1.05, spread: 0.02},
	{name: 'work 10 % more', work: 1.1},
	{name: 'half work, half clock: 10 %', work: 1.05, clock: 1 / 1.05},
	{name: 'half work, half clock: 5 %', work: 1.025, clock: 1 / 1.025},
	{name: 'clock makes 7 % of 10 %', work: 1.03, clock: 0.935},
	{name: 'clock 10 % lower, half bound by memory', clock: 0.9, follows: 0.5},
	{name: 'the same, and work 11 % more, by memory', clock: 0.9, follows: 0, work: 1 / 0.9},
];

interface Side {
	readonly times: Replicates;
	readonly clocks: ProcessClocks;
}

const drawSide = (
	random: Random,
	n: number,
	{clock = 1, work = 1, follows = 1, spread = 0.003}: Omit<Scenario, 'name'>,
): Side => {
	const clocks = Array.from({length: n}, () => clock * Math.exp(spread * drawNormal(random)));
	const times = clocks.map((own) => [
		(10 * work * Math.exp(0.01 * drawNormal(random))) / own ** follows,
	]);
	return {times: [times], clocks: [clocks]};
};

/** null: the time is not judged changed. */
const isExplained = (baseline: Side, candidate: Side): boolean | null => {
	const samples = {
		path: 'range',
		metric: 'gpu_time' as const,
		baseline: baseline.times,
		candidate: candidate.times,
	};
	const [row] = compareSides([samples]);
	const estimate = row?.estimate ?? null;
	if (estimate === null || (row?.verdict !== 'slower' && row?.verdict !== 'faster')) {
		return null;
	}

	const clocks = {baseline: baseline.clocks, candidate: candidate.clocks};
	const judgement = judgeByClock(
		estimate.logChange,
		(weight) => {
			const weighed = weighByClock(samples, clocks, weight);
			return weighed && measureSides(weighed).estimate;
		},
		0.05,
	);
	return judgement?.explains ?? false;
};

export const measureClockEvidence = ([given]: readonly string[]): Rows => {
	const pairs = Number(given ?? 2000);
	const random = createRandom(1);
	return [
		['scenario', 'n a side', 'changed', 'explained', 'of the changed'],
		...scenarios.flatMap(({name, ...scenario}) =>
			[3, 5, 8].map((n) => {
				const answers = Array.from({length: pairs}, () =>
					isExplained(
						drawSide(random, n, {...scenario, clock: 1, work: 1}),
						drawSide(random, n, scenario),
					),
				).filter((answer) => answer !== null);
				const explained = answers.filter(Boolean).length;
				return [
					name,
					String(n),
					showShare(answers.length, pairs),
					showShare(explained, pairs),
					showShare(explained, answers.length),
				];
			}),
		),
	];
};
