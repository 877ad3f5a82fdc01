/**
 * The NVTX events of an export, as columns: push/pop ranges, start/end ranges, and the creation of domains. Each row
 * carries the number of its thread and of its label, that is all that its name follows from.
 */

import {DoubleList, IndexList} from './lists.ts';
import {ThreadNumbers} from './thread-numbers.ts';
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
	/** The rowid: RangeId in NVIDIA's reports. Empty for push/pop ranges where nobody asked for it. */
	readonly rowId: DoubleList;
	/** Number of the thread. */
	readonly thread: IndexList;
	/** What its name follows from: a label's number, or -1 - the number of a text that is the whole name. */
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
	/** (text, textId, pid, domain), -1 for a text or id that is not there. */
	readonly labels: Tuples;
	/** In the order of rows. */
	readonly domains: readonly DomainCreation[];
	/** Whether push/pop ranges have their rowids. */
	readonly rowIds: boolean;
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

/** Most ranges lie in the default domain and have a text of their own: that is their name, whatever their process. */
const labelOfRange = (block: NvtxBlock, row: number, labels: Tuples): number => {
	const {text, textId, domainId} = block.lanes;
	const own = Number(text.values[row]);
	const isPlain =
		!Number.isNaN(own) &&
		Number.isNaN(Number(textId.values[row])) &&
		(Number(domainId.values[row]) || 0) === 0;
	return isPlain ? -1 - own : labelOf(block, row, labels);
};

/** A range of no thread, which nsys does not write, is one of process 0. */
const threadOf = ({lanes}: NvtxBlock, row: number, threads: ThreadNumbers): number =>
	threads.intern(Number(lanes.globalTid.values[row]) || 0, Number(lanes.globalTid.low[row]));

/** Adds the ranges in the rows from..to of a block. */
const addRanges = (
	block: NvtxBlock,
	[from, to]: readonly [number, number],
	{threads, labels, pushPop, rowIds}: NvtxRows,
	into: NvtxRanges,
): void => {
	into.startNs.append(block.lanes.start.values, from, to);
	into.endNs.append(block.lanes.end.values, from, to);
	if (rowIds || into !== pushPop) {
		into.rowId.append(block.rowId, from, to);
	}

	const thread = into.thread.extend(to - from);
	const label = into.label.extend(to - from);
	for (let row = from; row < to; row++) {
		thread[row - from] = threadOf(block, row, threads);
		label[row - from] = labelOfRange(block, row, labels);
	}
};

const addEnds = ({lanes}: NvtxBlock, from: number, to: number, into: NvtxRanges): void => {
	const endedElsewhere = into.endedElsewhere.extend(to - from);
	for (let row = from; row < to; row++) {
		endedElsewhere[row - from] = Number.isNaN(Number(lanes.endGlobalTid.values[row])) ? 0 : 1;
	}
};

const addDomains = (
	block: NvtxBlock,
	[from, to]: readonly [number, number],
	rows: NvtxRows & {domains: DomainCreation[]},
): void => {
	const {globalTid, start} = block.lanes;
	for (let row = from; row < to; row++) {
		if (!Number.isNaN(Number(globalTid.values[row]))) {
			const label = labelOf(block, row, rows.labels);
			rows.domains.push({atNs: Number(start.values[row]), label});
		}
	}
};

/** Row by row would take twice as long: neighbours are mostly of one type, and added together. */
const addRows = (block: NvtxBlock, rows: NvtxRows & {domains: DomainCreation[]}): void => {
	const types = block.lanes.eventType.values;
	for (let from = 0; from < block.length;) {
		const type = Number(types[from]);
		let to = from + 1;
		while (to < block.length && types[to] === type) {
			to++;
		}

		if (type === 59 || type === 70) {
			addRanges(block, [from, to], rows, rows.pushPop);
		} else if (type === 60 || type === 71) {
			addRanges(block, [from, to], rows, rows.startEnd);
			addEnds(block, from, to, rows.startEnd);
		} else {
			addDomains(block, [from, to], rows);
		}

		from = to;
	}
};

export const readNvtxRows = (source: RowSource, context: RowContext, rowIds: boolean): NvtxRows => {
	const most = source.rowsAtMost(table);
	const rows = {
		pushPop: makeRanges(most),
		startEnd: makeRanges(1),
		threads: new ThreadNumbers(),
		labels: new Tuples(),
		domains: [],
		rowIds,
	};
	const where = {column: 'eventType', values: Object.values(eventTypes).flat()};
	for (const block of source.scan({table, columns, where}, context)) {
		addRows(block, rows);
	}

	return rows;
};
