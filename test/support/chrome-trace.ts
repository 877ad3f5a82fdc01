/** Reads Chrome's trace events with JSON.parse and nothing of the writer; times from their digits, not as doubles. */

import * as z from 'zod';

/** Passed on as it is: copies lose a key named "__proto__". */
const details = z.custom<Readonly<Record<string, unknown>>>(
	(value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const event = z.discriminatedUnion('ph', [
	z.strictObject({
		ph: z.literal('M'),
		pid: z.int(),
		tid: z.int(),
		name: z.string(),
		args: z.record(z.string(), z.unknown()),
	}),
	z.strictObject({
		ph: z.literal('X'),
		pid: z.int(),
		tid: z.int(),
		/** Quoted before parsing. */
		ts: z.string().regex(/^\d+\.\d{3}$/),
		dur: z.string().regex(/^\d+\.\d{3}$/),
		name: z.string(),
		bind_id: z.int().optional(),
		flow_out: z.literal(true).optional(),
		flow_in: z.literal(true).optional(),
		args: details.optional(),
	}),
]);

const file = z.strictObject({
	traceEvents: z.array(event),
	displayTimeUnit: z.literal('ns'),
	otherData: z.strictObject({source: z.string()}),
});

export interface TraceSlice {
	/** Names of its process and thread. */
	readonly process: string;
	readonly thread: string;
	readonly name: string;
	readonly startNs: bigint;
	readonly durationNs: bigint;
	readonly details: Readonly<Record<string, unknown>>;
	readonly flow: {readonly id: number; readonly starts: boolean} | undefined;
}

export interface ChromeTrace {
	/** Names by number. */
	readonly processes: ReadonlyMap<number, string>;
	readonly threads: ReadonlyMap<number, string>;
	/** In the order of the file. */
	readonly slices: readonly TraceSlice[];
}

const nanoseconds = (microseconds: string): bigint => BigInt(microseconds.replace('.', ''));

export const readTrace = (text: string): ChromeTrace => {
	const {traceEvents} = file.parse(
		JSON.parse(text.replaceAll(/^(\{"ph":"X".*?"ts":)([^,]*)(,"dur":)([^,]*)/gm, '$1"$2"$3"$4"')),
	);
	const processes = new Map<number, string>();
	const threads = new Map<number, string>();
	const slices: TraceSlice[] = [];
	for (const one of traceEvents) {
		if (one.ph === 'X') {
			slices.push({
				process: processes.get(one.pid) ?? '',
				thread: threads.get(one.tid) ?? '',
				name: one.name,
				startNs: nanoseconds(one.ts),
				durationNs: nanoseconds(one.dur),
				details: one.args ?? {},
				flow:
					one.bind_id === undefined ? undefined : {id: one.bind_id, starts: one.flow_out === true},
			});
		} else if (one.name === 'process_name') {
			processes.set(one.pid, String(one.args['name']));
		} else if (one.name === 'thread_name') {
			threads.set(one.tid, String(one.args['name']));
		}
	}

	return {processes, threads, slices};
};

const endOf = ({startNs, durationNs}: TraceSlice): bigint => startNs + durationNs;

/** Slices of one thread that no viewer can draw. As viewers do: whoever has not ended holds what starts. */
export const findEscaping = (slices: readonly TraceSlice[]): readonly TraceSlice[] => {
	const open: TraceSlice[] = [];
	return slices.filter((one) => {
		while (open.length > 0 && open.some((outer) => endOf(outer) <= one.startNs)) {
			open.pop();
		}

		const escapes = open.some((outer) => endOf(outer) < endOf(one) || outer.startNs > one.startNs);
		open.push(one);
		return escapes;
	});
};
