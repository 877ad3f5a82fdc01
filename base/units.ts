/**
 * Quantities. Inside, every time is a whole number of nanoseconds; milliseconds exist only in files and on screens.
 * A point on a clock and a length of time are different types, and this file alone casts to them.
 *
 * Points are counted from an origin that their trace names, so that they stay exact in a double: 2^53 ns are 104 days.
 */

declare const brand: unique symbol;
type Branded<Name extends string> = number & {readonly [brand]: Name};

/** A length of time in whole nanoseconds, never negative. */
export type Nanoseconds = Branded<'Nanoseconds'>;
/** A point in time: whole nanoseconds since its trace's origin. Comparable only within one trace. */
export type TraceTime = Branded<'TraceTime'>;
/** A length of time in milliseconds, as files and screens show it. Exact to the nanosecond. */
export type Milliseconds = Branded<'Milliseconds'>;

const requireWhole = (value: number, what: string): number => {
	if (!Number.isSafeInteger(value)) {
		throw new RangeError(`${what} must be a whole number below 2^53, not ${String(value)}`);
	}

	return value;
};

/** @throws RangeError for a negative, fractional or too large number */
export const nanoseconds = (value: number): Nanoseconds => {
	if (value < 0) {
		throw new RangeError(`a length of time cannot be negative: ${value} ns`);
	}

	return requireWhole(value, 'nanoseconds') as Nanoseconds;
};

/** @throws RangeError for a fractional or too large number */
export const traceTime = (value: number): TraceTime =>
	requireWhole(value, 'a point in time') as TraceTime;

/** The length from one point to a later one. @throws RangeError when `to` lies before `from` */
export const elapsed = (from: TraceTime, to: TraceTime): Nanoseconds => nanoseconds(to - from);

/**
 * Nanoseconds, or a mean of them, as milliseconds. Rounded to a millionth of a millisecond, that is to the nanosecond:
 * a division by 1e6 alone would print 601.3730000000001.
 */
export const toMilliseconds = (ns: number): Milliseconds => (Math.round(ns) / 1e6) as Milliseconds;
