/**
 * Adds up kernels by label: a range's name on a thread, say. Kernels come name by name, so that one column of counts by
 * label serves all names in turn, and only the durations of one name are held at a time:
 *
 *     kernel "add"   label 0: 3 kernels, durations 5 4 4       a row for each; then the next name
 *                    label 7: 1 kernel,  duration  9
 */

import {groupRows, pickRows} from './fill-column.ts';
import {DoubleList, IndexList} from './lists.ts';
import {summarizeUnordered} from './range-groups.ts';
import type {DurationSummary} from './range-groups.ts';

/** Cells of a row, in the order in which they are kept. */
const rowColumns = [
	/** What the kernels were added up by. */
	'label',
	/** Index into the kernels' names. */
	'kernel',
	/** Distinct ranges. */
	'ranges',
	/** Distinct kernels. */
	'kernels',
	/** Of durations, one for each time that a kernel was added: see DurationSummary. */
	'count',
	'total',
	'mean',
	'median',
	'min',
	'max',
	'deviation',
] as const;

/**
 * A row for each label and kernel name that met, kernel name by kernel name. Numbers end to end: objects by the million
 * would take several times the memory.
 */
export class KernelRows {
	length = 0;
	private readonly cells = new DoubleList();

	push(
		[label, kernel]: readonly [number, number],
		[ranges, kernels]: readonly [number, number],
		summary: DurationSummary,
	): void {
		const {cells} = this;
		cells.push(label);
		cells.push(kernel);
		cells.push(ranges);
		cells.push(kernels);
		cells.push(summary.count);
		cells.push(summary.total);
		cells.push(summary.mean);
		cells.push(summary.median);
		cells.push(summary.min);
		cells.push(summary.max);
		cells.push(summary.deviation ?? NaN);
		this.length++;
	}

	/** One column of all rows; NaN where a row has no value. */
	column(name: (typeof rowColumns)[number]): Float64Array {
		const cells = this.cells.view();
		const column = new Float64Array(this.length);
		const place = rowColumns.indexOf(name);
		for (let row = 0; row < column.length; row++) {
			column[row] = Number(cells[row * rowColumns.length + place]);
		}

		return column;
	}
}

export class KernelTally {
	readonly rows = new KernelRows();
	/** By label, of the current name; stale unless `seenFor` bears it. */
	private readonly seenFor: Int32Array;
	private readonly slot: Int32Array;
	private readonly ranges: Int32Array;
	private readonly kernels: Int32Array;
	private readonly lastKernel: Int32Array;
	/** By range: the name that it was counted for last. */
	private readonly countedFor: Int32Array;
	/** Of the current name: its labels by slot, and durations with their slots. */
	private readonly labels = new IndexList();
	private readonly slots = new IndexList();
	private readonly durations = new DoubleList();

	constructor(labels: number, ranges: number) {
		this.seenFor = new Int32Array(labels).fill(-1);
		this.slot = new Int32Array(labels);
		this.ranges = new Int32Array(labels);
		this.kernels = new Int32Array(labels);
		this.lastKernel = new Int32Array(labels);
		this.countedFor = new Int32Array(ranges).fill(-1);
	}

	/**
	 * @param name that of the last call, unless its rows were finished
	 * @param range -1 where the label is no range's
	 * @param durationNs NaN where the kernel has none
	 */
	add(name: number, label: number, range: number, kernel: number, durationNs: number): void {
		if (this.seenFor[label] !== name) {
			this.seenFor[label] = name;
			this.slot[label] = this.labels.length;
			this.labels.push(label);
			this.ranges[label] = 0;
			this.kernels[label] = 0;
			this.lastKernel[label] = -1;
		}

		if (range >= 0 && this.countedFor[range] !== name) {
			this.countedFor[range] = name;
			this.ranges[label] = Number(this.ranges[label]) + 1;
		}

		if (this.lastKernel[label] !== kernel) {
			this.lastKernel[label] = kernel;
			this.kernels[label] = Number(this.kernels[label]) + 1;
		}

		if (!Number.isNaN(durationNs)) {
			this.slots.push(Number(this.slot[label]));
			this.durations.push(durationNs);
		}
	}

	/** Makes the rows of a name, all of whose kernels were added. */
	finish(name: number): void {
		const labels = this.labels.view();
		const durations = this.durations.view();
		const {from, rows} = groupRows(this.slots.view(), labels.length);
		for (const [slot, label] of labels.entries()) {
			this.rows.push(
				[label, name],
				[Number(this.ranges[label]), Number(this.kernels[label])],
				summarizeUnordered(pickRows(durations, rows.subarray(from[slot], from[slot + 1]))),
			);
		}

		this.labels.length = 0;
		this.slots.length = 0;
		this.durations.length = 0;
	}
}
