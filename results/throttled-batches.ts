/** Batches in which the GPU was held down, and which of them --drop-throttled leaves out. */

import {throttledFrom} from '../schemas/gpu-metrics.ts';
import type {WatchedGpu} from './gpu-evidence.ts';
import {measureThrottling, shorten} from './gpu-windows.ts';
import type {Batch, Holder} from './holder.ts';
import {joinSpans, type Span} from './spans.ts';

/** Where a batch ran, on any thread. */
export const spansOf = ({instances}: Batch): readonly Span[] => joinSpans(instances);

/** null counts as no: nobody knows. As short as the file has it, so that a reader of the file comes to the same. */
export const isThrottled = (share: number | null): boolean =>
	share !== null && shorten(share) > throttledFrom;

/**
 * Nodes of the batches to leave out. Of a holder whose measured batches are all throttled, none: nothing would be left.
 * @param holders with nothing dropped
 */
export const chooseDropped = (
	holders: ReadonlyMap<number, Holder>,
	{track}: Pick<WatchedGpu, 'track'>,
): ReadonlySet<number> => {
	const nodes = new Set<number>();
	for (const {measured} of holders.values()) {
		const throttled = measured.filter((batch) =>
			isThrottled(measureThrottling(track, spansOf(batch))),
		);
		if (throttled.length < measured.length) {
			throttled.forEach((batch) => nodes.add(batch.node));
		}
	}

	return nodes;
};
