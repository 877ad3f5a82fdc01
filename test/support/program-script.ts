/** A program on one thread, told step by step; what nsys would have recorded of it is its `spec`. */

import type {AnnotationMark} from '../../schemas/annotation-mark.ts';
import type {CallSpec, MarkSpec, OperationSpec, RangeSpec, TraceSpec} from './trace-spec.ts';

export interface Launch {
	/** From the call's end to the operation's start, ns. 0 unless given. */
	readonly after?: number;
	/** How long the operation runs on the GPU, ns. */
	readonly takes: number;
	/** How long the launching call takes, ns. 1 unless given. */
	readonly call?: number;
}

export class ProgramScript {
	readonly #where: {readonly pid: number; readonly tid: number};
	#now: number;
	#correlation: number;
	readonly #open: {name: string; domain: string | undefined; start: number; slot: number}[] = [];
	readonly #ranges: RangeSpec[] = [];
	readonly #marks: MarkSpec[] = [];
	readonly #calls: CallSpec[] = [];
	readonly #kernels: OperationSpec[] = [];

	constructor(options: {pid?: number; tid?: number; from?: number; firstCorrelation?: number}) {
		const pid = options.pid ?? 1000;
		this.#where = {pid, tid: options.tid ?? pid};
		this.#now = options.from ?? 0;
		this.#correlation = options.firstCorrelation ?? 1;
	}

	/** Moves the clock on, ns. */
	wait(ns: number): this {
		this.#now += ns;
		return this;
	}

	/** Opens a range; the clock moves 1 ns, as no two calls of one thread happen at once. */
	push(name: string, domain?: string): this {
		this.#open.push({name, domain, start: this.#now, slot: this.#ranges.length});
		this.#ranges.push({name, start: this.#now, end: null, ...this.#where});
		return this.wait(1);
	}

	pop(): this {
		const range = this.#open.pop();
		if (range === undefined) {
			throw new Error('pop without push');
		}

		const {name, domain, start, slot} = range;
		const place = domain === undefined ? this.#where : {...this.#where, domain};
		this.#ranges[slot] = {name, start, end: this.#now, ...place};
		return this.wait(1);
	}

	/** A mark of the annotation library; the clock moves 1 ns. */
	mark(mark: AnnotationMark): this {
		this.#marks.push({text: JSON.stringify(mark), start: this.#now, ...this.#where});
		return this.wait(1);
	}

	/** Launches a kernel. The clock moves by the call alone: the GPU works on its own. */
	launch({after = 0, takes, call = 1}: Launch): this {
		const correlation = this.#correlation++;
		const end = this.#now + call;
		this.#calls.push({correlation, start: this.#now, end, ...this.#where});
		this.#kernels.push({
			correlation,
			start: end + after,
			end: end + after + takes,
			pid: this.#where.pid,
		});
		return this.wait(call);
	}

	/** Ranges that are still open end with the trace, at the present moment, as nsys exports them. */
	get spec(): TraceSpec {
		const ranges = this.#ranges.map((range) => ({...range, end: range.end ?? this.#now}));
		return {
			ranges,
			marks: this.#marks,
			calls: this.#calls,
			kernels: this.#kernels,
			durationNs: this.#now,
		};
	}
}

export const programOn = (
	options: ConstructorParameters<typeof ProgramScript>[0] = {},
): ProgramScript => new ProgramScript(options);

/** Several threads or processes in one trace. */
export const mergeSpecs = (...specs: readonly TraceSpec[]): TraceSpec => ({
	ranges: specs.flatMap(({ranges}) => ranges ?? []),
	marks: specs.flatMap(({marks}) => marks ?? []),
	calls: specs.flatMap(({calls}) => calls ?? []),
	kernels: specs.flatMap(({kernels}) => kernels ?? []),
	memcpys: specs.flatMap(({memcpys}) => memcpys ?? []),
	memsets: specs.flatMap(({memsets}) => memsets ?? []),
	graphs: specs.flatMap(({graphs}) => graphs ?? []),
	durationNs: Math.max(0, ...specs.map(({durationNs}) => Number(durationNs ?? 0))),
});
