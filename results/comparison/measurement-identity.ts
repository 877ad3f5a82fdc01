/**
 * Whether two results are one measurement, copied: then they prove nothing about each other.
 *
 * Measured again, no program takes the same time to the nanosecond again and again. How unlikely that is goes by the
 * clock: times vary by a thousandth at least, so one of n ticks falls on one of n / 1000 and more. A time of 10 ms in ns
 * is worth 13 bits, the same from a clock with ticks of 1 ms none.
 */

import {createHash} from 'node:crypto';

export interface MeasurementIdentity {
	/** Digest of all its times, in their order. */
	readonly times: string;
	/** How unlikely equal times are by chance: 1 in 2 to the power of this. */
	readonly bits: number;
	/** Wall clock of its first range, ns since 1970: no two recordings have the same. null where nothing tells. */
	readonly originUnixNs: bigint | null;
}

/** One in 10^12: among a thousand processes there are half a million pairs. */
const enoughBits = 40;

/** The least by which times vary. */
const leastVariation = 1e-3;

const nanosecondsPerMillisecond = 1e6;

const greatestDivisor = (a: number, b: number): number => {
	let [large, small] = [a, b];
	while (small !== 0) {
		[large, small] = [small, large % small];
	}

	return large;
};

/** @param times whole ns. Equal ones count once: a clock that stands still says the same again and again. */
const countBits = (times: Float64Array): number => {
	let tick = 0;
	for (const time of times) {
		tick = tick === 1 ? 1 : greatestDivisor(time, tick);
	}

	let bits = 0;
	const seen = new Set<number>();
	for (const time of times) {
		if (!seen.has(time)) {
			seen.add(time);
			bits += Math.max(0, Math.log2((time / tick) * leastVariation));
		}

		if (bits >= enoughBits) {
			break;
		}
	}

	return bits;
};

/**
 * @param times in ms, all that were measured, in an order that the files give; others than positive ones, below a quarter of a year, tell nothing
 * @returns null without any
 */
export const identifyMeasurement = (
	times: readonly number[],
	originUnixNs: bigint | null = null,
): MeasurementIdentity | null => {
	// Files of others may hold 1e308, which has no greatest divisor with anything.
	const whole = Float64Array.from(
		times
			.map((time) => Math.round(time * nanosecondsPerMillisecond))
			.filter((time) => time > 0 && Number.isSafeInteger(time)),
	);
	return whole.length === 0
		? null
		: {
				times: createHash('sha256').update(whole).digest('hex'),
				bits: countBits(whole),
				originUnixNs,
			};
};

interface Identified {
	readonly identity?: MeasurementIdentity | null;
	readonly file?: string;
}

/** Bits for the two being one measurement: 0 where they differ, infinite where that is certain. */
const weighMatch = (a: Identified, b: Identified): number => {
	if (a.file !== undefined && a.file === b.file) {
		return Number.POSITIVE_INFINITY;
	}

	const [one, other] = [a.identity ?? null, b.identity ?? null];
	if (one === null || one.times !== other?.times) {
		return 0;
	}

	return one.originUnixNs === null || other.originUnixNs === null
		? one.bits
		: one.originUnixNs === other.originUnixNs
			? Number.POSITIVE_INFINITY
			: 0;
};

export interface Copy {
	/** Places in what was given. */
	readonly index: number;
	readonly of: number;
}

/** Those that are an earlier one again. Several that agree by chance are less likely than two. */
export const findCopies = (measurements: readonly Identified[]): readonly Copy[] => {
	const copies = measurements.flatMap((measurement, index) => {
		const of = measurements
			.slice(0, index)
			.findIndex((earlier) => weighMatch(earlier, measurement) > 0);
		const bits = of === -1 ? 0 : weighMatch(measurements[of] ?? {}, measurement);
		return of === -1 ? [] : [{index, of, bits}];
	});
	return copies.flatMap(({index, of}) => {
		const alike = copies.filter((copy) => copy.of === of);
		return alike.reduce((sum, {bits}) => sum + bits, 0) >= enoughBits ? [{index, of}] : [];
	});
};

/** How many of the second are among the first. Pairs of processes tell together what one alone might not. */
export const countShared = (
	baseline: readonly Identified[],
	candidate: readonly Identified[],
): number => {
	const matches = candidate
		.map((one) => Math.max(0, ...baseline.map((other) => weighMatch(other, one))))
		.filter((bits) => bits > 0);
	return matches.reduce((sum, bits) => sum + bits, 0) >= enoughBits ? matches.length : 0;
};
