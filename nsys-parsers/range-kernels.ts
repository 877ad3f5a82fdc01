/**
 * Kernels by range, as rows with the columns of nvtx_kern_sum: a row for each name of a range on a thread and each name
 * of a kernel that was launched there. A kernel counts for every range that contains its call, not only the innermost;
 * kernels in no range stand under no name.
 */

import {UserError} from '../base/errors.ts';
import type {Cell, ReportRows} from '../schemas/report-rows.ts';
import {operationKinds} from './gpu-operations.ts';
import {KernelLabels} from './kernel-labels.ts';
import type {Label} from './kernel-labels.ts';
import {listKernelLaunches} from './kernel-launches.ts';
import type {RowNames} from './kernel-names.ts';
import {addUpKernels, measureKernels} from './kernel-sums.ts';
import type {KernelRows} from './kernel-tally.ts';
import {column} from './range-reports.ts';
import type {DetailedTrace} from './read-trace.ts';

export interface KernelReportOptions {
	/**
	 * Counts as NVIDIA does: a kernel once for each call of its launch, and its times even where they make no sense. Else
	 * once, and impossible times are in no sum; false unless given.
	 */
	readonly nvidiaRules?: boolean;
}

const columns = [
	column('NVTX Range', 'text', 'range'),
	column('Style', 'text'),
	column('PID', 'id', 'pid'),
	column('TID', 'id', 'tid'),
	column('NVTX Inst', 'count', 'n'),
	column('Kern Inst', 'count', 'kernels'),
	column('Total Time (ns)', 'duration', 'GPU ms'),
	column('Avg (ns)', 'duration'),
	column('Med (ns)', 'duration', 'median ms'),
	column('Min (ns)', 'duration'),
	column('Max (ns)', 'duration'),
	column('StdDev (ns)', 'duration'),
	column('Kernel Name', 'text', 'kernel'),
];

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By index: its place in the order of texts; equal texts have the same. */
const rankTexts = (texts: readonly string[]): Int32Array => {
	const places = new Map(
		[...new Set(texts)].toSorted(compareTexts).map((text, place) => [text, place]),
	);
	return Int32Array.from(texts, (text) => places.get(text) ?? -1);
};

/**
 * As NVIDIA's report has them: by range, process and thread, what took longest first, of equals push/pop ranges first,
 * then by the kernel's name.
 */
const orderRows = (
	rows: KernelRows,
	labels: readonly Label[],
	kernels: readonly string[],
): Uint32Array => {
	const byLabel = [
		rankTexts(labels.map(({name}) => name ?? '')),
		Int32Array.from(labels, ({thread}) => thread?.pid ?? -1),
		Int32Array.from(labels, ({thread}) => thread?.tid ?? -1),
	];
	const style = rankTexts(labels.map((label) => label.style ?? ''));
	const kernel = rankTexts(kernels);
	const label = rows.column('label');
	const total = rows.column('total');
	const named = rows.column('kernel');
	const compare = (a: number, b: number): number => {
		const one = Number(label[a]);
		const other = Number(label[b]);
		for (const rank of byLabel) {
			if (rank[one] !== rank[other]) {
				return Number(rank[one]) - Number(rank[other]);
			}
		}

		return (
			Number(total[b]) - Number(total[a]) ||
			Number(style[one]) - Number(style[other]) ||
			Number(kernel[Number(named[a])]) - Number(kernel[Number(named[b])])
		);
	};

	return Uint32Array.from({length: rows.length}, (_, row) => row).sort(compare);
};

/** Columns of a row's times. */
const times = ['mean', 'median', 'min', 'max', 'deviation'] as const;

function* listCells(
	rows: KernelRows,
	order: Uint32Array,
	labels: readonly Label[],
	kernels: readonly string[],
): Generator<readonly Cell[]> {
	const columnOf = {
		label: rows.column('label'),
		ranges: rows.column('ranges'),
		kernels: rows.column('kernels'),
		count: rows.column('count'),
		total: rows.column('total'),
		kernel: rows.column('kernel'),
	};
	const timeColumns = times.map((name) => rows.column(name));
	for (const row of order) {
		const label = labels[Number(columnOf.label[row])];
		const measured = Number(columnOf.count[row]) > 0;
		yield [
			label?.name ?? null,
			label?.style ?? null,
			label?.thread?.pid ?? null,
			label?.thread?.tid ?? null,
			Number(columnOf.ranges[row]),
			Number(columnOf.kernels[row]),
			Number(columnOf.total[row]),
			// A single kernel has no deviation: NVIDIA's report has 0 there.
			...timeColumns.map((column) => (measured ? Number(column[row]) || 0 : null)),
			kernels[Number(columnOf.kernel[row])] ?? '',
		];
	}
}

const kernelKind = operationKinds.indexOf('kernel');

/** Operations begin with the kernels. */
const countKernels = ({operations: {kind, length}}: DetailedTrace): number => {
	const others = kind.findIndex((number) => number !== kernelKind);
	return others < 0 ? length : others;
};

/**
 * @param kernels names of the trace's kernels, in the order of rows
 * @throws UserError where they are those of another trace
 */
export const summarizeKernels = (
	read: DetailedTrace,
	kernels: RowNames,
	{nvidiaRules = false}: KernelReportOptions = {},
): ReportRows => {
	const {names, name} = kernels;
	if (countKernels(read) !== name.length) {
		throw new UserError(`${read.trace.source} changed while it was read`);
	}

	const launches = listKernelLaunches(read, nvidiaRules);
	const labels = new KernelLabels(read, launches);
	const durations = measureKernels(read, name.length, nvidiaRules);
	const rows = addUpKernels(read, kernels, durations, launches, labels);
	const described = Array.from({length: labels.count}, (_, label) => labels.describe(label));
	const order = orderRows(rows, described, names);
	return {columns, length: rows.length, rows: listCells(rows, order, described, names)};
};
