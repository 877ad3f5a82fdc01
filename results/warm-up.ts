/** Which batches of one holder are warm-up. */

export interface WarmupSplit<Batch> {
	/** In order of index. */
	readonly warmup: readonly Batch[];
	readonly measured: readonly Batch[];
}

/**
 * The first and the last `width` batches in order of their index. The position decides, not the index itself as in the
 * origin: where indices start at 0 and have no holes the two agree, and elsewhere an index says nothing of how many
 * batches came before. Batches of the same index keep the order in which they came.
 */
export const splitWarmup = <Batch extends {readonly index: number}>(
	batches: readonly Batch[],
	width: number,
): WarmupSplit<Batch> => {
	const ordered = batches.toSorted((a, b) => a.index - b.index);
	const isMeasured = (position: number) => position >= width && position + width < ordered.length;
	return {
		warmup: ordered.filter((_, position) => !isMeasured(position)),
		measured: ordered.filter((_, position) => isMeasured(position)),
	};
};

/** The widest warm-up that leaves a batch. */
export const widestWarmup = (batches: number): number => Math.max(0, Math.floor((batches - 1) / 2));
