/** `benchmark ranges` says, row by row and column by column, what NVIDIA's own reports say of real traces. */

import {describe, expect, it} from 'vitest';
import {listRanges, summarizeNames} from '../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import type {Cell, ReportRows} from '../../schemas/report-rows.ts';
import {
	parseFullProjectionTrace,
	parseFullPushPopTrace,
	parseProjectionSum,
} from '../support/nvidia-reports.ts';
import {expectedReport, noSharedTraces, sharedTrace} from '../support/shared-traces.ts';

const traces = [
	'fuser-h200-threads',
	'llm-a100-nvtx',
	'poolformer-cpu-only',
	'pytorch-2gpu-after',
	'pytorch-2gpu-before',
	'saxpy-mpi-a100',
];

type Row = Readonly<Record<string, Cell>>;

const asObjects = ({columns, rows}: ReportRows): Row[] =>
	[...rows].map((row) =>
		Object.fromEntries(columns.map(({title}, place) => [title, row[place] ?? null])),
	);

/** NVIDIA leaves the names of unnamed ranges empty, domain or not. */
const printed = (name: Cell | undefined): string =>
	String(name).replace(/^(-*)(.*:)?\(unnamed\)$/s, '$1');

const big = (cell: Cell | undefined): bigint => BigInt(Number(cell));
const number = (cell: Cell | undefined): number | null =>
	cell === null || cell === undefined ? null : Number(cell);
/** NVIDIA rounds to one digit. Halves differ by how a sum was made: they are held to a tenth. */
const tenths = (cell: Cell | undefined): number => Math.round(Number(cell) * 10) / 10;

const byRangeId = (a: {rangeId: number}, b: {rangeId: number}): number => a.rangeId - b.rangeId;

describe.each(traces)('benchmark ranges of %s', (trace) => {
	const file = sharedTrace(`${trace}.sqlite`);
	const rowsOf = (make: typeof listRanges): Row[] =>
		asObjects(make(readDetailedTrace(file ?? '', {cudaGraphs: false})));

	it.skipIf(file === undefined)('has every column of nvtx_pushpop_trace', () => {
		const expected = parseFullPushPopTrace(expectedReport(trace, 'nvtx_pushpop_trace') ?? '');
		expect(expected.length, noSharedTraces(trace)).toBeGreaterThan(0);
		const rows = rowsOf(listRanges).map((row) => ({
			name: printed(row['Name']),
			startNs: big(row['Start (ns)']),
			endNs: big(row['End (ns)']),
			pid: Number(row['PID']),
			tid: Number(row['TID']),
			rangeId: Number(row['RangeId']),
			parentId: number(row['ParentId']),
			durationNs: Number(row['Duration (ns)']),
			childNs: Number(row['DurChild (ns)']),
			nonChildNs: Number(row['DurNonChild (ns)']),
			level: Number(row['Lvl']),
			children: Number(row['NumChild']),
			rangeStack: row['RangeStack'],
			nameTree: printed(row['NameTree']),
		}));
		expect(rows.sort(byRangeId)).toEqual(expected.sort(byRangeId));
	});

	it.skipIf(file === undefined)('has the projections of nvtx_gpu_proj_trace', () => {
		const expected = parseFullProjectionTrace(expectedReport(trace, 'nvtx_gpu_proj_trace') ?? '')
			.filter(({style}) => style === 'PushPop')
			.map(({rangeId, projectedStartNs, projectedNs, operations, level, parentId, rangeStack}) => ({
				rangeId,
				projectedStartNs,
				projectedNs,
				operations,
				level,
				parentId,
				rangeStack,
			}));
		const rows = rowsOf(listRanges)
			.filter((row) => row['Projected Duration (ns)'] !== null)
			.map((row) => ({
				rangeId: Number(row['RangeId']),
				projectedStartNs: big(row['Projected Start (ns)']),
				projectedNs: Number(row['Projected Duration (ns)']),
				operations: Number(row['NumGPUOps']),
				level: Number(row['Lvl']),
				parentId: number(row['ParentId']),
				rangeStack: row['RangeStack'],
			}));
		expect(rows.sort(byRangeId)).toEqual(expected.sort(byRangeId));
	});

	it.skipIf(file === undefined)('by name has every row of nvtx_gpu_proj_sum', () => {
		const byName = (a: {name: string}, b: {name: string}): number => (a.name < b.name ? -1 : 1);
		const expected = parseProjectionSum(expectedReport(trace, 'nvtx_gpu_proj_sum') ?? '');
		const rows = rowsOf(summarizeNames).map((row) => ({
			name: String(row['Range']),
			style: row['Style'],
			projectedTotalNs: row['Total Proj Time (ns)'],
			rangeTotalNs: row['Total Range Time (ns)'],
			instances: row['Range Instances'],
			meanNs: tenths(row['Proj Avg (ns)']),
			medianNs: tenths(row['Proj Med (ns)']),
			minNs: row['Proj Min (ns)'],
			maxNs: row['Proj Max (ns)'],
			deviationNs: tenths(row['Proj StdDev (ns)']),
			operations: row['Total GPU Ops'],
			meanOperations: tenths(row['Avg GPU Ops']),
			meanLevel: tenths(row['Avg Range Lvl']),
			meanChildren: tenths(row['Avg Num Child']),
		}));
		expect(rows.length).toBe(expected.length);
		const theirs = expected.sort(byName);
		for (const [place, row] of rows.sort(byName).entries()) {
			const {meanNs, deviationNs, meanOperations, meanLevel, meanChildren, ...exact} = row;
			const their = theirs[place];
			expect(their).toMatchObject(exact);
			for (const [ours, known] of [
				[meanNs, their?.meanNs],
				[deviationNs, their?.deviationNs],
				[meanOperations, their?.meanOperations],
				[meanLevel, their?.meanLevel],
				[meanChildren, their?.meanChildren],
			] as const) {
				expect(Math.abs(ours - Number(known))).toBeLessThan(0.11);
			}
		}
	});
});
