/**
 * Numbers of one row that cannot all be true: a file that was cut inside a cell leaves a number with fewer digits, which
 * looks like any other.
 */

import type {ParsedPoint} from './parsed-file.ts';

/** Times are cut to the microsecond, each for itself. */
const cutMs = 0.001;

/** Parts of a time, each cut, and perf_analyzer's own rounding. */
const partsMs = 0.02;

type Client = ParsedPoint['client'];

const isFalling = ({percentiles}: Client): boolean => {
	const ordered = percentiles.toSorted((a, b) => a.percentile - b.percentile);
	return ordered.some(({time}, place) => time < (ordered[place - 1]?.time ?? 0));
};

/** As many requests as are at or above a percentile have at least its time. */
const leastMean = ({percentiles}: Client): number =>
	Math.max(
		0,
		...percentiles
			.filter(({percentile}) => percentile >= 50)
			.map(({percentile, time}) => time * (1 - percentile / 100)),
	);

/** Waiting is the network's time and the server's together, except where that network was below 0 and is given as 0. */
const isShorterThanParts = ({client, server}: ParsedPoint): boolean => {
	const {responseWait, network = 0} = client;
	const {queue = 0, computeInput = 0, computeInfer = 0, computeOutput = 0} = server ?? {};
	const parts = network + queue + computeInput + computeInfer + computeOutput;
	return responseWait !== undefined && network > 0 && responseWait < parts * 0.99 - partsMs;
};

/**
 * @param isEnded whether a line's end follows: else the last cell may be cut, and is held against more
 * @returns what is wrong, in a few words; undefined where nothing is
 */
export const findContradiction = (point: ParsedPoint, isEnded: boolean): string | undefined => {
	const {mean} = point.client;
	if (isFalling(point.client)) {
		return 'a percentile below a lower one (cut off?)';
	}

	if (mean !== undefined && mean + cutMs < leastMean(point.client)) {
		return 'a mean latency below what the percentiles allow (cut off?)';
	}

	return !isEnded && isShorterThanParts(point)
		? 'a response wait below its parts (cut off?)'
		: undefined;
};
