/**
 * The load to run at: the highest throughput whose limits hold, and the knee. A throughput counts as grown only by more
 * than the intervals of both leave open; where there are none, by more than perf_analyzer's own tolerance.
 */

import type {LoadPoint} from '../../schemas/study-answers.ts';

/** perf_analyzer's default of -s: it calls windows stable that differ by this much. */
export const toleratedSpread = 0.1;

/** What nobody adds load for. */
const leastGrowth = 0.01;

export type Growth = 'grew' | 'flat' | 'unsure';

const reachOf = ({interval}: LoadPoint): number | null =>
	interval === null ? null : (interval.high - interval.low) / 2;

/** Whether the throughput grew from one load to another. */
export const compareLoads = (from: LoadPoint, to: LoadPoint): Growth => {
	const gain = to.throughput - from.throughput;
	const [before, after] = [reachOf(from), reachOf(to)];
	if (before === null || after === null) {
		return gain > toleratedSpread * from.throughput ? 'grew' : 'flat';
	}

	const reach = Math.hypot(before, after);
	if (gain > reach && gain > leastGrowth * from.throughput) {
		return 'grew';
	}

	return gain + reach < toleratedSpread * from.throughput ? 'flat' : 'unsure';
};

export interface OperatingPoint {
	/** Places in the loads; null where there is none. */
	readonly best: number | null;
	readonly leastEqual: number | null;
	readonly knee: number | null;
	/** Whether intervals are too wide to say that the throughput does not grow beyond the knee. */
	readonly kneeUnsure: boolean;
	/** Whether the largest load still brought more. */
	readonly stillGrowing: boolean;
}

const findBest = (loads: readonly LoadPoint[]): number | null => {
	let best: number | null = null;
	for (const [place, {slo, throughput}] of loads.entries()) {
		const holds = slo === null || slo === 'held';
		if (holds && throughput > (best === null ? 0 : (loads[best]?.throughput ?? 0))) {
			best = place;
		}
	}

	return best;
};

const findLeastEqual = (loads: readonly LoadPoint[], best: number | null): number | null => {
	const top = best === null ? undefined : loads[best];
	if (top === undefined) {
		return null;
	}

	const place = loads.findIndex(
		(load) =>
			(load.slo === null || load.slo === 'held') &&
			load.load <= top.load &&
			compareLoads(load, top) !== 'grew',
	);
	return place < 0 ? best : place;
};

const latencyGrows = (from: LoadPoint, to: LoadPoint | undefined): boolean =>
	from.mean === undefined || to?.mean === undefined || to.mean > from.mean;

export const findOperatingPoint = (loads: readonly LoadPoint[]): OperatingPoint => {
	const best = findBest(loads);
	const last = loads.at(-1);
	const place = loads.findIndex((load, at) =>
		loads.slice(at + 1).every((later) => compareLoads(load, later) !== 'grew'),
	);
	const candidate = loads[place];
	const later = loads.slice(place + 1);
	const hasKnee = candidate !== undefined && later.length > 0 && latencyGrows(candidate, last);
	return {
		best,
		leastEqual: findLeastEqual(loads, best),
		knee: hasKnee ? place : null,
		kneeUnsure: hasKnee && later.some((load) => compareLoads(candidate, load) === 'unsure'),
		stillGrowing: loads.length > 1 && later.length === 0,
	};
};
