/** Stretches of time: joined, cut, shared. All take and give them in order, without overlap, unless said otherwise. */

export interface Span {
	/** Since an origin. */
	readonly startNs: number;
	readonly endNs: number;
}

export const lengthOf = (spans: readonly Span[]): number =>
	spans.reduce((sum, {startNs, endNs}) => sum + endNs - startNs, 0);

/** @param spans in any order, overlapping or not */
export const joinSpans = (spans: readonly Span[]): readonly Span[] => {
	const joined: Span[] = [];
	for (const {startNs, endNs} of spans.toSorted((a, b) => a.startNs - b.startNs)) {
		const last = joined.at(-1);
		if (last !== undefined && startNs <= last.endNs) {
			joined[joined.length - 1] = {startNs: last.startNs, endNs: Math.max(last.endNs, endNs)};
		} else {
			joined.push({startNs, endNs});
		}
	}

	return joined;
};

/** What lies in both. */
export const shareSpans = (a: readonly Span[], b: readonly Span[]): readonly Span[] => {
	const shared: Span[] = [];
	let [left, right] = [0, 0];
	for (;;) {
		const [one, other] = [a[left], b[right]];
		if (one === undefined || other === undefined) {
			return shared;
		}

		const startNs = Math.max(one.startNs, other.startNs);
		const endNs = Math.min(one.endNs, other.endNs);
		if (startNs < endNs) {
			shared.push({startNs, endNs});
		}

		if (one.endNs <= other.endNs) {
			left++;
		} else {
			right++;
		}
	}
};

/** Index of the first that ends after a moment. */
const findAfter = (spans: readonly Span[], timeNs: number): number => {
	let [low, high] = [0, spans.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((spans[middle]?.endNs ?? 0) > timeNs) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}

	return low;
};

/** How much of one stretch lies in these. */
export const lengthWithin = (spans: readonly Span[], {startNs, endNs}: Span): number => {
	let length = 0;
	for (let at = findAfter(spans, startNs); at < spans.length; at++) {
		const span = spans[at];
		if (span === undefined || span.startNs >= endNs) {
			break;
		}

		length += Math.min(span.endNs, endNs) - Math.max(span.startNs, startNs);
	}

	return length;
};

/** What lies in the first and in none of the others. */
export const cutSpans = (spans: readonly Span[], cut: readonly Span[]): readonly Span[] => {
	const edges = [Number.NEGATIVE_INFINITY, ...cut.flatMap((one) => [one.startNs, one.endNs])];
	const kept: Span[] = [];
	for (let index = 0; index < edges.length; index += 2) {
		kept.push({
			startNs: edges[index] ?? Number.NEGATIVE_INFINITY,
			endNs: edges[index + 1] ?? Number.POSITIVE_INFINITY,
		});
	}

	return shareSpans(spans, kept);
};

/** From the start of the first to the end of the last; null where there is none. */
export const spanAll = (spans: readonly Span[]): Span | null => {
	let [startNs, endNs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const span of spans) {
		startNs = Math.min(startNs, span.startNs);
		endNs = Math.max(endNs, span.endNs);
	}

	return spans.length === 0 ? null : {startNs, endNs};
};
