/**
 * The median of one resample: repeats are drawn with replacement, then processes within each, then batches within those.
 *
 * Two ways to the same distribution. Few samples: draw every batch and count. Many: never draw them, but walk down to
 * the median by halves, asking each time only how many of the draws fall into the left half (a binomial number), so that
 * a resample costs a logarithm instead of all samples.
 */

import {drawBinomial, drawIndex, type Random} from './random.ts';
import type {RankedSamples} from './ranked-samples.ts';

const noRanks = new Uint32Array();

/** The processes of one resample; one may come several times. */
const drawProcesses = ({repeats}: RankedSamples, random: Random): readonly Uint32Array[] =>
	repeats.flatMap(() => {
		const processes = repeats[drawIndex(random, repeats.length)] ?? [];
		return processes.map(() => processes[drawIndex(random, processes.length)] ?? noRanks);
	});

/** The rank of the draw that has `before` others before it. */
const findRank = (counts: Uint32Array, before: number): number => {
	let seen = 0;
	let rank = 0;
	for (; rank < counts.length - 1; rank++) {
		seen += counts[rank] ?? 0;
		if (seen > before) {
			break;
		}
	}

	return rank;
};

/** @param counts one per sample, all 0; left so */
export const drawMedian = (
	{values, repeats}: RankedSamples,
	random: Random,
	counts: Uint32Array,
): number => {
	let total = 0;
	for (const ranks of drawProcesses({values, repeats}, random)) {
		total += ranks.length;
		for (let left = ranks.length; left > 0; left--) {
			const rank = ranks[drawIndex(random, ranks.length)] ?? 0;
			counts[rank] = (counts[rank] ?? 0) + 1;
		}
	}

	const lower = findRank(counts, (total - 1) >> 1);
	const upper = total % 2 === 1 ? lower : findRank(counts, total >> 1);
	counts.fill(0);
	return ((values[lower] ?? 0) + (values[upper] ?? 0)) / 2;
};

/** What is left of one drawn process while the walk narrows: its ranks in [from, to), and the draws among them. */
interface Part {
	readonly ranks: Uint32Array;
	from: number;
	to: number;
	draws: number;
	/** Of the step at hand: the first rank of the right half, and the draws in the left one. */
	middle: number;
	left: number;
}

const createPart = (ranks: Uint32Array): Part => ({
	ranks,
	from: 0,
	to: ranks.length,
	draws: ranks.length,
	middle: 0,
	left: 0,
});

/** The first position in [from, to) whose rank is not below `limit`. */
const findPosition = ({ranks, from, to}: Part, limit: number): number => {
	let low = from;
	let high = to;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((ranks[middle] ?? 0) < limit) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}

	return low;
};

/** Sends each draw of a part to the left or the right half. @returns how many went left */
const splitParts = (parts: readonly Part[], limit: number, random: Random): number => {
	let left = 0;
	for (const part of parts) {
		part.middle = findPosition(part, limit);
		const share = (part.middle - part.from) / (part.to - part.from);
		part.left = part.draws === 0 ? 0 : drawBinomial(random, part.draws, share);
		left += part.left;
	}

	return left;
};

const narrow = (part: Part, toLeft: boolean): void => {
	if (toLeft) {
		part.to = part.middle;
		part.draws = part.left;
	} else {
		part.from = part.middle;
		part.draws -= part.left;
	}
};

/** Without a draw per sample. Of two middle draws the lower one: among that many samples they are neighbours. */
export const walkToMedian = (samples: RankedSamples, random: Random): number => {
	const parts = drawProcesses(samples, random).map(createPart);
	let before = (parts.reduce((sum, {draws}) => sum + draws, 0) - 1) >> 1;
	let low = 0;
	let high = samples.values.length;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		const left = splitParts(parts, middle, random);
		const toLeft = before < left;
		for (const part of parts) {
			narrow(part, toLeft);
		}

		if (toLeft) {
			high = middle;
		} else {
			before -= left;
			low = middle;
		}
	}

	return samples.values[low] ?? 0;
};
