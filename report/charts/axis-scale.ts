/** From values to pixels: which scale an axis has, its bounds and its ticks. */

import {scaleLinear, scaleLog} from 'd3-scale';
import type {AxisSpec} from './figure.ts';
import {fontSizes} from './style.ts';
import {dropCrowded, formatTick, listBinaryTicks, listDecimalTicks, type Tick} from './ticks.ts';

export interface AxisScale {
	readonly log: boolean;
	/** Pixels of a value; of a log axis, a value that it cannot show lies at its low end. */
	readonly place: (value: number) => number;
	readonly ticks: readonly Tick[];
	readonly low: number;
	readonly high: number;
}

export interface AxisRoom {
	/** Pixels of the low end and of the high one: upwards, the second is smaller. */
	readonly range: readonly [number, number];
	/** Numbers stand beside each other, or below each other. */
	readonly direction: 'across' | 'up';
}

/** What values must span for a logarithmic axis. */
export const decade = 10;
const mostMeasured = 14;
const endMargin = 0.06;

interface Bounds {
	readonly low: number;
	readonly high: number;
}

const boundsOf = (values: readonly number[]): Bounds => {
	let low = Infinity;
	let high = -Infinity;
	for (const value of values) {
		low = Math.min(low, value);
		high = Math.max(high, value);
	}

	return low > high ? {low: 0, high: 1} : {low, high};
};

const isLog = ({scale, from}: AxisSpec, {low, high}: Bounds, isEmpty: boolean): boolean => {
	if (isEmpty || low <= 0 || scale === 'linear' || from === 'zero') {
		return false;
	}

	return scale === 'log' || high / low > decade;
};

/** A single value, or values all alike, have room on both sides. */
const widen = ({low, high}: Bounds): Bounds => {
	if (high > low) {
		return {low, high};
	}

	const half = low === 0 ? 1 : Math.abs(low) * 0.1;
	return {low: low - half, high: high + half};
};

const startsAtZero = ({from, values}: AxisSpec, low: number): boolean =>
	from === 'zero' || (from !== 'data' && values !== 'measured' && low >= 0);

const chooseLinearBounds = (axis: AxisSpec, {low, high}: Bounds, {direction}: AxisRoom): Bounds => {
	const fromZero = startsAtZero(axis, low);
	if (fromZero) {
		return widen({low: Math.min(0, low), high: high === 0 ? 1 : high});
	}

	// Room for what lies at its ends.
	const widened = widen({low, high});
	const margin = direction === 'up' ? (widened.high - widened.low) * endMargin : 0;
	return {low: widened.low - margin, high: widened.high + margin};
};

const spread = ([low, high]: AxisRoom['range']): number => Math.abs(high - low);

/** Ticks at what was measured, where these are few: loads. */
const listMeasured = (axis: AxisSpec, values: readonly number[]): readonly number[] | null => {
	const distinct = [...new Set(values)].toSorted((a, b) => a - b);
	return axis.values === 'measured' && distinct.length <= mostMeasured && distinct.length > 0
		? distinct
		: null;
};

const finish = (
	values: readonly number[],
	place: (value: number) => number,
	{direction}: AxisRoom,
): readonly Tick[] => {
	const ticks = values.map((value) => ({value, at: place(value), text: formatTick(value)}));
	return direction === 'across' ? dropCrowded(ticks, fontSizes.tick) : ticks;
};

const buildLinear = (axis: AxisSpec, values: readonly number[], room: AxisRoom): AxisScale => {
	const bounds = chooseLinearBounds(axis, boundsOf([...values, ...(axis.include ?? [])]), room);
	const count = Math.max(2, Math.round(spread(room.range) / (room.direction === 'up' ? 45 : 75)));
	const measured = listMeasured(axis, values);
	const scale = scaleLinear([bounds.low, bounds.high], [...room.range]);
	if (room.direction === 'up') {
		scale.nice(count);
	}

	const place = (value: number): number => scale(value);
	const [low = bounds.low, high = bounds.high] = scale.domain();
	return {log: false, place, low, high, ticks: finish(measured ?? scale.ticks(count), place, room)};
};

const isBinary = (axis: AxisSpec, values: readonly number[]): boolean =>
	axis.values === 'measured' && values.every((value) => Number.isInteger(value));

/** The next of 1, 2, 5, 10, ... */
const extendLog = ({low, high}: Bounds): Bounds => {
	const steps = listDecimalTicks(low / decade, high * decade, Infinity);
	return {
		low: steps.findLast((step) => step <= low) ?? low,
		high: steps.find((step) => step >= high) ?? high,
	};
};

const chooseLogTicks = (
	axis: AxisSpec,
	values: readonly number[],
	{low, high}: Bounds,
	room: AxisRoom,
): readonly number[] => {
	const measured = listMeasured(axis, values);
	if (measured !== null) {
		return measured;
	}

	const most = Math.max(3, Math.floor(spread(room.range) / (room.direction === 'up' ? 22 : 50)));
	return isBinary(axis, values) ? listBinaryTicks(low, high) : listDecimalTicks(low, high, most);
};

const buildLog = (axis: AxisSpec, values: readonly number[], room: AxisRoom): AxisScale => {
	const found = boundsOf([...values, ...(axis.include ?? [])]);
	const positive = found.high > found.low ? found : {low: found.low / 2, high: found.high * 2};
	const bounds = room.direction === 'up' ? extendLog(positive) : positive;
	const scale = scaleLog([bounds.low, bounds.high], [...room.range]);
	const place = (value: number): number => (value > 0 ? scale(value) : room.range[0]);
	const ticks = chooseLogTicks(axis, values, bounds, room);
	return {log: true, place, ...bounds, ticks: finish(ticks, place, room)};
};

/** @param values that will be shown; those that are no numbers are passed over */
export const buildScale = (
	axis: AxisSpec,
	values: readonly number[],
	room: AxisRoom,
): AxisScale => {
	const finite = values.filter((value) => Number.isFinite(value));
	const all = [...finite, ...(axis.include ?? [])];
	return isLog(axis, boundsOf(all), all.length === 0)
		? buildLog(axis, finite, room)
		: buildLinear(axis, finite, room);
};
