/**
 * The ranges that have ended, as a program's own benchmark.json lists them (schemas/placeholder.ts). The times are not
 * known here: the launcher puts its results in that file's place.
 */

/** What a program says of itself before any time is known. */
export interface Placeholder {
	/** Path -> [0, 0], in order of ending. */
	readonly data: Record<string, [0, 0]>;
	readonly mean_data: Record<string, never>;
	readonly gpu_metrics: Record<string, never>;
	/** Path of a batch -> [batch index, items]. */
	readonly batch_info: Record<string, [number, number]>;
	/** Paths inside a batch. */
	readonly inside_batch_info: string[];
	readonly meta: Record<string, unknown>;
}

export interface EndedRange {
	readonly path: string;
	/** Path of what the range stands in: another range or the object. */
	readonly holder: string;
	readonly insideBatch: boolean;
	/** Only where the items of the batch were told. */
	readonly batch: {readonly index: number; readonly items: number} | undefined;
}

/** Grows by one entry per distinct path, so by one per batch and stage: as the file does. */
export class RangeLog {
	private readonly ended = new Map<string, EndedRange>();
	private readonly order: string[] = [];

	/** Where the log stands: deleteSince() goes back to it. */
	get position(): number {
		return this.order.length;
	}

	add(range: EndedRange): void {
		if (!this.ended.has(range.path)) {
			this.order.push(range.path);
		}

		this.ended.set(range.path, range);
	}

	/** Drops the paths that have first appeared since: a range's descendants, since they all ended after it began. */
	deleteSince(position: number): void {
		for (const path of this.order.splice(position)) {
			this.ended.delete(path);
		}
	}

	toPlaceholder(meta: Readonly<Record<string, unknown>>): Placeholder {
		const ranges = [...this.ended.values()];
		const batches = ranges.flatMap(({path, holder, batch}) =>
			batch === undefined ? [] : [{path, holder, ...batch}],
		);
		const totals = new Map<string, number>();
		for (const {holder} of batches.filter(({items}) => items > 0)) {
			totals.set(holder, (totals.get(holder) ?? 0) + 1);
		}

		return {
			data: Object.fromEntries(ranges.map(({path}) => [path, [0, 0]])),
			mean_data: {},
			gpu_metrics: {},
			batch_info: Object.fromEntries(batches.map(({path, index, items}) => [path, [index, items]])),
			inside_batch_info: ranges.filter(({insideBatch}) => insideBatch).map(({path}) => path),
			meta: {...meta, total_batches: Object.fromEntries(totals)},
		};
	}
}
