/**
 * Many ranges are tested at once: of those called changed, at most a share alpha may be wrong on average (Benjamini and
 * Hochberg 1995). That holds for independent tests and for those that depend positively, as nested ranges do. Where
 * nothing changed at all, it bounds the chance that anything is called changed.
 *
 * A null among the p-values is no test: it stays null and does not count.
 */

type PValues = readonly (number | null)[];

/** @returns in the order of `ps`: each found at the level alpha where it is not above alpha */
export const adjustForDiscoveries = (ps: PValues): PValues => {
	const order = ps
		.flatMap((p, index) => (p === null ? [] : [{p, index}]))
		.toSorted((a, b) => b.p - a.p);
	const adjusted: (number | null)[] = ps.map(() => null);
	let least = 1;
	for (const [place, {p, index}] of order.entries()) {
		least = Math.min(least, (p * order.length) / (order.length - place));
		adjusted[index] = least;
	}

	return adjusted;
};

/** The level that a test had to reach among all the others, as they came out. */
export const listLevels = (adjusted: PValues, alpha: number): readonly number[] => {
	const tests = adjusted.filter((p) => p !== null);
	const found = tests.filter((p) => p <= alpha).length;
	const count = Math.max(1, tests.length);
	return adjusted.map((p) => {
		const place = p !== null && p <= alpha ? found : Math.min(count, found + 1);
		return (alpha * place) / count;
	});
};
