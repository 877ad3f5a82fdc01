/**
 * A GPU's clock, power and event reasons during a window of time, from samples that know nothing of windows. Pure.
 *
 *     value   o-----o-----o           o-----o        between neighbours: a straight line
 *     time    |  [ window ]   gap   |                farther apart than three periods: nothing is known
 *
 * A window may be much shorter than a period: then it lies on one line, and what it gets is an interpolation.
 */

import {decodeEventReasons, slowsGpu} from '../schemas/gpu-sample.ts';
import {
	counterMetrics,
	levelMetrics,
	type CounterMetric,
	type GpuLevel,
	type GpuWindow,
	type LevelMetric,
} from '../schemas/gpu-window.ts';
import type {Curve, GpuTrack} from './gpu-tracks.ts';
import {lengthOf, type Span} from './spans.ts';

export {trackGpus, type GpuTrack, type TrackOptions} from './gpu-tracks.ts';

/** Digits that a reader can use; in columns of thousands of batches they keep the file small. */
export const shorten = (value: number): number => Number(value.toPrecision(6));

/** Below this share energy is not told: what is missing would be a guess. */
const leastCovered = 0.9;

/** Index of the last value at or before a moment; 0 where there is none. */
const findBefore = ({atNs}: Curve, time: number): number => {
	let low = 0;
	let high = atNs.length;
	while (high - low > 1) {
		const middle = (low + high) >>> 1;
		if (Number(atNs[middle]) <= time) {
			low = middle;
		} else {
			high = middle;
		}
	}

	return low;
};

/** The part of a curve's line between two neighbours that lies in the window. */
interface Piece {
	readonly fromNs: number;
	readonly toNs: number;
	readonly start: number;
	readonly end: number;
	/** Index of the left neighbour. */
	readonly index: number;
}

function* listPieces(curve: Curve, longestGapNs: number, {startNs, endNs}: Span): Generator<Piece> {
	const {atNs, value} = curve;
	for (let index = findBefore(curve, startNs); index + 1 < atNs.length; index++) {
		const left = Number(atNs[index]);
		const right = Number(atNs[index + 1]);
		if (left >= endNs) {
			return;
		}

		const fromNs = Math.max(left, startNs);
		const toNs = Math.min(right, endNs);
		if (right - left <= longestGapNs && fromNs < toNs) {
			const low = Number(value[index]);
			const slope = (Number(value[index + 1]) - low) / (right - left);
			const at = (time: number): number => low + slope * (time - left);
			yield {fromNs, toNs, start: at(fromNs), end: at(toNs), index};
		}
	}
}

/** @param spans that do not overlap. @returns undefined where nothing is known */
const measureCurve = (
	curve: Curve,
	longestGapNs: number,
	spans: readonly Span[],
): GpuLevel | undefined => {
	let area = 0;
	let known = 0;
	let min = Infinity;
	let max = -Infinity;
	for (const span of spans) {
		for (const {fromNs, toNs, start, end} of listPieces(curve, longestGapNs, span)) {
			area += ((start + end) / 2) * (toNs - fromNs);
			known += toNs - fromNs;
			min = Math.min(min, start, end);
			max = Math.max(max, start, end);
		}
	}

	if (known === 0) {
		return undefined;
	}

	// A division may leave a steady value's mean a hair outside of it.
	const mean = Math.min(max, Math.max(min, area / known));
	return {mean, min, max, covered: Math.min(1, known / lengthOf(spans))};
};

/** A counter needs no more than its ends: it counts on through a gap. */
const measureIncrease = (curve: Curve, longestGapNs: number, span: Span): number | undefined => {
	let first: Piece | undefined;
	let last: Piece | undefined;
	for (const piece of listPieces(curve, longestGapNs, span)) {
		first ??= piece;
		last = piece;
	}

	// Below 0: the driver was loaded anew.
	return first?.fromNs === span.startNs && last?.toNs === span.endNs && last.end >= first.start
		? last.end - first.start
		: undefined;
};

