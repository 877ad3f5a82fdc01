/** Which kernels inside a range that changed did so too: from sums over some traces of each side. */

import type {
	CandidateComparison,
	KernelChange,
	RangeKernels,
} from '../../schemas/comparison-report.ts';
import type {RangeComparison} from '../../schemas/comparison.ts';
import {impactOf} from './impact.ts';

/** Kernels of one path over the traces of a side. */
export interface PathKernels {
	/** Instances of the range, over all those traces. */
	instances: number;
	/** By name. */
	readonly kernels: Map<string, {ns: number; launches: number}>;
}

/** By path; null is the whole program, whose instances are processes. */
export type SideKernels = ReadonlyMap<string | null, PathKernels>;

/** More is no answer at a glance. */
const mostPaths = 10;
const mostKernels = 10;

/** Proven, if only the sides were alike. */
const hasChanged = ({verdict, reasons}: RangeComparison): boolean =>
	reasons.some(
		(reason) =>
			(reason.kind === 'sides-differ' || reason.kind === 'clock-explained') &&
			reason.verdict !== 'same',
	) ||
	verdict === 'slower' ||
	verdict === 'faster';

const isInside = (path: string, other: string): boolean => path.startsWith(`${other}/`);

const isGpuTime = ({metric}: RangeComparison): boolean => metric.startsWith('gpu_');

/**
 * Paths whose kernels are worth a look. Traces alone prove nothing: there it is the GPU times that differ most. Of ranges
 * inside each other the inner ones, which say where it is.
 */
export const pickKernelPaths = ({
	comparisons,
	input,
}: Pick<CandidateComparison, 'comparisons' | 'input'>): readonly string[] => {
	const changed = comparisons.filter(hasChanged);
	const telling =
		changed.length > 0 || input.kind !== 'traces'
			? changed
			: comparisons
					.filter((comparison) => isGpuTime(comparison) && impactOf(comparison) > 0)
					.toSorted((a, b) => impactOf(b) - impactOf(a))
					.slice(0, mostPaths * 2);
	const paths = [...new Set(telling.map(({path}) => path))];
	return paths.filter((path) => !paths.some((other) => isInside(other, path))).slice(0, mostPaths);
};

const millisecond = 1e6;

/** A mean per instance, rounded to the nanosecond. */
const toMean = (ns: number, instances: number): number =>
	instances === 0 ? 0 : Math.round(ns / instances) / millisecond;

const sumOf = ({kernels}: PathKernels): number =>
	[...kernels.values()].reduce((sum, {ns}) => sum + ns, 0);

const none: PathKernels = {instances: 0, kernels: new Map()};

const compareKernel = (kernel: string, before: PathKernels, after: PathKernels): KernelChange => {
	const [a, b] = [before.kernels.get(kernel), after.kernels.get(kernel)];
	const perInstance = (count: number, instances: number): number =>
		instances === 0 ? 0 : count / instances;
	return {
		kernel,
		baseline: toMean(a?.ns ?? 0, before.instances),
		candidate: toMean(b?.ns ?? 0, after.instances),
		baselineLaunches: perInstance(a?.launches ?? 0, before.instances),
		candidateLaunches: perInstance(b?.launches ?? 0, after.instances),
	};
};

const differenceOf = ({baseline, candidate}: KernelChange): number =>
	Math.abs(candidate - baseline);

/** @returns null where no side has a kernel there */
const compareRange = (
	path: string | null,
	before: PathKernels,
	after: PathKernels,
): RangeKernels | null => {
	const names = new Set([...before.kernels.keys(), ...after.kernels.keys()]);
	const changes = [...names]
		.map((name) => compareKernel(name, before, after))
		.toSorted((a, b) => differenceOf(b) - differenceOf(a));
	return changes.length === 0
		? null
		: {
				path,
				baseline: toMean(sumOf(before), before.instances),
				candidate: toMean(sumOf(after), after.instances),
				kernels: changes.slice(0, mostKernels),
				more: Math.max(0, changes.length - mostKernels),
			};
};

/** @param paths in the order in which they shall be told */
export const compareKernels = (
	paths: readonly (string | null)[],
	before: SideKernels,
	after: SideKernels,
): RangeKernels[] =>
	paths.flatMap(
		(path) => compareRange(path, before.get(path) ?? none, after.get(path) ?? none) ?? [],
	);
