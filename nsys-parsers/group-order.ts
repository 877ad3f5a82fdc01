/** Groups by size. Most readers look at the first few only: those are found without sorting the rest. */

import {ascendingOrder} from './ascending-order.ts';
import {pickIndices, pickRows} from './fill-column.ts';

/** Two columns of whole numbers, by group: the second one decides between equals of the first. */
export interface GroupSizes {
	readonly first: Float64Array;
	readonly second: Float64Array;
}

/** More than a terminal's table shows. */
const head = 64;

const isLarger = ({first, second}: GroupSizes, a: number, b: number): boolean => {
	const by = Number(first[a]) - Number(first[b]) || Number(second[a]) - Number(second[b]);
	return by > 0 || (by === 0 && a > b);
};

/** The largest ones, up to `head` of them, in order. */
const selectLargest = (groups: Uint32Array, sizes: GroupSizes): readonly number[] => {
	const largest: number[] = [];
	for (let at = 0; at < groups.length; at++) {
		const group = Number(groups[at]);
		if (largest.length === head && !isLarger(sizes, group, Number(largest[head - 1]))) {
			continue;
		}

		largest.length = Math.min(largest.length, head - 1);
		let place = largest.length;
		while (place > 0 && isLarger(sizes, group, Number(largest[place - 1]))) {
			place--;
		}

		largest.splice(place, 0, group);
	}

	return largest;
};

/** @param groups ascending */
export const orderGroups = function* (groups: Uint32Array, sizes: GroupSizes): Generator<number> {
	yield* selectLargest(groups, sizes);
	if (groups.length > head) {
		const bySecond = pickIndices(groups, ascendingOrder(pickRows(sizes.second, groups)));
		const order = pickIndices(bySecond, ascendingOrder(pickRows(sizes.first, bySecond)));
		for (let place = order.length - head - 1; place >= 0; place--) {
			yield Number(order[place]);
		}
	}
};
