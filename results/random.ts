/** Random numbers that are the same on every run: a file reprocessed gives the same intervals. */

/** A uniform number in [0, 1). */
export type Random = () => number;

/** sfc32 ("small fast counter", C. Doty-Humphrey): 128 bits of state, passes PractRand. */
export const createRandom = (seed: number): Random => {
	let [a, b, c, counter] = [0x9e3779b9 | 0, 0x243f6a88 | 0, seed | 0, 1];
	const next = (): number => {
		const sum = (((a + b) | 0) + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (((c << 21) | (c >>> 11)) + sum) | 0;
		return (sum >>> 0) / 2 ** 32;
	};

	// The first numbers of two seeds that differ in one bit are alike.
	for (let round = 0; round < 16; round++) {
		next();
	}

	return next;
};

/** A whole number in [0, below). */
export const drawIndex = (random: Random, below: number): number => Math.floor(random() * below);

/** A standard normal number (Box and Muller). */
export const drawNormal = (random: Random): number =>
	Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Above this variance the normal distribution stands in: its error is far below that of a thousand resamples. */
const normalFrom = 25;

/** How many of `count` independent trials succeed, each with the given probability. */
export const drawBinomial = (random: Random, count: number, probability: number): number => {
	if (count === 0 || probability <= 0) {
		return 0;
	}

	if (probability > 0.5) {
		return count - drawBinomial(random, count, 1 - probability);
	}

	const variance = count * probability * (1 - probability);
	if (variance > normalFrom) {
		const drawn = Math.round(count * probability + Math.sqrt(variance) * drawNormal(random));
		return Math.min(count, Math.max(0, drawn));
	}

	return invertBinomial(random(), count, probability);
};

/** The smallest number of successes whose cumulative probability reaches `at`. */
const invertBinomial = (at: number, count: number, probability: number): number => {
	const odds = probability / (1 - probability);
	let term = (1 - probability) ** count;
	let left = at - term;
	let successes = 0;
	while (left >= 0 && successes < count) {
		term *= (odds * (count - successes)) / (successes + 1);
		successes++;
		left -= term;
	}

	return successes;
};
