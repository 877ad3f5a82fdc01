/** Random numbers that a seed repeats: Math.random has none. The generator is sfc32, 128 bits of state. */

export interface Random {
	/** From 0 up to, not including, 1. */
	readonly next: () => number;
	/** A whole number from 0 up to, not including, `limit`. */
	readonly below: (limit: number) => number;
	/** True in this share of all calls, 0 to 1. */
	readonly chance: (share: number) => boolean;
	/** A whole number around `mean`, from a fifth of it to 2.6 times as much, small ones more often. */
	readonly around: (mean: number) => number;
}

const createSource = (seed: number): (() => number) => {
	let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1];
	const next = (): number => {
		const sum = (a + b + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = ((c << 21) | (c >>> 11)) + sum;
		return (sum >>> 0) / 4294967296;
	};
	// Seeds that differ in one bit need some rounds to part.
	for (let round = 0; round < 16; round++) {
		next();
	}

	return next;
};

export const createRandom = (seed: number): Random => {
	const next = createSource(seed);
	return {
		next,
		below: (limit) => Math.floor(next() * limit),
		// No draw for the extremes: switching an option off leaves the rest of the trace as it was.
		chance: (share) => share > 0 && (share >= 1 || next() < share),
		around: (mean) => {
			const draw = next();
			return Math.round(mean * (0.2 + 2.4 * draw * draw));
		},
	};
};
