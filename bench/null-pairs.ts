/**
 * `npm run bench -- null-pairs [pairs] [--rounds n] [--processes n] [--wait]`: how often a program that is compared with
 * itself, under the real nsys, is called changed. The simulations (comparison-power.ts) know what noise they draw; this
 * is the noise of a machine.
 *
 *     run            2 x rounds repeats of n processes side by side
 *     repeat         0   1   2   3   4   5   6   7
 *     is             A   B   B   A   A   B   B   A         as `ab` orders them
 *     pair           process p of the A repeats against process p of the B repeats
 *
 * So one run gives n pairs. Those of one run share what the machine did meanwhile: that makes their share of alarms less
 * certain, not larger or smaller.
 */

import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {planRounds} from '../results/comparison/round-order.ts';
import {compareRounds, compareSides} from '../results/comparison/compared-ranges.ts';
import type {ComparedSamples} from '../results/comparison/measured-change.ts';
import {ProcessResult} from '../schemas/benchmark-result.ts';
import type {RangeComparison} from '../schemas/comparison.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {nsysForTests} from '../test/support/nsys.ts';

const root = path.resolve(import.meta.dirname, '..');
const program = path.join(root, 'samples/python/five_stages.py');

export interface NullPairsOptions {
	readonly pairs: number;
	readonly rounds: number;
	/** Side by side: pairs per run. */
	readonly processes: number;
	/** The program waits instead of computing. */
	readonly waits: boolean;
}

const readCount = (args: readonly string[], name: string, otherwise: number): number => {
	const at = args.indexOf(name);
	const value = Number(at === -1 ? otherwise : args[at + 1]);
	if (!Number.isSafeInteger(value) || value < 1) {
		throw new Error(`${name} takes a whole number of at least 1`);
	}

	return value;
};

export const readNullPairsOptions = (args: readonly string[]): NullPairsOptions => ({
	pairs: /^\d+$/.test(args[0] ?? '') ? Number(args[0]) : 40,
	rounds: readCount(args, '--rounds', 4),
	processes: readCount(args, '--processes', 4),
	waits: args.includes('--wait'),
});

/** @returns by repeat and process */
const measure = (
	nsys: string,
	{rounds, processes, waits}: NullPairsOptions,
	folder: string,
): readonly (readonly ProcessResult[])[] => {
	const repeats = 2 * rounds;
	execFileSync(
		process.execPath,
		[
			...['--import', 'tsx', path.join(root, 'cli/bin.ts'), 'run', '--nsys', nsys, '-o', folder],
			...['-np', String(processes), '--repeat', String(repeats), '-ll', 'error'],
			...[program, '-n', '14', ...(waits ? ['--wait'] : [])],
		],
		{stdio: ['ignore', 'ignore', 'inherit'], cwd: root, env: {...process.env, NO_COLOR: '1'}},
	);
	return Array.from({length: repeats}, (_, repeat) => {
		const own = path.join(folder, `repeat_${repeat}`);
		return readdirSync(own)
			.sort()
			.map((worker) => readJsonFile(ProcessResult, path.join(own, worker, 'benchmark.json')));
	});
};

/** Of one item per batch: times per item would say the same once more. */
const metrics = ['cpu_time', 'cpu_time_minus_warmup', 'throughput'] as const;

const valueOf = (
	result: ProcessResult | undefined,
	name: string,
	metric: (typeof metrics)[number],
): readonly number[] => {
	const statistics = result?.stats[name];
	const value =
		metric === 'throughput'
			? statistics?.throughput?.items_per_second
			: statistics?.[metric]?.median;
	return value === undefined ? [] : [value];
};

const samplesOf = (
	baseline: readonly (ProcessResult | undefined)[],
	candidate: readonly (ProcessResult | undefined)[],
): readonly ComparedSamples[] =>
	Object.keys(baseline[0]?.stats ?? {}).flatMap((name) =>
		metrics
			.map((metric) => ({
				path: name,
				metric,
				baseline: baseline.map((result) => [valueOf(result, name, metric)]),
				candidate: candidate.map((result) => [valueOf(result, name, metric)]),
			}))
			.filter((samples) => samples.baseline.flat(2).length > 0),
	);

/** The same samples judged both ways. */
interface Judged {
	readonly paired: readonly RangeComparison[];
	readonly separate: readonly RangeComparison[];
}

const judgePairs = (
	repeats: readonly (readonly ProcessResult[])[],
	{rounds, processes}: NullPairsOptions,
): readonly Judged[] =>
	Array.from({length: processes}, (_, slot) => {
		const of = (side: 'a' | 'b') =>
			planRounds('abba', rounds, 0).map(
				(order, round) => repeats[2 * round + order.indexOf(side)]?.[slot],
			);
		const samples = samplesOf(of('a'), of('b'));
		return {paired: compareRounds(samples), separate: compareSides(samples)};
	});

const isChanged = ({verdict}: RangeComparison): boolean =>
	verdict === 'slower' || verdict === 'faster';

const share = (count: number, of: number): string =>
	of === 0 ? '-' : `${((100 * count) / of).toFixed(1)} %`;

const percent = (values: readonly number[]): string => {
	const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
	return middle === undefined ? '-' : `${(100 * middle).toFixed(1)} %`;
};

const summarize = (name: string, reports: readonly (readonly RangeComparison[])[]) => {
	const all = reports.flat();
	const alone = all.filter(({p}) => p !== null && p <= 0.05).length;
	return [
		name,
		String(reports.length),
		share(reports.filter((report) => report.some(isChanged)).length, reports.length),
		String(all.length),
		share(all.filter(isChanged).length, all.length),
		share(alone, all.length),
		percent(all.flatMap(({detectable}) => (detectable === null ? [] : [detectable]))),
	];
};

/** @returns rows of a table, the header first; null where there is no nsys */
export const measureNullPairs = (
	options: NullPairsOptions,
): readonly (readonly string[])[] | null => {
	const nsys = nsysForTests();
	if (nsys === undefined) {
		return null;
	}

	const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-null-pairs-'));
	try {
		const judged: Judged[] = [];
		while (judged.length < options.pairs) {
			judged.push(...judgePairs(measure(nsys.path, options, folder), options));
		}

		return [
			[
				`null pairs of ${options.rounds} rounds, nsys ${nsys.version}`,
				'pairs',
				'with a false alarm',
				'verdicts',
				'false alarms',
				'p <= 5 % alone',
				'detectable',
			],
			summarize(
				'in turn, paired',
				judged.map(({paired}) => paired),
			),
			summarize(
				'in turn, not paired',
				judged.map(({separate}) => separate),
			),
		];
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
};
