/** Values at which an axis has its numbers, and how they are written. */

import {measureText} from './text-width.ts';

const suffixes: readonly (readonly [number, string])[] = [
	[1e12, 'T'],
	[1e9, 'G'],
	[1e6, 'M'],
	[1e3, 'k'],
];

/** Up to this, thousands are spelled out. */
const spelledUpTo = 10_000;

/** 0.05, 2.5, 1500, 20k; as few digits as say it. */
export const formatTick = (value: number): string => {
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-4 || size >= 1e15)) {
		return value.toExponential().replace('e+', 'e');
	}

	const [scale, suffix] =
		size < spelledUpTo ? [1, ''] : (suffixes.find(([from]) => size >= from) ?? [1, '']);
	return `${String(Number((value / scale).toPrecision(6)))}${suffix}`;
};

const decadesOf = (low: number, high: number): readonly number[] => {
	const first = Math.floor(Math.log10(low));
	const last = Math.ceil(Math.log10(high));
	return Array.from({length: last - first + 1}, (_, index) => first + index);
};

/** Of ten to the power: division keeps 0.001 exact, where 10 ** -3 times 5 is not. */
const timesPower = (factor: number, power: number): number =>
	power < 0 ? factor / 10 ** -power : factor * 10 ** power;

const listDecimal = (low: number, high: number, factors: readonly number[]): readonly number[] =>
	decadesOf(low, high)
		.flatMap((power) => factors.map((factor) => timesPower(factor, power)))
		.filter((value) => value >= low && value <= high);

/** 1, 2, 5 of each decade; of many decades the powers of ten, and of very many every third or so. */
export const listDecimalTicks = (low: number, high: number, most: number): readonly number[] => {
	const fine = [[1, 2, 5], [1, 3], [1]]
		.map((factors) => listDecimal(low, high, factors))
		.find((ticks) => ticks.length <= most);
	if (fine !== undefined) {
		return fine;
	}

	const powers = listDecimal(low, high, [1]);
	const step = Math.ceil(powers.length / Math.max(1, most));
	return powers.filter((_, index) => index % step === 0);
};

export const listBinaryTicks = (low: number, high: number): readonly number[] => {
	const first = Math.ceil(Math.log2(low) - 1e-9);
	const last = Math.floor(Math.log2(high) + 1e-9);
	return Array.from({length: Math.max(0, last - first + 1)}, (_, index) => 2 ** (first + index));
};

export interface Tick {
	readonly value: number;
	/** Pixels. */
	readonly at: number;
	readonly text: string;
}

/** Those whose numbers do not touch the number before. The last one stays: it says how far the axis goes. */
export const dropCrowded = (ticks: readonly Tick[], size: number): readonly Tick[] => {
	const half = ({text}: Tick): number => measureText(text, size) / 2 + size * 0.35;
	const touches = (a: Tick, b: Tick): boolean => Math.abs(b.at - a.at) < half(a) + half(b);
	const kept: Tick[] = [];
	for (const tick of ticks) {
		const previous = kept.at(-1);
		if (previous === undefined || !touches(previous, tick)) {
			kept.push(tick);
		}
	}

	const last = ticks.at(-1);
	if (last === undefined || kept.at(-1) === last) {
		return kept;
	}

	const before = kept.filter((tick) => !touches(tick, last));
	return before.length === 0 ? kept : [...before, last];
};
