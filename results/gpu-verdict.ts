/**
 * What the GPU's state says of the numbers' quality, and what to do about it. Rules and thresholds with their reasons:
 * docs/gpus.md. A process's own file has this of itself, the run's once for all.
 */

import {plural} from '../base/plural.ts';
import {throttledFrom, type ProcessGpuMetrics} from '../schemas/gpu-metrics.ts';
import type {Warning} from '../schemas/warning.ts';
import {adviseHeldClock, adviseLock, type ClockLock} from './clock-lock.ts';
import {warnOfThrottling} from './throttling-verdict.ts';

export interface JudgedProcess {
	/** "process 0 on GPU 1"; empty where there is one only. */
	readonly name: string;
	/** "GPU 1" */
	readonly gpuName: string;
	readonly metrics: ProcessGpuMetrics;
	/** Whether it was seen to use the GPU. */
	readonly usesGpu: boolean;
	/** What the run asked of the GPU's clock; null: nothing. */
	readonly lock: ClockLock | null;
}

/** Boost clocks go in steps of 15 MHz, below 1 %: more than two of them are a change. */
const clocksVaryFrom = 0.02;
/** The sensor tells whole degrees. */
const warmingFrom = 2;
/** Of the measured time. */
const enoughCovered = 0.9;

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** The lowest clock of a measured batch. */
const heldClock = ({metrics: {sm_clock_range_mhz: range}}: JudgedProcess): number | null =>
	range?.[0] ?? null;

/** " (in 3 of 8 processes, here the worst)": whose number is told. */
const describeOthers = (found: readonly unknown[], all: readonly unknown[]): string =>
	all.length === 1
		? ''
		: ` (in ${found.length} of ${all.length} processes${found.length === 1 ? '' : ', here the worst'})`;

interface Found {
	readonly process: JudgedProcess;
	/** How bad it is. */
	readonly value: number;
}

/** One warning for all processes that have it, of the worst one. */
const warnOfWorst = (
	processes: readonly JudgedProcess[],
	measure: (process: JudgedProcess) => number | null,
	isBad: (value: number) => boolean,
	describe: (worst: Found, others: string) => Warning,
): readonly Warning[] => {
	const found = processes
		.flatMap((process): Found[] => {
			const value = measure(process);
			return value !== null && isBad(value) ? [{process, value}] : [];
		})
		.toSorted((a, b) => b.value - a.value);
	const [worst] = found;
	return worst === undefined ? [] : [describe(worst, describeOthers(found, processes))];
};

const shareOf = ({metrics: {window}}: JudgedProcess, reasons: readonly string[]): number | null => {
	const shares = window?.event_reasons ?? null;
	return shares === null ? null : Math.max(...reasons.map((reason) => shares[reason] ?? 0));
};

const heat = ['thermal', 'hw_thermal'] as const;
const power = ['power_cap', 'hw_power_brake'] as const;

/** "power_cap": those that the window has. */
const nameReasons = ({metrics: {window}}: JudgedProcess, reasons: readonly string[]): string =>
	reasons.filter((reason) => (window?.event_reasons?.[reason] ?? 0) > 0).join(', ');

const isCapped = (share: number): boolean => share > throttledFrom;

const coveredShare = ({metrics: {window}}: JudgedProcess): number | null =>
	window === null
		? null
		: Math.max(0, ...Object.values(window.levels).map((level) => level?.covered ?? 0));

/** Shares by reason are of the time that is known. */
const nameTime = (process: JudgedProcess): string =>
	(coveredShare(process) ?? 1) < enoughCovered
		? 'what is known of the measured time'
		: 'the measured time';

/** "sudo nvidia-smi -i GPU-1b2c -pl <watts>, and so for 2 more GPUs": without -i it would set all that the machine has. */
const nameLimitCommand = (worst: JudgedProcess, processes: readonly JudgedProcess[]): string => {
	const capped = processes.filter((process) => isCapped(shareOf(process, power) ?? 0));
	const others = new Set(capped.map(({metrics: {gpu}}) => gpu)).size - 1;
	const command = `sudo nvidia-smi -i ${worst.metrics.gpu} -pl <watts>`;
	return others > 0 ? `${command}, and so for ${plural(others, 'more GPU')}` : command;
};

