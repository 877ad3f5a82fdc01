/** Measurements that end by what they show: rounds of `ab`, and `--repeat auto`. */

import {lookEarly, lookLast, lookRounds} from '../results/comparison/looks.ts';
import {measurePrecision} from '../results/comparison/precision.ts';
import type {Replicates} from '../results/comparison/replicates.ts';
import {createRandom, type Random} from '../results/random.ts';
import type {RangeComparison} from '../schemas/comparison.ts';
import {drawOnDriftingMachine, multiply, scenarios, type Rounds} from './comparison-scenarios.ts';

const cut = ({baseline, candidate}: Rounds, rounds: number, ranges: number) =>
	Array.from({length: ranges}, (_, range) => ({
		path: `range_${range}`,
		metric: 'cpu_time' as const,
		baseline: baseline.slice(0, rounds),
		candidate: candidate.slice(0, rounds),
	}));

interface Ending {
	readonly rounds: number;
	readonly comparison: RangeComparison | undefined;
}

const runRounds = (data: Rounds, most: number): Ending => {
	for (const rounds of lookRounds.filter((look) => look < most)) {
		const {comparisons, isClear} = lookEarly(cut(data, rounds, 1), rounds, () => true);
		if (isClear) {
			return {rounds, comparison: comparisons[0]};
		}
	}

	return {rounds: most, comparison: lookLast(cut(data, most, 1), most)[0]};
};

const share = (count: number, of: number): string => `${((100 * count) / of).toFixed(1)} %`;

const simulateChange = (pairs: number, most: number, change: number): readonly string[] => {
	const random = createRandom(most + 1000 * change);
	let [called, covered, rounds, wrongSame] = [0, 0, 0, 0];
	for (let pair = 0; pair < pairs; pair++) {
		const data = drawOnDriftingMachine(random, most, true);
		const ending = runRounds({...data, candidate: multiply(data.candidate, 1 + change)}, most);
		const {verdict, interval} = ending.comparison ?? {};
		called += verdict === 'slower' || verdict === 'faster' ? 1 : 0;
		wrongSame += verdict === 'same' && change >= 0.01 ? 1 : 0;
		rounds += ending.rounds;
		covered += interval != null && interval.low <= change && change <= interval.high ? 1 : 0;
	}

	return [
		change === 0 ? 'no change' : `${100 * change} % slower`,
		String(most),
		share(called, pairs),
		share(wrongSame, pairs),
		(rounds / pairs).toFixed(1),
		share(covered, pairs),
	];
};

export const simulateLooks = (pairs: number): readonly (readonly string[])[] => [
	['rounds in turn, early end', 'at most', 'called changed', 'wrongly same', 'rounds', 'coverage'],
	...[0, 0.01, 0.02, 0.05].flatMap((change) =>
		[12, 40].map((most) => simulateChange(pairs, most, change)),
	),
];

const precision = 0.01;
const mostRepeats = 60;

/** Repeats of one process until the interval is narrow enough. */
const repeatUntilPrecise = (draw: (random: Random, n: number) => Replicates, random: Random) => {
	const processes = draw(random, mostRepeats).flat();
	for (let repeats = 1; ; repeats++) {
		const samples = processes.slice(0, repeats).map((process) => [process]);
		const result = measurePrecision(samples, {precision, alpha: 0.05});
		if (result.isEnough || repeats === mostRepeats) {
			return {repeats, interval: result.interval};
		}
	}
};

/** The center of the process level, from very many processes. */
const findTruth = (draw: (random: Random, n: number) => Replicates): number =>
	measurePrecision(draw(createRandom(5), 20_000), {precision, alpha: 0.05}).side.center ?? 0;

export const simulatePrecision = (pairs: number): readonly (readonly string[])[] => [
	['--repeat auto, precision 1 %', 'repeats', 'coverage'],
	...scenarios.slice(0, 4).map(({name, draw}, index) => {
		const one = (random: Random, n: number) => draw(random, n, 'baseline');
		const truth = findTruth(one);
		const random = createRandom(index);
		let [covered, repeats] = [0, 0];
		for (let pair = 0; pair < pairs; pair++) {
			const end = repeatUntilPrecise(one, random);
			repeats += end.repeats;
			const {interval} = end;
			covered += interval !== null && interval.low <= truth && truth <= interval.high ? 1 : 0;
		}

		return [name, (repeats / pairs).toFixed(1), share(covered, pairs)];
	}),
];
