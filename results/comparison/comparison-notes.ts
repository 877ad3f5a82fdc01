/** What a reader must know of a comparison as a whole, in sentences. */

import {plural} from '../../base/plural.ts';
import type {Difference, StructureChange} from '../../schemas/comparison-report.ts';
import type {RangeComparison} from '../../schemas/comparison.ts';
import type {Warning} from '../../schemas/warning.ts';
import {listClockNotes} from './clock-notes.ts';
import {leastUnits, median} from './replicates.ts';
import type {Side} from './side.ts';

export interface Compared {
	readonly baseline: Side;
	readonly candidate: Side;
	/** Whether both were measured in turn, by one `ab`. */
	readonly inTurn: boolean;
	/** Processes that are on both sides, copied. */
	readonly shared: number;
	readonly differences: readonly Difference[];
	readonly structure: readonly StructureChange[];
	/** Facts for which verdicts were taken back. */
	readonly doubts: readonly string[];
	readonly comparisons: readonly RangeComparison[];
}

const warnOfMeans = ({input: {label}, meansOnly}: Side): readonly Warning[] =>
	meansOnly
		? [
				{
					code: 'means-only',
					message: `${label} has means and no samples: how far its processes vary is not known, so nothing can be proven. Compare the run's folder, with its benchmark.json files.`,
				},
			]
		: [];

/** Held against itself, everything is the same. */
const warnOfShared = ({baseline, candidate, shared}: Compared): readonly Warning[] => {
	const [a, b] = [baseline.input.label, candidate.input.label];
	const [before, after] = [baseline.processes.length, candidate.processes.length];
	const some =
		after === 1
			? `${b} is one of the processes of ${a}`
			: `${shared} of the ${after} processes of ${b} ${shared === 1 ? 'is' : 'are'} in ${a} too`;
	return shared === 0
		? []
		: [
				{
					code: 'same-measurement',
					message:
						shared === before && shared === after
							? `${a} and ${b} are the same measurement, copied: their times agree in every digit. That it is the same as itself proves nothing; measure the candidate by itself.`
							: `${some}, copied: the times agree in every digit. No "same" is claimed from that.`,
				},
			];
};

const warnOfFew = ({input: {label, kind}, processes, meansOnly}: Side): readonly Warning[] => {
	if (meansOnly || processes.length >= leastUnits) {
		return [];
	}

	const count = processes.length;
	const have = plural(count, 'process', 'processes');
	const more =
		kind === 'traces'
			? `give a folder of ${leastUnits} reports or more`
			: `measure it with --repeat ${leastUnits} or more`;
	return [
		{
			code: count === 1 ? 'one-process' : 'few-processes',
			message: `${label} has ${have}, and ${leastUnits} are needed: batches of one process do not show how far processes differ. For a verdict, ${more}.`,
		},
	];
};

const warnOfLost = ({
	input: {label, processes, processesPlanned},
	copies = 0,
}: Side): readonly Warning[] =>
	processesPlanned !== null && processes > 0 && processes + copies < processesPlanned
		? [
				{
					code: 'workers-missing',
					message: `${processes + copies} of the ${processesPlanned} planned processes of ${label} have results: the others did not complete.`,
				},
			]
		: [];

const warnOfUnknown = ({input: {label, fingerprint}}: Side): readonly Warning[] =>
	fingerprint.some(({fact}) => fact === 'host' || fact === 'driver')
		? []
		: [
				{
					code: 'unknown-fingerprint',
					message: `Nothing tells on what machine ${label} was measured: that both sides ran on the same one is taken on trust.`,
				},
			];

/** The GPU times of the other side have nothing to be compared with. */
const warnOfGpu = (baseline: Side, candidate: Side): readonly Warning[] => {
	const isTraced = ({processes}: Side): boolean => processes.some(({gpuTraced}) => gpuTraced);
	const [before, after] = [isTraced(baseline), isTraced(candidate)];
	const side = before ? candidate : baseline;
	return before === after
		? []
		: [
				{
					code: 'gpu-not-traced',
					message: `${side.input.label} has no GPU work in its traces, the other side has: only CPU times are compared.`,
				},
			];
};

const formatGap = (ms: number): string => {
	const [minutes, hours] = [ms / 60_000, ms / 3_600_000];
	return minutes < 90
		? plural(Math.max(1, Math.round(minutes)), 'minute')
		: hours < 48
			? plural(Math.round(hours), 'hour')
			: plural(Math.round(hours / 24), 'day');
};

