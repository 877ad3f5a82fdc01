/**
 * The NVTX events of an export, as columns: push/pop ranges, start/end ranges, and the creation of domains. Each row
 * carries the number of its thread and of its label, that is all that its name follows from.
 */

import {DoubleList, IndexList} from './lists.ts';
import {ThreadNumbers} from './range-table.ts';
import type {RowBlock, RowContext} from './row-block.ts';
import type {RowSource} from './row-source.ts';
import {Tuples} from './tuples.ts';

const table = 'NVTX_EVENTS';

/** Of a row without one. */
const none = -1;

/** 70 and 71 are the NVTXT versions of 59 and 60. */
const eventTypes = {pushPop: [59, 70], startEnd: [60, 71], domainCreated: [75]} as const;

const columns = {
	start: 'time',
	end: 'time',
	eventType: 'id',
	text: 'text',
	globalTid: 'thread',
	endGlobalTid: 'thread',
	textId: 'id',
	domainId: 'id',
} as const;

type NvtxBlock = RowBlock<typeof columns>;

/** Ranges in the order of their rows. Times are ns since the base. */
export interface NvtxRanges {
	readonly startNs: DoubleList;
	/** NaN where the exporter wrote none. */
	readonly endNs: DoubleList;
	/** The rowid: RangeId in NVIDIA's reports. */
	readonly rowId: DoubleList;
	/** Number of the thread. */
	readonly thread: IndexList;
	/** Number of the label: tuples of (text, textId, pid, domain), -1 for a text or id that is not there. */
	readonly label: IndexList;
	/** 1 where the range ended on another thread. Empty for push/pop ranges. */
	readonly endedElsewhere: IndexList;
}

/** A row that says what a domain is called. */
export interface DomainCreation {
	/** Since the base; NaN where the exporter wrote none. */
	readonly atNs: number;
	readonly label: number;
}

export interface NvtxRows {
	readonly pushPop: NvtxRanges;
	readonly startEnd: NvtxRanges;
	readonly threads: ThreadNumbers;
	readonly labels: Tuples;
	/** In the order of rows. */
	readonly domains: readonly DomainCreation[];
}

const makeRanges = (expected: number): NvtxRanges => ({
	startNs: new DoubleList(expected),
	endNs: new DoubleList(expected),
	rowId: new DoubleList(expected),
	thread: new IndexList(expected),
	label: new IndexList(expected),
	endedElsewhere: new IndexList(),
});

const orNone = (value: number): number => (Number.isNaN(value) ? none : value);

/** The process id within the process part of a packed id: its lower 24 bits. */
export const pidOf = (process: number): number => ((process % 0x1000000) + 0x1000000) % 0x1000000;

const labelOf = ({lanes}: NvtxBlock, row: number, labels: Tuples): number =>
	labels.intern(
		orNone(Number(lanes.text.values[row])),
		orNone(Number(lanes.textId.values[row])),
		pidOf(Number(lanes.globalTid.values[row]) || 0),
		Number(lanes.domainId.values[row]) || 0,
	);

/** A range of no thread, which nsys does not write, is one of process 0. */
const threadOf = ({lanes}: NvtxBlock, row: number, threads: ThreadNumbers): number =>
	threads.intern(Number(lanes.globalTid.values[row]) || 0, Number(lanes.globalTid.low[row]));

const addRange = (
	block: NvtxBlock,
	row: number,
	{threads, labels}: NvtxRows,
	into: NvtxRanges,
): void => {
	into.startNs.push(Number(block.lanes.start.values[row]));
	into.endNs.push(Number(block.lanes.end.values[row]));
	into.rowId.push(Number(block.rowId[row]));
	into.thread.push(threadOf(block, row, threads));
	into.label.push(labelOf(block, row, labels));
};

const addRows = (block: NvtxBlock, rows: NvtxRows & {domains: DomainCreation[]}): void => {
	const types = block.lanes.eventType.values;
	const {endGlobalTid, globalTid, start} = block.lanes;
	for (let row = 0; row < block.length; row++) {
		const type = Number(types[row]);
		if (type === 59 || type === 70) {
			addRange(block, row, rows, rows.pushPop);
		} else if (type === 60 || type === 71) {
			addRange(block, row, rows, rows.startEnd);
			rows.startEnd.endedElsewhere.push(Number.isNaN(Number(endGlobalTid.values[row])) ? 0 : 1);
		} else if (!Number.isNaN(Number(globalTid.values[row]))) {
			rows.domains.push({
				atNs: Number(start.values[row]),
				label: labelOf(block, row, rows.labels),
			});
		}
	}
};

export const readNvtxRows = (source: RowSource, context: RowContext): NvtxRows => {
	const rows = {
		pushPop: makeRanges(source.rowsAtMost(table)),
		startEnd: makeRanges(1),
		threads: new ThreadNumbers(),
		labels: new Tuples(),
		domains: [],
	};
	const where = {column: 'eventType', values: Object.values(eventTypes).flat()};
	for (const block of source.scan({table, columns, where}, context)) {
		addRows(block, rows);
	}

	return rows;
};
