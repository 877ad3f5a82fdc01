/** From the processes of a run to its `benchmark_mean.json`. */

import type {MeanResult, RangeStatistics} from '../schemas/benchmark-result.ts';
import type {Warning} from '../schemas/warning.ts';
import {leastProcesses, planResamples} from './bootstrap.ts';
import {findLock} from './clock-lock.ts';
import {warnOfUnheld} from './common-start.ts';
import {nameGpu} from './gpu-names.ts';
import {gpuVerdictCodes, judgeGpus} from './gpu-verdict.ts';
import {describeMeanGpu, type WatchedProcess} from './mean-gpu.ts';
import {averageRanges} from './mean-ranges.ts';
import type {MeasuredProcess} from './process-result.ts';
import {describeRun, type RunPlan} from './result-meta.ts';
import {
	gatherWarnings,
	nameProcess,
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
import {judgeWatch} from './watch-verdict.ts';

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
				originUnixNs: measured.originUnixNs,
			})),
		),
	);

interface RunStatistics {
	readonly stats: Record<string, RangeStatistics>;
	readonly warnings: readonly Warning[];
}

const hasWaited = ({measured}: RunProcess): boolean =>
	measured.result.meta.sync_start !== undefined;

const describeStatistics = (processes: readonly RunProcess[], plan: RunPlan): RunStatistics => {
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
				plan.syncStart === true || processes.some(hasWaited),
			),
			...warnOfRepeats(Math.max(0, ...incomplete), repeats.length),
		],
	};
};

const listWatched = (processes: readonly RunProcess[]): readonly WatchedProcess[] =>
	processes.flatMap(({repeat, gpu, process, measured: {result, energy}}) =>
		result.gpu_metrics === undefined || energy === null
			? []
			: [{repeat, gpu, process, metrics: result.gpu_metrics, energy}],
	);

const listOwnWarnings = ({measured}: RunProcess): readonly Warning[] =>
	measured.result.warnings.filter(({code}) => !gpuVerdictCodes.has(code));

/** What each process says of its GPU is said once for all. */
const judgeRun = (processes: readonly RunProcess[], plan: RunPlan): readonly Warning[] => {
	const judged = processes.flatMap((process) => {
		const {gpu_metrics: metrics, meta} = process.measured.result;
		return metrics === undefined
			? []
			: [
					{
						name: processes.length === 1 ? '' : nameProcess(process, plan.repeats),
						gpuName: nameGpu(process.gpu, metrics.gpu, plan.gpus),
						metrics,
						usesGpu: meta.gpu_traced,
						lock: findLock(plan.clocks, metrics.gpu),
					},
				];
	});
	const gpuNames = new Map([
		// Of one on which nothing completed only the machine's number is known: those that fail most are told of too.
		...(plan.gpus ?? []).map(({uuid, index}) => [uuid, `nvidia-smi's GPU ${index}`] as const),
		...judged.map(({metrics, gpuName}) => [metrics.gpu, gpuName] as const),
	]);
	const counts = {watched: judged.length, processes: processes.length};
	return [...judgeGpus(judged), ...judgeWatch(plan.gpuWatch, {gpuNames, ...counts})];
};

export const computeMeanResult = (processes: readonly RunProcess[], plan: RunPlan): MeanResult => {
	const results = processes.map(({measured}) => measured.result);
	// The outermost level is one of objects or paths: it has no numbers, above and below.
	const all = averageRanges(results.map(({data}) => data));
	const means = averageRanges(results.map(({mean_data: mean}) => mean));
	const statistics = describeStatistics(processes, plan);
	const gpu = describeMeanGpu(listWatched(processes));
	return {
		formatVersion: 1,
		mean_all_batches: all.mean as Results,
		mean_data: means.mean as Results,
		stats: statistics.stats,
		meta: describeRun(results, plan),
		...(gpu === null ? {} : {gpu_metrics: gpu}),
		warnings: [
			...gatherWarnings(
				processes.map((process) => ({...process, warnings: listOwnWarnings(process)})),
				plan.repeats,
			),
			...judgeRun(processes, plan),
			...warnOfFewProcesses(processes.length, plan),
			...warnOfUnheld(
				results.map(({meta}) => meta),
				plan.syncStart ?? false,
			),
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
