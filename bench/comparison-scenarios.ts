/**
 * What processes, machines and batches do to a time of 10 ms, for the simulations of comparison-power.ts. Every draw is
 * a side: samples by repeat, process and batch. The logarithms of the processes have the same mean on both sides, so
 * that whatever a test finds between two draws is a false alarm.
 */

import type {Replicates} from '../results/comparison/replicates.ts';
import {drawIndex, drawNormal, type Random} from '../results/random.ts';

/** A process's deviation from the true time, as a logarithm. */
type Effect = (random: Random) => number;

export interface Scenario {
	readonly name: string;
	readonly draw: (random: Random, n: number, side: 'baseline' | 'candidate') => Replicates;
}

const trueTime = 10;
const batches = 12;
/** How far processes spread, 1 %. */
const spread = 0.01;

const normal: Effect = (random) => spread * drawNormal(random);

/** Skewed to the slow side, as times are; centered at the mean of the logarithm. */
const skewed: Effect = (random) => spread * (Math.exp(drawNormal(random)) - Math.exp(0.5));

/** Student's t with 3 degrees of freedom. */
const heavy: Effect = (random) => {
	const square = drawNormal(random) ** 2 + drawNormal(random) ** 2 + drawNormal(random) ** 2;
	return (spread * drawNormal(random)) / Math.sqrt(square / 3);
};

/** One process in ten is 10 % slower: something else ran on that machine. */
const disturbed: Effect = (random) => normal(random) + (random() < 0.1 ? 0.1 : 0);

/** A share of the processes got the slow layout in memory, 3 % slower; they hardly vary otherwise. */
const twoGroups =
	(share: number): Effect =>
	(random) =>
		0.1 * normal(random) + (random() < share ? 0.03 : 0);

/** Batches vary by 3 %, and one in twenty takes twice as long. */
const drawBatch = (random: Random): number =>
	0.03 * drawNormal(random) + (random() < 0.05 ? Math.LN2 : 0);

const drawProcess = (random: Random, level: number): readonly number[] =>
	Array.from({length: batches}, () => trueTime * Math.exp(level + drawBatch(random)));

/** Caches and clocks settle: the first batches are up to 5 % slower, and each batch leans on the one before. */
const drawDriftingProcess = (random: Random, level: number): readonly number[] => {
	let previous = 0;
	return Array.from({length: batches}, (_, batch) => {
		previous = 0.7 * previous + 0.02 * drawNormal(random);
		return trueTime * Math.exp(level + previous + 0.05 * Math.exp(-batch / 3));
	});
};

const drawSide = (random: Random, n: number, effect: Effect, draw = drawProcess): Replicates => [
	Array.from({length: n}, () => draw(random, effect(random))),
];

const alike = (name: string, effect: Effect): Scenario => ({
	name,
	draw: (random, n) => drawSide(random, n, effect),
});

/** Processes side by side; what the machine does to a repeat is as large as what sets processes apart. */
export const drawRepeats = (random: Random, repeats: number, processes: number): Replicates =>
	Array.from({length: repeats}, () => {
		const shared = normal(random);
		return Array.from({length: processes}, () => drawProcess(random, shared + normal(random)));
	});

export const scenarios: readonly Scenario[] = [
	alike('normal', normal),
	alike('skewed', skewed),
	alike('heavy tails', heavy),
	alike('disturbed processes', disturbed),
	alike('two groups, half and half', twoGroups(0.5)),
	alike('two groups, one in five', twoGroups(0.2)),
	{
		name: 'batches drift',
		draw: (random, n) => drawSide(random, n, normal, drawDriftingProcess),
	},
	{
		name: 'candidate varies 3 times as much',
		draw: (random, n, side) =>
			drawSide(random, n, side === 'baseline' ? normal : (from) => 3 * normal(from)),
	},
	{
		name: 'twice as many candidates',
		draw: (random, n, side) => drawSide(random, side === 'baseline' ? n : 2 * n, normal),
	},
	{name: 'repeats of 2 processes', draw: (random, n) => drawRepeats(random, n, 2)},
	{
		name: 'candidate alone skewed',
		draw: (random, n, side) => drawSide(random, n, side === 'baseline' ? normal : skewed),
	},
];

/** A machine that drifts: by 0.5 % from one measurement to the next, and never back by itself. */
const drawWalk = (random: Random, length: number): readonly number[] => {
	let level = 0;
	return Array.from({length}, () => (level += 0.005 * drawNormal(random)));
};

export interface Rounds {
	readonly baseline: Replicates;
	readonly candidate: Replicates;
}

/** 2 n measurements on a drifting machine, of one process each: in turn (ABBA), or all of one side first. */
export const drawOnDriftingMachine = (random: Random, n: number, inTurn: boolean): Rounds => {
	const measured = drawWalk(random, 2 * n).map((level) => [
		drawProcess(random, level + normal(random)),
	]);
	const isBaseline = (at: number): boolean => (inTurn ? at % 4 === 0 || at % 4 === 3 : at < n);
	return {
		baseline: measured.filter((_, at) => isBaseline(at)),
		candidate: measured.filter((_, at) => !isBaseline(at)),
	};
};

/** The ranges of one side: a pipeline of so many stages, and itself. They share their process's effect. */
export const drawPipeline = (
	random: Random,
	{processes, stages}: {readonly processes: number; readonly stages: number},
	factors: readonly number[],
): readonly Replicates[] => {
	const effects = Array.from({length: processes}, () => normal(random));
	const values = effects.map((shared) =>
		Array.from({length: stages}, (_, stage) =>
			drawProcess(random, shared + normal(random)).map((time) => time * (factors[stage] ?? 1)),
		),
	);
	const whole = values.map((process) =>
		Array.from({length: batches}, (_, batch) =>
			process.reduce((sum, times) => sum + (times[batch] ?? 0), 0),
		),
	);
	return [
		[whole],
		...Array.from({length: stages}, (_, stage) => [values.map((process) => process[stage] ?? [])]),
	];
};

export const multiply = (side: Replicates, factor: number): Replicates =>
	side.map((processes) => processes.map((samples) => samples.map((value) => value * factor)));

/** Draws with replacement. */
export const resample = (values: readonly number[], random: Random): readonly number[] =>
	values.map(() => values[drawIndex(random, values.length)] ?? 0);
