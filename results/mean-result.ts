/** From the processes of a run to its `benchmark_mean.json`. */

import type {MeanResult, RangeStatistics} from '../schemas/benchmark-result.ts';
import type {Warning} from '../schemas/warning.ts';
import {leastProcesses, planResamples} from './bootstrap.ts';
import {averageRanges} from './mean-ranges.ts';
import type {MeasuredProcess} from './process-result.ts';
import {describeRun, type RunPlan} from './result-meta.ts';
import {
	gatherWarnings,
	warnOfFewProcesses,
	warnOfGpu,
	warnOfCoarseIntervals,
	warnOfMissingIntervals,
	warnOfOverlap,
	warnOfPartialPaths,
	warnOfRepeats,
} from './run-warnings.ts';
import {warnOfStart} from './start-warnings.ts';
import {
	costOfPath,
	countPathProcesses,
	describeSamples,
	rankPath,
	type GroupedSamples,
} from './statistics.ts';
import {computeThroughput, type RunThroughput} from './throughput.ts';

export interface RunProcess {
	/** All 0-based. */
	readonly repeat: number;
	readonly gpu: number;
	readonly process: number;
	readonly measured: MeasuredProcess;
}

type Results = MeanResult['mean_data'];

const groupRepeats = (processes: readonly RunProcess[]): readonly (readonly RunProcess[])[] => {
	const repeats = new Map<number, RunProcess[]>();
	for (const process of processes) {
		const repeat = repeats.get(process.repeat) ?? [];
		repeats.set(process.repeat, repeat);
		repeat.push(process);
	}

	return [...repeats.values()];
};

/** Paths of all processes, a parent before its children. */
const listPaths = (processes: readonly RunProcess[]): readonly string[] => {
	const children = new Map<string, string[]>([['', []]]);
	for (const {measured} of processes) {
		const open = [''];
		for (const path of measured.samples.keys()) {
			while (open.length > 1 && !path.startsWith(`${open.at(-1) ?? ''}/`)) {
				open.pop();
			}

			if (!children.has(path)) {
				children.set(path, []);
				children.get(open.at(-1) ?? '')?.push(path);
			}

			open.push(path);
		}
	}

	const below = (path: string): readonly string[] =>
		(children.get(path) ?? []).flatMap((child) => [child, ...below(child)]);
	return below('');
};

const samplesAt = (path: string, repeats: readonly (readonly RunProcess[])[]): GroupedSamples =>
	repeats
		.map((processes) =>
			processes.flatMap(({measured}) => {
				const samples = measured.samples.get(path);
				return samples === undefined ? [] : [samples];
			}),
		)
		.filter(({length}) => length > 0);

const throughputAt = (
	path: string,
	repeats: readonly (readonly RunProcess[])[],
): RunThroughput | null =>
	computeThroughput(
		repeats.map((processes) =>
			processes.map(({measured}) => ({
				work: measured.samples.get(path)?.work ?? null,
				window: measured.window,
			})),
		),
	);

interface RunStatistics {
	readonly stats: Record<string, RangeStatistics>;
	readonly warnings: readonly Warning[];
}

const describeStatistics = (processes: readonly RunProcess[]): RunStatistics => {
	const repeats = groupRepeats(processes);
	const ranked = listPaths(processes).map((path) => rankPath(path, samplesAt(path, repeats)));
	const resamples = planResamples(ranked.reduce((cost, path) => cost + costOfPath(path), 0));
	const rates = new Map(ranked.map(({path}) => [path, throughputAt(path, repeats)]));
	const stats = ranked.map((samples) => [
		samples.path,
		describeSamples(samples, resamples, rates.get(samples.path)?.throughput),
	]);
	const withoutInterval = ranked.filter((path) => countPathProcesses(path) < leastProcesses);
	const incomplete = [...rates.values()].map((rate) => rate?.incompleteRepeats ?? 0);
	return {
		stats: Object.fromEntries(stats) as RunStatistics['stats'],
		warnings: [
			...(processes.length < leastProcesses ? [] : warnOfMissingIntervals(withoutInterval.length)),
			...warnOfCoarseIntervals(resamples),
			...warnOfOverlap(
				[...rates.values()].flatMap((rate) => (rate === null ? [] : [rate.throughput])),
			),
			...warnOfRepeats(Math.max(0, ...incomplete), repeats.length),
		],
	};
};

export const computeMeanResult = (processes: readonly RunProcess[], plan: RunPlan): MeanResult => {
	const results = processes.map(({measured}) => measured.result);
	// The outermost level is one of objects or paths: it has no numbers, above and below.
	const all = averageRanges(results.map(({data}) => data));
	const means = averageRanges(results.map(({mean_data: mean}) => mean));
	const statistics = describeStatistics(processes);
	return {
		formatVersion: 1,
		mean_all_batches: all.mean as Results,
		mean_data: means.mean as Results,
		stats: statistics.stats,
		meta: describeRun(results, plan),
		warnings: [
			...gatherWarnings(
				processes.map((process) => ({...process, warnings: process.measured.result.warnings})),
				plan.repeats,
			),
			...warnOfFewProcesses(processes.length, plan),
			...warnOfPartialPaths(all),
			...warnOfGpu(results.filter(({meta}) => meta.gpu_traced).length, results.length),
			...statistics.warnings,
			...warnOfStart(
				processes.map(({measured}) => measured.samples),
				plan.warmupBatches,
			),
		],
	};
};
