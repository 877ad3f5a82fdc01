/** `benchmark ranges --detail`: columns that a report of paths, names or ranges has besides its own. */

import type {Cell, ReportColumn} from '../schemas/report-rows.ts';
import {operationKinds} from './gpu-operations.ts';
import type {OperationKind} from './gpu-operations.ts';
import type {MoreColumns} from './more-columns.ts';
import {listQueueTimes} from './range-detail-queues.ts';
import {listKinds, sumUpOperations} from './range-detail.ts';
import type {DetailSums, Slots} from './range-detail.ts';
import {addUpGroups, summarizeUnordered} from './range-groups.ts';
import type {DurationSummary, RangeGroups} from './range-groups.ts';
import {column} from './range-reports.ts';
import type {DetailedTrace} from './read-trace.ts';
import {listVideoEngines, measureVideoWork, videoEngines} from './video-work.ts';

/** What there are columns for: the same for all traces of a report. */
export interface DetailChoice {
	/** Indices into operationKinds, ascending. */
	readonly kinds: readonly number[];
	/** Indices into videoEngines, ascending. */
	readonly engines: readonly number[];
}

/** What occurs in any of the traces. */
export const chooseDetail = (reads: readonly DetailedTrace[]): DetailChoice => {
	const merge = (lists: readonly (readonly number[])[]): readonly number[] =>
		[...new Set(lists.flat())].toSorted((a, b) => a - b);
	return {
		kinds: merge(reads.map(({operations}) => listKinds(operations))),
		engines: merge(reads.map(({video}) => listVideoEngines(video))),
	};
};

const copyLabels = {
	'copy host to device': 'HtoD',
	'copy device to host': 'DtoH',
	'copy device to device': 'DtoD',
	'copy peer to peer': 'PtoP',
	'copy host to host': 'HtoH',
	'copy of unknown direction': 'Unknown',
} as const;

/** Count and time, and bytes and their rate where there are any. */
const kindColumns = (kind: OperationKind): readonly ReportColumn[] => {
	if (kind === 'kernel' || kind === 'graph' || kind === 'memset') {
		const title = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
		return [
			column(`${title}s`, 'count', kind === 'memset' ? undefined : `${kind}s`),
			column(`${title} Time (ns)`, 'duration', `${kind} ms`),
			...(kind === 'memset' ? [column('Memset (bytes)', 'bytes')] : []),
		];
	}

	const label = copyLabels[kind];
	return [
		column(`${label} Copies`, 'count'),
		column(`${label} Copy Time (ns)`, 'duration', `${label} ms`),
		column(`${label} Copied (bytes)`, 'bytes'),
		column(`${label} Rate (GB/s)`, 'real', `${label} GB/s`),
	];
};

/** The cells of kindColumns. @returns how many operations there are */
const addKindCells = (cells: Cell[], kind: number, sums: DetailSums, slot: number): number => {
	const own = sums.kinds[kind];
	const operations = own?.operations[slot] ?? 0;
	const timeNs = own?.timeNs[slot] ?? 0;
	const name = operationKinds[kind];
	cells.push(operations, timeNs);
	if (name !== 'kernel' && name !== 'graph') {
		const bytes = own?.bytes[slot] ?? 0;
		cells.push(bytes);
		if (name !== 'memset') {
			cells.push(timeNs === 0 ? null : bytes / timeNs);
		}
	}

	return operations;
};

const kindsOf = ({kinds}: DetailChoice): readonly OperationKind[] =>
	kinds.flatMap((kind) => operationKinds[kind] ?? []);

const detailColumns = (
	choice: DetailChoice,
	queueColumns: readonly ReportColumn[],
): readonly ReportColumn[] => [
	column('Launches', 'count', 'launches'),
	column('Operations', 'count', 'operations'),
	...kindsOf(choice).flatMap(kindColumns),
	column('Compute Busy (ns)', 'duration'),
	column('Memory Busy (ns)', 'duration'),
	column('Overlap (ns)', 'duration', 'overlap ms'),
	...queueColumns,
];

const videoColumns = ({engines}: DetailChoice): readonly ReportColumn[] =>
	engines.map((engine) => {
		const name = videoEngines[engine] ?? '';
		return column(`${name} Engine Busy (ns)`, 'duration', `${name} ms`);
	});

/** NVIDIA's word for launches, which beside operations would be misread. */
const insteadOf = ['GPU ops'];

const queueMean = column('Queue Avg (ns)', 'duration');
const queueMedian = column('Queue Med (ns)', 'duration', 'queue median ms');
const queueMax = column('Queue Max (ns)', 'duration', 'queue max ms');

