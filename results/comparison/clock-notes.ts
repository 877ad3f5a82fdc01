/** What a reader must know of the GPUs' clocks as a whole: samples that were throttled or shifted, sides that differ. */

import {plural} from '../../base/plural.ts';
import type {ComparedGpu} from '../../schemas/compared-gpu.ts';
import type {RangeComparison} from '../../schemas/comparison.ts';
import {throttledFrom} from '../../schemas/gpu-metrics.ts';
import type {Warning} from '../../schemas/warning.ts';
import {nameProcess} from '../run-warnings.ts';
import {clockShiftFrom} from './gpu-samples.ts';
import {mean} from './replicates.ts';
import type {Side} from './side.ts';

/** The others stand in the JSON. */
const mostNamed = 3;

const percent = (share: number): string => {
	const size = Math.abs(share) * 100;
	return `${size.toFixed(size < 10 ? 1 : 0)} %`;
};

const megahertz = (clock: number): string => `${Math.round(clock)} MHz`;

/** "repeat 2, process 0 on GPU 1". */
const nameSample = ({repeat, process, gpu}: ComparedGpu, {input}: Side): string =>
	process === null || gpu === null
		? 'its process'
		: nameProcess({repeat, process, gpu}, input.repeats);

/** The worst first. */
const listNamed = (
	found: readonly ComparedGpu[],
	side: Side,
	badness: (sample: ComparedGpu) => number,
	describe: (sample: ComparedGpu) => string,
): string => {
	const named = found
		.toSorted((a, b) => badness(b) - badness(a))
		.slice(0, mostNamed)
		.map((sample) => `${nameSample(sample, side)} (${describe(sample)})`);
	const more = found.length - named.length;
	return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

const describeReasons = ({throttledShare, throttleReasons}: ComparedGpu): string => {
	const reasons = Object.entries(throttleReasons)
		.toSorted((a, b) => b[1] - a[1])
		.map(([name, share]) => `${name} ${percent(share)}`);
	const whole = percent(throttledShare ?? 0);
	return reasons.length === 0 ? whole : `${whole}: ${reasons.join(', ')}`;
};

const countOf = (found: readonly ComparedGpu[], all: readonly ComparedGpu[]): string =>
	`${found.length} of ${plural(all.length, 'watched process', 'watched processes')}`;

const warnOfThrottled = (side: Side): readonly Warning[] => {
	const all = side.input.gpuSamples ?? [];
	const found = all.filter(({throttled}) => throttled);
	return found.length === 0
		? []
		: [
				{
					code: 'throttled-samples',
					message: `${side.input.label}: the GPU was throttled for more than ${percent(throttledFrom)} of the measured time in ${countOf(found, all)}: ${listNamed(found, side, ({throttledShare}) => throttledShare ?? 0, describeReasons)}. Their times are those of a slower GPU. Measure them again, with a clock that the GPU can hold (--lock-clocks).`,
				},
			];
};

const warnOfShifted = (side: Side): readonly Warning[] => {
	const all = side.input.gpuSamples ?? [];
	const found = all.filter(({clockShift}) => clockShift !== null);
	const describe = ({smClockMhz, clockShift}: ComparedGpu): string =>
		`${megahertz(smClockMhz ?? 0)}, ${percent(clockShift ?? 0)} ${(clockShift ?? 0) < 0 ? 'below' : 'above'}`;
	return found.length === 0
		? []
		: [
				{
					code: 'clock-shifted-samples',
					message: `${side.input.label}: the SM clock was more than ${percent(clockShiftFrom)} off the side's median in ${countOf(found, all)}: ${listNamed(found, side, ({clockShift}) => Math.abs(clockShift ?? 0), describe)}. Times that follow it widen the intervals; a locked clock (--lock-clocks) narrows them.`,
				},
			];
};

/** Of processes that use it: an idle GPU's clock is nobody's. */
const listClocks = ({processes}: Side): readonly number[] =>
	processes.flatMap(({smClockMhz, gpuTraced}) =>
		gpuTraced && (smClockMhz ?? 0) > 0 ? (smClockMhz ?? []) : [],
	);

/** As the units of a change are averaged: geometrically. */
const middleOf = (clocks: readonly number[]): number =>
	Math.exp(mean(clocks.map((clock) => Math.log(clock))));

const warnOfDifference = (baseline: Side, candidate: Side, paired: boolean): readonly Warning[] => {
	const [before, after] = [listClocks(baseline), listClocks(candidate)];
	if (before.length === 0 || after.length === 0) {
		return [];
	}

	const [from, to] = [middleOf(before), middleOf(after)];
	const change = to / from - 1;
	const cause = paired
		? 'Both ran in turn, so that comes with what they do, such as the power that they draw.'
		: 'benchmark ab measures in turn, and --lock-clocks holds a clock.';
	return Math.abs(change) <= clockShiftFrom
		? []
		: [
				{
					code: 'clocks-differ',
					message: `The SM clock of ${candidate.input.label} was ${percent(change)} ${change < 0 ? 'lower' : 'higher'} than that of ${baseline.input.label} (${megahertz(to)} and ${megahertz(from)}, means over processes): GPU times of compute-bound work follow it. ${cause}`,
				},
			];
};

const usesGpu = ({processes}: Side): boolean => processes.some(({gpuTraced}) => gpuTraced);

/** Only where something is known: a clock that no side has was not asked for. */
const warnOfUnknown = (sides: readonly Side[]): readonly Warning[] => {
	const processes = sides.flatMap((side) => side.processes);
	const unknown = processes.filter(({smClockMhz}) => (smClockMhz ?? 0) <= 0);
	return !sides.every(usesGpu) || unknown.length === 0 || unknown.length === processes.length
		? []
		: [
				{
					code: 'clocks-unknown',
					message: `The SM clock of ${unknown.length} of ${plural(processes.length, 'process', 'processes')} is not known: whether it explains a change of a GPU time that they have cannot be told.`,
				},
			];
};

/** Where the clock explains changes, and what came of it. */
const warnOfExplained = (comparisons: readonly RangeComparison[]): readonly Warning[] => {
	const found = comparisons.flatMap(({path, metric, reasons}) =>
		reasons.flatMap((reason) =>
			reason.kind === 'clock-explained' ? [{name: `"${path}" ${metric}`, reason}] : [],
		),
	);
	const [first] = found;
	if (first === undefined) {
		return [];
	}

	const what = `The SM clock alone explains ${plural(found.length, 'change')} of GPU times, such as ${first.name}`;
	return [
		{
			code: 'clock-explained',
			message: first.reason.withdrawn
				? `${what}: if that work is bound by computing, the program did not change. So no verdict is given there; --despite-differences gives it all the same.`
				: `${what}: if that work is bound by computing, it takes as many cycles as before. The verdict stands.`,
		},
	];
};

export const listClockNotes = (
	[baseline, candidate]: readonly [Side, Side],
	paired: boolean,
	comparisons: readonly RangeComparison[],
): readonly Warning[] => [
	...warnOfExplained(comparisons),
	...[baseline, candidate].flatMap(warnOfThrottled),
	...[baseline, candidate].flatMap(warnOfShifted),
	...warnOfDifference(baseline, candidate, paired),
	...warnOfUnknown([baseline, candidate]),
];