const describeOrder = ({input: before}: Side, {input: after}: Side): string => {
	if (before.startedAt === null || after.startedAt === null) {
		return 'The two sides were not measured in turn';
	}

	const gap = Date.parse(after.startedAt) - Date.parse(before.startedAt);
	const direction = gap >= 0 ? 'after' : 'before';
	return `The two sides were not measured in turn: ${after.label} began ${formatGap(Math.abs(gap))} ${direction} ${before.label}`;
};

/** Traces alone prove nothing, in turn or not. */
const warnOfOrder = ({baseline, candidate, inTurn}: Compared): readonly Warning[] =>
	inTurn || (baseline.input.kind === 'traces' && candidate.input.kind === 'traces')
		? []
		: [
				{
					code: 'not-in-turn',
					message: `${describeOrder(baseline, candidate)}. Machines drift, and that looks like a change; benchmark ab measures in turn.`,
				},
			];

const warnOfDifferences = ({differences, doubts, comparisons}: Compared): readonly Warning[] => {
	const doubtful = differences.filter(({putsInDoubt}) => putsInDoubt);
	if (doubtful.length === 0) {
		return [];
	}

	const names = doubtful.map(({name}) => name).join(', ');
	const withdrawn = comparisons.filter(({reasons}) =>
		reasons.some(({kind}) => kind === 'sides-differ'),
	).length;
	return [
		{
			code: 'sides-differ',
			message:
				doubts.length === 0
					? `The sides differ in ${names}: a change may come from there. --despite-differences was given, so they were judged all the same.`
					: `The sides differ in ${names}: a change may come from there, so no verdict is given${withdrawn > 0 ? ` (${withdrawn} taken back)` : ''}. Where that does not matter, add --despite-differences.`,
		},
	];
};

const warnOfBadValues = ({baseline, candidate, comparisons}: Compared): readonly Warning[] => {
	const bad = comparisons.filter(({reasons}) => reasons.some(({kind}) => kind === 'bad-values'));
	const [first] = bad;
	return first === undefined
		? []
		: [
				{
					code: 'bad-values',
					message: `${plural(bad.length, 'range and metric has', 'ranges and metrics have')} values that are no times, such as "${first.path}" ${first.metric}: look into the files of ${baseline.input.label} and ${candidate.input.label}.`,
				},
			];
};

/** A recording that is cut off by a clock has fewer of everything: that is no change of the program. */
const warnOfCounts = ({baseline, candidate, structure}: Compared): readonly Warning[] => {
	const ratios = structure.flatMap(({kind, per, baseline: before, candidate: after}) =>
		kind === 'count' && per === 'process' ? [(after ?? 0) / (before ?? 1)] : [],
	);
	const outsideBatches = new Set(
		baseline.processes.flatMap(({counts}) =>
			[...counts].flatMap(([path, {per}]) => (per === 'process' ? path : [])),
		),
	).size;
	return ratios.length < Math.max(3, outsideBatches / 4)
		? []
		: [
				{
					code: 'unlike-counts',
					message: `${ratios.length} of ${outsideBatches} ranges occur another number of times in ${candidate.input.label} than in ${baseline.input.label}, the middle one ${median(ratios).toPrecision(3)} times as often: their times differ by that alone. Where batches can be told by name (--batch), times are compared batch by batch.`,
				},
			];
};

const warnOfRenaming = (sides: readonly Side[]): readonly Warning[] =>
	sides.some(({processes}) => processes.some(({renamed}) => renamed))
		? [
				{
					code: 'running-numbers',
					message:
						'Names of ranges hold running numbers ("seq = 1", "op_id = 1"), as PyTorch writes them: they were left out, and what then has the same path was added up.',
				},
			]
		: [];

/** The gravest first. */
export const listNotes = (compared: Compared): readonly Warning[] => {
	const {baseline, candidate} = compared;
	const sides = [baseline, candidate];
	return [
		...warnOfShared(compared),
		...warnOfBadValues(compared),
		...warnOfDifferences(compared),
		...sides.flatMap(warnOfMeans),
		...sides.flatMap(warnOfFew),
		...sides.flatMap(warnOfLost),
		...warnOfGpu(baseline, candidate),
		...listClockNotes([baseline, candidate], compared.inTurn, compared.comparisons),
		...warnOfOrder(compared),
		...warnOfCounts(compared),
		...sides.flatMap(warnOfUnknown),
		...warnOfRenaming(sides),
		...sides.flatMap(({notes}) => notes),
	];
};
