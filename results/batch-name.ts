/** Names of ranges: their domain, and the number in the name of a batch. */

const digitRuns = /\d+/g;

/** What is left of a batch's name without its number: the same for all batches of a series. */
export type FoldedName = readonly string[];

/** "batch_7" of batch 7 becomes "batch_" and "": split at the last number in the name that is the batch's. */
export const foldBatchName = (name: string, index: number): FoldedName => {
	const run = [...name.matchAll(digitRuns)].findLast(([digits]) => Number(digits) === index);
	return run === undefined ? [name] : foldSpans(name, [[run.index, run.index + run[0].length]]);
};

/** @param spans [from, to) of what gives way */
export const foldSpans = (
	name: string,
	spans: readonly (readonly [number, number])[],
): FoldedName => {
	const parts: string[] = [];
	let from = 0;
	for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
		parts.push(name.slice(from, start));
		from = end;
	}

	return [...parts, name.slice(from)];
};

/**
 * The name as traced, and without its domain: "domain:name" is how a name outside the default domain is traced, and a
 * name inside the default domain may look the same.
 */
export const nameVariants = (name: string): readonly string[] => {
	const colon = name.indexOf(':');
	return colon === -1 ? [name] : [name, name.slice(colon + 1)];
};
