/** A Trace's ranges as plain objects, for expectations that can be read. */

import type {Trace} from '../../schemas/trace.ts';

export interface ListedRange {
	/** Names from the top of the thread down, "a/b". */
	readonly path: string;
	readonly tid: number;
	readonly startNs: number;
	readonly endNs: number;
}

export const pathOf = ({names, ranges}: Trace, range: number): string => {
	const parent = Number(ranges.parent[range]);
	const name = names[Number(ranges.name[range])] ?? '?';
	return parent < 0 ? name : `${pathOf({names, ranges} as Trace, parent)}/${name}`;
};

export const listRanges = (trace: Trace): ListedRange[] =>
	[...trace.ranges.name.keys()].map((range) => ({
		path: pathOf(trace, range),
		tid: trace.threads[Number(trace.ranges.thread[range])]?.tid ?? -1,
		startNs: Number(trace.ranges.startNs[range]),
		endNs: Number(trace.ranges.endNs[range]),
	}));

export interface ListedGpuTime {
	readonly spanNs: number;
	readonly busyNs: number;
	readonly operations: number;
}

/** By path. */
export const listGpuTimes = (trace: Trace): Record<string, ListedGpuTime> =>
	Object.fromEntries(
		[...trace.ranges.name.keys()].map((range) => [
			pathOf(trace, range),
			{
				spanNs: Number(trace.ranges.gpuSpanNs[range]),
				busyNs: Number(trace.ranges.gpuBusyNs[range]),
				operations: Number(trace.ranges.gpuOperations[range]),
			},
		]),
	);

export const warningCodes = ({warnings}: Trace): string[] => warnings.map(({code}) => code);

/** A Trace without the file that it came from, to compare with that of another file. */
export const withoutSource = (trace: Trace): Trace => ({...trace, source: ''});

/** Notes by path. */
export const listNotes = (trace: Trace): Record<string, unknown> =>
	Object.fromEntries([...trace.notes].map(([range, note]) => [pathOf(trace, range), note]));
