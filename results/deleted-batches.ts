/** Batches that the program deleted. They have no path, but their time is in that of the range that held them. */

import type {Trace} from '../schemas/trace.ts';
import type {BatchSource} from './batch-facts.ts';

export interface DeletedBatch {
	/** Index into the trace's threads. */
	readonly thread: number;
	readonly startNs: number;
	readonly endNs: number;
	readonly gpuNs: number;
	readonly gpuBusyNs: number;
}

/**
 * By the node right above. One inside a range that vanished too is part of that one's time.
 * @param nodeAbove undefined where what is above vanished
 */
export const listDeletedBatches = (
	{ranges}: Trace,
	source: BatchSource,
	nodeAbove: (range: number) => number | undefined,
): ReadonlyMap<number, readonly DeletedBatch[]> => {
	const byNode = new Map<number, DeletedBatch[]>();
	for (const range of source.deleted) {
		const node = source.batches.has(range) ? nodeAbove(range) : undefined;
		if (node === undefined) {
			continue;
		}

		const deleted = byNode.get(node) ?? [];
		byNode.set(node, deleted);
		deleted.push({
			thread: ranges.thread[range] ?? 0,
			startNs: ranges.startNs[range] ?? 0,
			endNs: ranges.endNs[range] ?? 0,
			gpuNs: ranges.gpuSpanNs[range] ?? 0,
			gpuBusyNs: ranges.gpuBusyNs[range] ?? 0,
		});
	}

	return byNode;
};
