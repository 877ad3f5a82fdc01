/** The threads of an export, numbered. */

import type {TraceThread} from '../schemas/trace.ts';
import {Tuples} from './tuples.ts';

/** Twice the threads that take turns in a trace, mostly. */
const cachedThreads = 256;

/** Threads by process and thread id, each with a number. */
export class ThreadNumbers {
	private readonly tuples = new Tuples();
	/** By the low bits of the thread id: the thread asked for last, and its number. Rows of several threads interleave. */
	private readonly cachedProcess = new Float64Array(cachedThreads).fill(NaN);
	private readonly cachedTid = new Float64Array(cachedThreads);
	private readonly cachedNumber = new Int32Array(cachedThreads);

	get count(): number {
		return this.tuples.size;
	}

	intern(process: number, tid: number): number {
		const slot = tid & (cachedThreads - 1);
		if (this.cachedProcess[slot] === process && this.cachedTid[slot] === tid) {
			return Number(this.cachedNumber[slot]);
		}

		const number = this.tuples.intern(process, tid, 0, 0);
		this.cachedProcess[slot] = process;
		this.cachedTid[slot] = tid;
		this.cachedNumber[slot] = number;
		return number;
	}

	/** -1 where it is not known. */
	find(process: number, tid: number): number {
		return this.tuples.find(process, tid, 0, 0);
	}

	processOf(thread: number): number {
		return this.tuples.valueOf(thread, 0);
	}

	/** In order of their numbers. */
	listIds(): {process: number; tid: number}[] {
		return Array.from({length: this.count}, (_, thread) => ({
			process: this.processOf(thread),
			tid: this.tuples.valueOf(thread, 1),
		}));
	}

	/** In order of their numbers. @param pidOf tells the process id of a process */
	list(pidOf: (process: number) => number): TraceThread[] {
		return Array.from({length: this.count}, (_, thread) => ({
			pid: pidOf(this.processOf(thread)),
			tid: this.tuples.valueOf(thread, 1),
		}));
	}
}
