/**
 * Quantities. Inside, every time is a whole number of nanoseconds, held in columns of doubles; milliseconds exist only in
 * files and on screens, and this file alone makes them.
 */

declare const brand: unique symbol;

/** A length of time in milliseconds, as files and screens show it. Exact to the nanosecond. */
export type Milliseconds = number & {readonly [brand]: 'Milliseconds'};

/**
 * Nanoseconds, or a mean of them, as milliseconds. Rounded to a millionth of a millisecond, that is to the nanosecond:
 * a division by 1e6 alone would print 601.3730000000001.
 */
export const toMilliseconds = (ns: number): Milliseconds => (Math.round(ns) / 1e6) as Milliseconds;