/** What a mask counts for: the reasons in it, or one of its own. */
type NameMask = (mask: number) => readonly string[];

/** Shares of the known time. Each moment belongs to the sample nearest to it; null: nothing is known. */
const measureMasks = (
	{eventReasons: curve, longestGapNs}: GpuTrack,
	spans: readonly Span[],
	nameMask: NameMask,
): Record<string, number> | null => {
	const lengths = new Map<string, number>();
	let known = 0;
	const add = (index: number, length: number): void => {
		for (const name of length > 0 ? nameMask(Number(curve.value[index])) : []) {
			lengths.set(name, (lengths.get(name) ?? 0) + length);
		}
	};

	for (const {fromNs, toNs, index} of spans.flatMap((span) => [
		...listPieces(curve, longestGapNs, span),
	])) {
		const middle = (Number(curve.atNs[index]) + Number(curve.atNs[index + 1])) / 2;
		known += toNs - fromNs;
		add(index, Math.min(toNs, middle) - fromNs);
		add(index + 1, toNs - Math.max(fromNs, middle));
	}

	return known === 0
		? null
		: Object.fromEntries([...lengths].map(([name, length]) => [name, Math.min(1, length / known)]));
};

/** Share of the known time by event reason. */
export const measureReasons = (
	track: GpuTrack,
	spans: readonly Span[],
): Record<string, number> | null => measureMasks(track, spans, decodeEventReasons);

const slowed = 'slowed';

/** Share of the known time in which any reason held a busy GPU down; null: nothing is known. */
export const measureThrottling = (track: GpuTrack, spans: readonly Span[]): number | null => {
	const shares = measureMasks(track, spans, (mask) => (slowsGpu(mask) ? [slowed] : []));
	return shares === null ? null : (shares[slowed] ?? 0);
};

const nothing: Curve = {atNs: new Float64Array(), value: new Float64Array()};

/** @param spans that do not overlap. @returns undefined where nothing is known */
export const measureLevel = (
	{curves, longestGapNs}: GpuTrack,
	name: LevelMetric,
	spans: readonly Span[],
): GpuLevel | undefined => measureCurve(curves.get(name) ?? nothing, longestGapNs, spans);

const defined = <Name extends string, Value>(
	entries: readonly (readonly [Name, Value | undefined])[],
): Partial<Record<Name, Value>> =>
	Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<
		Record<Name, Value>
	>;

/** The means of a second say little of a batch of a tenth: where the driver tells the power of the moment, that is used. */
const powerSources = ['instant_power_watts', 'power_watts'] as const;
export type PowerSource = (typeof powerSources)[number];

/** Of what energy is made; null where the driver tells no power. */
export const choosePowerSource = ({curves}: GpuTrack): PowerSource | null =>
	powerSources.find((name) => (curves.get(name)?.atNs.length ?? 0) > 0) ?? null;

/** Joules; null where too little is known of the power. */
export const measureEnergy = (
	power: GpuLevel | undefined,
	spans: readonly Span[],
): number | null =>
	power === undefined || power.covered < leastCovered ? null : (power.mean * lengthOf(spans)) / 1e9;

/** @param startNs, endNs since the origin that the track was made with */
export const measureGpuWindow = (track: GpuTrack, startNs: number, endNs: number): GpuWindow => {
	const {curves, longestGapNs} = track;
	const span: Span = {startNs, endNs};
	const levels = defined(
		levelMetrics.map((name): [LevelMetric, GpuLevel | undefined] => [
			name,
			measureLevel(track, name, [span]),
		]),
	);
	const increases = defined(
		counterMetrics.map((name): [CounterMetric, number | undefined] => [
			name,
			measureIncrease(curves.get(name) ?? nothing, longestGapNs, span),
		]),
	);
	const source = powerSources.find((name) => levels[name] !== undefined) ?? null;
	return {
		levels,
		increases,
		energy_joules: measureEnergy(source === null ? undefined : levels[source], [span]),
		energy_source: source,
		event_reasons: measureReasons(track, [span]),
	};
};
