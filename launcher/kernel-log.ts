/**
 * The kernel's log as /dev/kmsg hands it out: each read() gives one record, "6,1234,98765432,-;text". Described in the
 * kernel's Documentation/ABI/testing/dev-kmsg. A plain file with such lines is read by the same loop.
 */

import {closeSync, constants, openSync, readSync} from 'node:fs';
import {systemCodeOf} from '../base/errors.ts';

export interface KernelRecord {
	/** Grows by one with each record, from 0 at the machine's start. */
	readonly sequence: number;
	/** Microseconds of the kernel's monotonic clock. */
	readonly monotonicUs: number;
	/** Bytes that are no printable ASCII stand as `\x0a`. */
	readonly message: string;
}

/** Newer kernels put more fields before the semicolon ("caller=T42"). */
const recordLine = /^(\d+),(\d+),(\d+),[^;]*;(.*)$/;

/** Priorities stand in the lowest three bits, the facility above them: 0 is the kernel, and no program can write as it. */
const isOfKernel = (priority: number): boolean => priority < 8;

/** Lines that begin with a blank ("SUBSYSTEM=pci") belong to the record above, and are left out. */
export const parseKernelLog = (text: string): readonly KernelRecord[] =>
	text.split('\n').flatMap((line) => {
		const [, priority, sequence, monotonicUs, message] = recordLine.exec(line) ?? [];
		return message !== undefined && isOfKernel(Number(priority))
			? [{sequence: Number(sequence), monotonicUs: Number(monotonicUs), message}]
			: [];
	});

/** A record is at most 8 KiB; a smaller buffer would get EINVAL. */
const bufferBytes = 16_384;
/** The largest log that a kernel can have holds fewer; a kernel that logs faster than we read must not hold us. */
const mostReads = 1_000_000;

const readChunks = (descriptor: number): readonly string[] => {
	const buffer = Buffer.alloc(bufferBytes);
	const chunks: string[] = [];
	for (let reads = 0; reads < mostReads; reads++) {
		try {
			const bytes = readSync(descriptor, buffer, 0, bufferBytes, null);
			if (bytes === 0) {
				break;
			}

			chunks.push(buffer.toString('latin1', 0, bytes));
		} catch (error) {
			const code = systemCodeOf(error);
			if (code === 'EAGAIN') {
				break;
			}

			// EPIPE: records were overwritten before we came to them; the next read goes on behind them.
			if (code !== 'EPIPE') {
				throw error;
			}
		}
	}

	return chunks;
};

/** null where the log is not there or not ours to read: containers, `kernel.dmesg_restrict`. */
export const readKernelLog = (file: string): readonly KernelRecord[] | null => {
	try {
		const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			return parseKernelLog(readChunks(descriptor).join(''));
		} finally {
			closeSync(descriptor);
		}
	} catch (error) {
		if (systemCodeOf(error) !== undefined) {
			return null;
		}

		throw error;
	}
};
