/** A trace that was read, as rows that compare with those of NVIDIA's reports. */

import type {DetailedTrace} from '../../nsys-parsers/read-trace.ts';
import type {ProjectionRow, PushPopRow} from './nvidia-reports.ts';

const rangesOf = ({trace}: DetailedTrace): number[] => [...trace.ranges.name.keys()];

/** NVIDIA leaves the names of unnamed ranges empty, domain or not. */
const printedName = ({trace}: DetailedTrace, range: number): string =>
	(trace.names[Number(trace.ranges.name[range])] ?? '').replace(/^(.*:)?\(unnamed\)$/s, '');

const identityOf = (read: DetailedTrace, range: number) => ({
	name: printedName(read, range),
	pid: read.trace.threads[Number(read.trace.ranges.thread[range])]?.pid ?? -1,
	tid: read.trace.threads[Number(read.trace.ranges.thread[range])]?.tid ?? -1,
	rangeId: Number(read.rowId[range]),
});

const absolute = (read: DetailedTrace, ns: number | undefined): bigint =>
	read.baseNs + BigInt(Number(ns));

const byRangeId = (a: {rangeId: number}, b: {rangeId: number}): number => a.rangeId - b.rangeId;

export const pushPopRows = (read: DetailedTrace): PushPopRow[] =>
	rangesOf(read)
		.map((range) => {
			const parent = Number(read.trace.ranges.parent[range]);
			return {
				...identityOf(read, range),
				startNs: absolute(read, read.trace.ranges.startNs[range]),
				endNs: absolute(read, read.trace.ranges.endNs[range]),
				parentId: parent < 0 ? null : Number(read.rowId[parent]),
			};
		})
		.sort(byRangeId);

/** Ranges with GPU work, as the projection report lists them. */
export const projectionRows = (read: DetailedTrace): ProjectionRow[] =>
	rangesOf(read)
		.filter((range) => Number(read.trace.ranges.gpuOperations[range]) > 0)
		.map((range) => ({
			...identityOf(read, range),
			projectedStartNs: absolute(read, read.gpuStartNs[range]),
			projectedNs: Number(read.trace.ranges.gpuSpanNs[range]),
			style: 'PushPop' as const,
			operations: Number(read.trace.ranges.gpuOperations[range]),
		}))
		.sort(byRangeId);