const warnOfCaps = (processes: readonly JudgedProcess[]): readonly Warning[] => [
	...warnOfWorst(
		processes,
		(process) => shareOf(process, heat),
		isCapped,
		({process, value}, others) => ({
			code: 'gpu-thermal-limit',
			message: `${process.gpuName} was held down by heat (${nameReasons(process, heat)}) for ${percent(value)} of ${nameTime(process)}${others}. Cool it better, leave it pauses, or ${adviseHeldClock(process.lock, heldClock(process))}.`,
		}),
	),
	...warnOfWorst(
		processes,
		(process) => shareOf(process, power),
		isCapped,
		({process, value}, others) => ({
			code: 'gpu-power-limit',
			message: `${process.gpuName} was at its power limit (${nameReasons(process, power)}) for ${percent(value)} of ${nameTime(process)}${others}: its clock followed what the work drew. Raise the limit (${nameLimitCommand(process, processes)}), or ${adviseHeldClock(process.lock, heldClock(process))}.`,
		}),
	),
];

const warnOfClocks = (processes: readonly JudgedProcess[]): readonly Warning[] =>
	warnOfWorst(
		processes.filter(({usesGpu}) => usesGpu),
		({metrics: {sm_clock_range_mhz: range}}) =>
			range === null || range[1] === 0 ? null : (range[1] - range[0]) / range[1],
		(spread) => spread > clocksVaryFrom,
		({process}, others) => {
			const {gpuName, metrics, lock} = process;
			const [lowest, highest] = metrics.sm_clock_range_mhz ?? [0, 0];
			return {
				code: 'gpu-clocks-vary',
				message: `The SM clock of ${gpuName} was ${lowest.toFixed(0)} to ${highest.toFixed(0)} MHz in the measured batches${others}, and times follow it. ${adviseLock(lock, metrics.gpu, heldClock(process))}`,
			};
		},
	);

const warnOfWarming = (processes: readonly JudgedProcess[]): readonly Warning[] =>
	warnOfWorst(
		processes.filter(({usesGpu}) => usesGpu),
		({metrics}) => metrics.temperature_rise_celsius,
		(rise) => rise >= warmingFrom,
		({process: {gpuName}, value}, others) => ({
			code: 'gpu-warming-up',
			message: `${gpuName} was still getting warmer while it was measured, by ${value.toFixed(1)} °C from the second to the last quarter${others}: a hotter GPU draws more and clocks lower. Let it run longer before, by more batches and a wider -w.`,
		}),
	);

const warnOfErrors = (processes: readonly JudgedProcess[]): readonly Warning[] =>
	warnOfWorst(
		processes,
		({metrics}) => metrics.uncorrected_ecc_errors,
		(errors) => errors > 0,
		({process: {gpuName}, value}, others) => ({
			code: 'gpu-memory-errors',
			message: `${gpuName} had ${plural(value, 'uncorrected memory error')} meanwhile${others}: do not trust its results. \`nvidia-smi -q -d ECC\` and the kernel's log (Xid) tell more; it may need a reset.`,
		}),
	);

const warnOfGaps = (processes: readonly JudgedProcess[]): readonly Warning[] =>
	warnOfWorst(
		processes,
		(process) => {
			const covered = coveredShare(process);
			return covered === null ? null : 1 - covered;
		},
		(missing) => missing > 1 - enoughCovered,
		({process: {gpuName}, value}, others) => ({
			code: 'gpu-metrics-gaps',
			message: `Nothing is known of ${gpuName} for ${percent(value)} of the measured time${others}: nvidia-smi was slow or silent, or the time was shorter than --metrics-interval.`,
		}),
	);

/** @param processes that were watched; of a single one this is its own verdict */
export const judgeGpus = (processes: readonly JudgedProcess[]): readonly Warning[] => [
	...warnOfThrottling(processes),
	...warnOfCaps(processes),
	...warnOfClocks(processes),
	...warnOfWarming(processes),
	...warnOfErrors(processes),
	...warnOfGaps(processes),
];

/** Of a process's own file: the run says them itself, once. */
export const gpuVerdictCodes: ReadonlySet<string> = new Set([
	'gpu-throttled',
	'throttled-dropped',
	'throttled-kept',
	'gpu-thermal-limit',
	'gpu-power-limit',
	'gpu-clocks-vary',
	'gpu-warming-up',
	'gpu-memory-errors',
	'gpu-metrics-gaps',
]);
