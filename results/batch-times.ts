/** When each batch ran: for pictures over a run's time. */

import type {HolderResult} from './result-tree.ts';

export interface BatchTime {
	readonly index: number;
	/** Since the trace's origin, over all threads that have it. */
	readonly startNs: number;
	readonly endNs: number;
	/** In the statistics. */
	readonly isMeasured: boolean;
}

/** Of holders that stand in no other holder's batches. */
export const listBatchTimes = (holders: readonly HolderResult[]): readonly BatchTime[] =>
	holders
		.filter(({path}) => !holders.some((other) => path.startsWith(`${other.path}/`)))
		.flatMap(({holder}) => {
			const measured = new Set(holder.measured);
			return holder.batches
				.filter(({instances}) => instances.length > 0)
				.map((batch) => ({
					index: batch.index,
					startNs: batch.instances.reduce((least, {startNs}) => Math.min(least, startNs), Infinity),
					endNs: batch.instances.reduce((most, {endNs}) => Math.max(most, endNs), -Infinity),
					isMeasured: measured.has(batch),
				}));
		});
