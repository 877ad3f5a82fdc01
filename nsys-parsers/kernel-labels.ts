/** What kernels are added up by in a report of kernels by range: name and style of a range, process and thread. */

import type {TraceThread} from '../schemas/trace.ts';
import type {KernelLaunches} from './kernel-launches.ts';
import {unnamed} from './range-names.ts';
import {threadOf} from './range-nesting.ts';
import type {DetailedTrace} from './read-trace.ts';
import {Tuples} from './tuples.ts';

const styles = ['', 'PushPop', 'StartEnd'] as const;

/** Of kernels in no range: no style, and no thread either where their call is not known. */
const noStyle = 0;
const none = -1;

export interface Label {
	/** null: in no range. */
	readonly name: string | null;
	/** null: in no range. */
	readonly style: string | null;
	/** null: launched by a call that was not recorded. */
	readonly thread: TraceThread | null;
}

const isUnnamed = (name: string | undefined): boolean =>
	name === undefined || name === unnamed || name.endsWith(`:${unnamed}`);

/** Index of each name, -1 for all of unnamed ranges, in whatever domain: NVIDIA's report has them in one row. */
const numberNames = (names: readonly string[], shift: number): Int32Array =>
	Int32Array.from(names, (name, at) => (isUnnamed(name) ? none : at + shift));

/** Thread ids are the same in two processes of different machines or containers: these are one, as in NVIDIA's report. */
const numberThreads = (threads: readonly TraceThread[]): Int32Array => {
	const tuples = new Tuples();
	return Int32Array.from(threads, ({pid, tid}) => tuples.intern(pid, tid, 0, 0));
};

export class KernelLabels {
	/** By range. */
	readonly pushPop: Int32Array;
	/** By place in the launches' start/end ranges. */
	readonly startEnd: Int32Array;
	/** By thread: of what it launched in no range. */
	readonly outside: Int32Array;
	/** Of what has no call. */
	readonly withoutCall: number;
	private readonly tuples = new Tuples();
	private readonly names: readonly string[];
	private readonly threads: readonly TraceThread[];

	constructor({trace, threads, startEnd: loose}: DetailedTrace, launches: KernelLaunches) {
		const {pushPop, startEnd} = launches;
		const {name} = trace.ranges;
		const numbers = numberThreads(threads);
		const number = (range: number): number => Number(numbers[range]);
		const ownNames = numberNames(trace.names, 0);
		const looseNames = numberNames(loose?.names ?? [], trace.names.length);
		this.names = [...trace.names, ...(loose?.names ?? [])];
		this.threads = [...new Set(numbers)].flatMap((first) => {
			const thread = threads[numbers.indexOf(first)];
			return thread === undefined ? [] : [thread];
		});
		this.pushPop = pushPop.nested.parent.map((_, range) =>
			this.tuples.intern(
				Number(ownNames[Number(name[range])]),
				1,
				number(threadOf(pushPop.nested, range)),
				0,
			),
		);
		this.startEnd = Int32Array.from(startEnd?.range ?? [], (range, place) =>
			this.tuples.intern(
				Number(looseNames[Number(loose?.name[range])]),
				2,
				startEnd === undefined ? none : number(threadOf(startEnd.nested, place)),
				0,
			),
		);
		this.outside = numbers.map((thread) => this.tuples.intern(none, noStyle, thread, 0));
		this.withoutCall = this.tuples.intern(none, noStyle, none, 0);
	}

	get count(): number {
		return this.tuples.size;
	}

	describe(label: number): Label {
		const style = styles[this.tuples.valueOf(label, 1)] ?? '';
		const name = this.names[this.tuples.valueOf(label, 0)] ?? unnamed;
		return {
			name: style === '' ? null : name,
			style: style === '' ? null : style,
			thread: this.threads[this.tuples.valueOf(label, 2)] ?? null,
		};
	}
}
