/**
 * A growing tree of numbered nodes: finds the child of a node by its label, or makes it.
 *
 * An open-addressing hash over (parent, label), since a Map keyed by a number above 2^31 costs a heap number per range.
 * Children hang on their parent as a linked list, in the order in which they came.
 */

export interface ChildTable {
	/** -1 for the root, node 0. */
	readonly parent: Int32Array;
	/** -1 for the root. */
	readonly label: Int32Array;
	/** Nodes so far. */
	readonly length: () => number;
	readonly child: (parent: number, label: number) => number;
	readonly childrenOf: (node: number) => readonly number[];
}

const none = -1;
const childless: readonly number[] = [];

/** @param capacity nodes at most, the root included */
export const createChildTable = (capacity: number): ChildTable => {
	const column = () => new Int32Array(capacity).fill(none);
	const [parent, label, first, last, next] = [column(), column(), column(), column(), column()];
	// At most half full, and a power of two: probing stays short.
	const mask = 2 ** Math.ceil(Math.log2(capacity * 2)) - 1;
	const slots = new Int32Array(mask + 1).fill(none);
	let length = 1;

	const append = (above: number, own: number): number => {
		const node = length++;
		parent[node] = above;
		label[node] = own;
		const before = last[above] ?? none;
		if (before === none) {
			first[above] = node;
		} else {
			next[before] = node;
		}

		last[above] = node;
		return node;
	};

	const child = (above: number, own: number): number => {
		let slot = (Math.imul(above, 0x9e3779b1) ^ Math.imul(own + 1, 0x85ebca6b)) >>> 0;
		for (slot = (slot ^ (slot >>> 15)) & mask; ; slot = (slot + 1) & mask) {
			const node = slots[slot] ?? none;
			if (node === none) {
				return (slots[slot] = append(above, own));
			}

			if (parent[node] === above && label[node] === own) {
				return node;
			}
		}
	};

	const childrenOf = (node: number): readonly number[] => {
		if ((first[node] ?? none) === none) {
			return childless;
		}

		const children: number[] = [];
		for (let at = first[node] ?? none; at !== none; at = next[at] ?? none) {
			children.push(at);
		}

		return children;
	};

	return {parent, label, length: () => length, child, childrenOf};
};
