/** Which Xids the driver logged of some GPUs while programs ran on them. */

import type {GpuXid} from '../schemas/gpu-watch.ts';
import {readKernelLog, type KernelRecord} from './kernel-log.ts';
import {normalizeBusId, parseXidLine} from './xid-lines.ts';

/** A broken GPU logs the same thing thousands of times. */
const mostAlike = 8;
const mostMessage = 300;

export const limitXids = (xids: readonly GpuXid[]): GpuXid[] => {
	const counts = new Map<string, number>();
	return xids.filter(({gpu, xid}) => {
		const kind = `${gpu} ${xid}`;
		const count = (counts.get(kind) ?? 0) + 1;
		counts.set(kind, count);
		return count <= mostAlike;
	});
};

/** Two clocks, read at the same moment. */
export interface ClockPair {
	readonly unixMs: number;
	readonly monotonicUs: number;
}

const readClocks = (): ClockPair => ({
	unixMs: Date.now(),
	monotonicUs: Number(process.hrtime.bigint() / 1000n),
});

/**
 * @param busIds by UUID; Xids of other GPUs are left out
 * @param now right after the records were read
 * @param fromMs when the launch began, in ms since 1970: the kernel's clock is not exactly ours, nor that of a container
 */
export const findXids = (
	records: readonly KernelRecord[],
	busIds: ReadonlyMap<string, string>,
	{now, fromMs}: {now: ClockPair; fromMs: number},
): GpuXid[] => {
	const gpus = new Map([...busIds].map(([uuid, busId]) => [normalizeBusId(busId), uuid]));
	const found = records.flatMap(({message: line, monotonicUs}): GpuXid[] => {
		const read = parseXidLine(line);
		const gpu = read === null ? undefined : gpus.get(read.busId);
		if (read === null || gpu === undefined) {
			return [];
		}

		const loggedMs = now.unixMs - (now.monotonicUs - monotonicUs) / 1000;
		const at = new Date(Math.max(fromMs, Math.min(now.unixMs, loggedMs))).toISOString();
		return [{gpu, xid: read.xid, message: read.message.slice(0, mostMessage), at}];
	});
	return limitXids(found);
};

export class XidWatch {
	readonly #busIds: ReadonlyMap<string, string>;
	readonly #file: string;
	readonly #fromMs = Date.now();
	/** Of the last record that was there; null: the log cannot be read. */
	readonly #last: number | null;

	/** Reads the log up to now. @param file for tests */
	constructor(busIds: ReadonlyMap<string, string>, file = '/dev/kmsg') {
		this.#busIds = busIds;
		this.#file = file;
		const before = busIds.size === 0 ? null : readKernelLog(file);
		this.#last = before === null ? null : (before.at(-1)?.sequence ?? -1);
	}

	/** Since the start; null: nobody knows. */
	end(): GpuXid[] | null {
		const last = this.#last;
		const records = last === null ? null : readKernelLog(this.#file);
		return last === null || records === null
			? null
			: findXids(
					records.filter(({sequence}) => sequence > last),
					this.#busIds,
					{now: readClocks(), fromMs: this.#fromMs},
				);
	}
}