interface SlotFacts {
	readonly launches: number;
	readonly busyNs: number;
}

/** What every report tells of a slot. */
const describeSlots = (
	read: DetailedTrace,
	slots: Slots,
	{kinds}: DetailChoice,
	queueCells: (summary: DurationSummary) => readonly Cell[],
): ((slot: number, facts: SlotFacts) => readonly Cell[]) => {
	const sums = sumUpOperations(read, slots, listKinds(read.operations));
	const {from, queueNs} = listQueueTimes(read, slots);
	return (slot, {launches, busyNs}) => {
		const cells: Cell[] = [launches, 0];
		let operations = 0;
		for (const kind of kinds) {
			operations += addKindCells(cells, kind, sums, slot);
		}

		cells[1] = operations;
		const compute = Number(sums.computeBusyNs[slot]);
		const memory = Number(sums.memoryBusyNs[slot]);
		cells.push(compute, memory, compute + memory - busyNs);
		cells.push(...queueCells(summarizeUnordered(queueNs.subarray(from[slot], from[slot + 1]))));
		return cells;
	};
};

/** By engine of the choice and slot, ns. */
const sumUpVideo = (
	{video, nested, processes}: DetailedTrace,
	{count, slot}: Slots,
	{engines}: DetailChoice,
): readonly Float64Array[] => {
	const sums = videoEngines.map(
		(_, engine) => new Float64Array(engines.includes(engine) ? count : 0),
	);
	measureVideoWork(video, nested, processes, (range, engine, ns) => {
		const own = sums[engine];
		const at = Number(slot[range]);
		if (own !== undefined && at >= 0) {
			own[at] = Number(own[at]) + ns;
		}
	});
	return engines.flatMap((engine) => sums[engine] ?? []);
};

/** For reports with a row for each group. */
export const detailGroups =
	(read: DetailedTrace, choice: DetailChoice): ((groups: RangeGroups) => MoreColumns) =>
	(groups) => {
		const {ranges} = read.trace;
		const slots = {count: groups.count, slot: groups.group};
		const launches = addUpGroups(groups, ranges.gpuOperations);
		const busyNs = addUpGroups(groups, ranges.gpuBusyNs);
		const video = sumUpVideo(read, slots, choice);
		const describe = describeSlots(read, slots, choice, ({count, mean, median, max}) =>
			count === 0 ? [null, null, null] : [mean, median, max],
		);
		return {
			insteadOf,
			columns: [
				...detailColumns(choice, [queueMean, queueMedian, queueMax]),
				...videoColumns(choice),
			],
			cells: (group) => [
				...describe(group, {
					launches: Number(launches[group]),
					busyNs: Number(busyNs[group]),
				}),
				...video.map((sums) => Number(sums[group])),
			],
		};
	};

/** A slot for each range with so many launches at least. */
const numberRanges = (launches: Uint32Array, least: number): Slots => {
	const slot = new Int32Array(launches.length).fill(-1);
	let count = 0;
	for (let range = 0; range < launches.length; range++) {
		if (Number(launches[range]) >= least) {
			slot[range] = count++;
		}
	}

	return {count, slot};
};

/** For reports with a row for each range. Cells are empty where nothing was launched, those of video engines apart. */
export const detailRanges = (read: DetailedTrace, choice: DetailChoice): MoreColumns => {
	const {ranges} = read.trace;
	// Most ranges of a trace have no GPU work.
	const slots = numberRanges(ranges.gpuOperations, 1);
	const video = sumUpVideo(read, numberRanges(ranges.gpuOperations, 0), choice);
	const describe = describeSlots(read, slots, choice, ({count, mean, max}) =>
		count === 0 ? [null, null] : [mean, max],
	);
	const own = [
		column('Projected Idle (ns)', 'duration', 'idle ms'),
		...detailColumns(choice, [queueMean, queueMax]),
	];
	const empty = own.map(() => null);
	const describeWork = (range: number): readonly Cell[] => {
		const busyNs = Number(ranges.gpuBusyNs[range]);
		const launches = Number(ranges.gpuOperations[range]);
		return [
			Number(ranges.gpuSpanNs[range]) - busyNs,
			...describe(Number(slots.slot[range]), {launches, busyNs}),
		];
	};

	return {
		insteadOf,
		columns: [...own, ...videoColumns(choice)],
		cells: (range) => [
			...(Number(slots.slot[range]) < 0 ? empty : describeWork(range)),
			...video.map((sums) => Number(sums[range])),
		],
	};
};
