/** Rows of `benchmark ranges --kernels` as they compare with those of nvtx_kern_sum. */

import {readKernelNames} from '../../nsys-parsers/kernel-names.ts';
import {summarizeKernels} from '../../nsys-parsers/range-kernels.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import type {Cell} from '../../schemas/report-rows.ts';
import type {KernelSumRow} from './nvidia-reports.ts';

const numberOrNull = (cell: Cell | undefined): number | null =>
	cell === null || cell === undefined ? null : Number(cell);

const styleOf = (cell: Cell | undefined): KernelSumRow['style'] =>
	cell === 'StartEnd' || cell === 'PushPop' ? cell : '';

const rowOf = (cells: readonly Cell[]): KernelSumRow => ({
	name: String(cells[0] ?? ''),
	style: styleOf(cells[1]),
	pid: numberOrNull(cells[2]),
	tid: numberOrNull(cells[3]),
	rangeInstances: Number(cells[4]),
	kernelInstances: Number(cells[5]),
	totalNs: Number(cells[6]),
	meanNs: Number(cells[7]),
	medianNs: Number(cells[8]),
	minNs: Number(cells[9]),
	maxNs: Number(cells[10]),
	deviationNs: Number(cells[11]),
	kernel: String(cells[12]),
});

/** In the order of the report. */
export const kernelRows = (file: string, nvidiaRules: boolean): KernelSumRow[] => {
	const read = readDetailedTrace(file, {cudaGraphs: !nvidiaRules, startEndRanges: true});
	const report = summarizeKernels(read, readKernelNames(file, 'demangled'), {nvidiaRules});
	return Array.from(report.rows, rowOf);
};

/** NVIDIA prints nothing where a range, or a kernel, has no name. */
const printed = (row: KernelSumRow): KernelSumRow => ({
	...row,
	name: row.name === '(unnamed)' ? '' : row.name,
	kernel: row.kernel === '(unnamed)' ? '' : row.kernel,
});

/** NVIDIA prints one digit. Halves differ by how a sum was made: so they are held to a tenth. */
const isClose = (ours: number, theirs: number): boolean => Math.abs(ours - theirs) < 0.11;

const isSame = (ours: KernelSumRow, theirs: KernelSumRow): boolean => {
	const {meanNs, medianNs, deviationNs, ...exact} = theirs;
	return (
		Object.entries(exact).every(([key, value]) => ours[key as keyof KernelSumRow] === value) &&
		isClose(ours.meanNs, meanNs) &&
		isClose(ours.medianNs, medianNs) &&
		isClose(ours.deviationNs, deviationNs)
	);
};

const keyOf = ({name, style, pid, tid, kernel}: KernelSumRow): string =>
	JSON.stringify([name, style, pid, tid, kernel]);

const mostDifferences = 5;

/** The first rows that are not the same, or that only one side has. */
export const differentKernelRows = (
	ours: readonly KernelSumRow[],
	theirs: readonly KernelSumRow[],
) => {
	const left = new Map(theirs.map((row) => [keyOf(row), row]));
	const found: {ours?: KernelSumRow; theirs?: KernelSumRow | undefined}[] = [];
	for (const row of ours.map(printed)) {
		const same = left.get(keyOf(row));
		left.delete(keyOf(row));
		if (same === undefined || !isSame(row, same)) {
			found.push({ours: row, theirs: same});
		}
	}

	return [...found, ...[...left.values()].map((row) => ({theirs: row}))].slice(0, mostDifferences);
};
