/**
 * `npm run bench -- comparison [pairs]`: how often comparisons of simulated sides err, and how often they find the
 * change that they print as the smallest detectable one. docs/comparison-statistics.md has the tables for 10,000 pairs.
 *
 * `npm run bench -- comparison [pairs] --candidates`: the same for the tests that were not chosen.
 */

import {compareRounds, compareSides} from '../results/comparison/compared-ranges.ts';
import {gatherUnits, locateSide, takeLogs} from '../results/comparison/replicates.ts';
import {createRandom, type Random} from '../results/random.ts';
import type {RangeComparison} from '../schemas/comparison.ts';
import {candidates} from './comparison-candidates.ts';
import {
	drawOnDriftingMachine,
	drawRepeats,
	multiply,
	scenarios,
	type Rounds,
	type Scenario,
} from './comparison-scenarios.ts';
import {simulateFamilies} from './comparison-families.ts';
import {simulateLooks, simulatePrecision} from './comparison-stopping.ts';

export type Rows = readonly (readonly string[])[];

export const showShare = (count: number, of: number): string =>
	of === 0 ? '-' : `${((100 * count) / of).toFixed(1)} %`;

const middle = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const isFound = ({verdict}: RangeComparison | undefined = compareNothing): boolean =>
	verdict === 'faster' || verdict === 'slower';

const [compareNothing] = compareSides([
	{path: '', metric: 'cpu_time', baseline: [], candidate: []},
]) as [RangeComparison];

type Compare = typeof compareSides;

const compareOne = (compare: Compare, rounds: Rounds): RangeComparison =>
	compare([{path: 'a', metric: 'cpu_time', ...rounds}])[0] ?? compareNothing;

interface Tally {
	alarms: number;
	covered: number;
	found: number;
	detectable: number[];
}

/** One null pair, and a second one that is as far apart as the first says that it could have seen. */
const simulatePair = (compare: Compare, draw: () => Rounds, tally: Tally): void => {
	const none = compareOne(compare, draw());
	tally.alarms += isFound(none) ? 1 : 0;
	const {interval, detectable} = none;
	tally.covered += interval !== null && interval.low <= 0 && interval.high >= 0 ? 1 : 0;
	if (detectable !== null) {
		const {baseline, candidate} = draw();
		const changed = {baseline, candidate: multiply(candidate, 1 + detectable)};
		tally.found += compareOne(compare, changed).verdict === 'slower' ? 1 : 0;
		tally.detectable.push(detectable);
	}
};

const simulate = (
	name: string,
	n: number,
	pairs: number,
	compare: Compare,
	draw: () => Rounds,
): readonly string[] => {
	const tally: Tally = {alarms: 0, covered: 0, found: 0, detectable: []};
	for (let pair = 0; pair < pairs; pair++) {
		simulatePair(compare, draw, tally);
	}

	return [
		name,
		String(n),
		showShare(tally.alarms, pairs),
		showShare(tally.covered, pairs),
		`${(100 * middle(tally.detectable)).toFixed(1)} %`,
		showShare(tally.found, tally.detectable.length),
	];
};

const drawPair =
	({draw}: Scenario, random: Random, n: number) =>
	(): Rounds => ({
		baseline: draw(random, n, 'baseline'),
		candidate: draw(random, n, 'candidate'),
	});

const simulateSides = (pairs: number): Rows => [
	['scenario', 'n a side', 'false alarms', 'coverage', 'detectable', 'found'],
	...scenarios.flatMap((scenario, index) =>
		[3, 4, 5, 8, 20].map((n) =>
			simulate(
				scenario.name,
				n,
				pairs,
				compareSides,
				drawPair(scenario, createRandom(1000 * index + n), n),
			),
		),
	),
];

const simulateRepeats = (pairs: number): Rows => [
	['4 processes side by side', 'repeats', 'false alarms', 'coverage', 'detectable', 'found'],
	...[1, 2, 3, 5].map((repeats) => {
		const own = createRandom(repeats);
		return simulate('repeats differ as much as processes', repeats, pairs, compareSides, () => ({
			baseline: drawRepeats(own, repeats, 4),
			candidate: drawRepeats(own, repeats, 4),
		}));
	}),
];

const simulateDrift = (pairs: number): Rows => [
	['machine that drifts', 'n a side', 'false alarms', 'coverage', 'detectable', 'found'],
	...[5, 10, 20].flatMap((n) => [
		simulate('in turn, paired', n, pairs, compareRounds, () =>
			drawOnDriftingMachine(random, n, true),
		),
		simulate('in turn, not paired', n, pairs, compareSides, () =>
			drawOnDriftingMachine(random, n, true),
		),
		simulate('one side after the other', n, pairs, compareSides, () =>
			drawOnDriftingMachine(random, n, false),
		),
	]),
];

const random = createRandom(77);

/** What the power of all candidates is compared at: what Welch's finds in about four fifths of normal pairs. */
const effectAt = (n: number): number => ({3: 0.045, 5: 0.032, 8: 0.023})[n] ?? 0.02;

const simulateCandidates = (pairs: number): Rows => [
	['scenario', 'n', ...candidates.map(({name}) => name)],
	...scenarios.slice(0, -2).flatMap((scenario) =>
		[3, 5, 8].map((n) => {
			const draw = drawPair(scenario, random, n);
			const counts = candidates.map(() => ({alarms: 0, found: 0}));
			for (let pair = 0; pair < pairs; pair++) {
				const {baseline, candidate} = draw();
				const [a, b] = [baseline, candidate].map(
					(side) => gatherUnits(takeLogs(locateSide(side, 'baseline').medians)).values,
				);
				const changed = (b ?? []).map((value) => value + effectAt(n));
				for (const [at, {finds}] of candidates.entries()) {
					const count = counts[at];
					if (count !== undefined) {
						count.alarms += finds(a ?? [], b ?? [], random) ? 1 : 0;
						count.found += finds(a ?? [], changed, random) ? 1 : 0;
					}
				}
			}

			const show = (count: number): string => ((100 * count) / pairs).toFixed(1);
			return [
				scenario.name,
				String(n),
				...counts.map(({alarms, found}) => `${show(alarms)} / ${show(found)}`),
			];
		}),
	),
];

/** @param args pairs per line; `--candidates` for the tests that were not chosen */
export const measureComparison = (args: readonly string[]): readonly Rows[] => {
	const pairs = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 10_000);
	return args.includes('--candidates')
		? [simulateCandidates(pairs)]
		: [
				simulateSides(pairs),
				simulateRepeats(pairs),
				simulateDrift(pairs),
				simulateFamilies(pairs),
				simulateLooks(pairs),
				simulatePrecision(pairs),
			];
};
