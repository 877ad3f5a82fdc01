/** Ranges that appeared, vanished, or occur more or less often. */

import type {StructureChange} from '../../schemas/comparison-report.ts';
import type {RangeCount, Side} from './side.ts';

/** Mean over the processes that have the path. */
const averageCounts = ({processes}: Side): ReadonlyMap<string, RangeCount> => {
	const all = new Map<string, RangeCount[]>();
	for (const {counts} of processes) {
		for (const [path, count] of counts) {
			all.set(path, [...(all.get(path) ?? []), count]);
		}
	}

	return new Map(
		[...all].map(([path, counts]) => {
			const instances = counts.reduce((sum, count) => sum + count.instances, 0) / counts.length;
			return [path, {instances, per: counts[0]?.per ?? 'process'}];
		}),
	);
};

/** Largest CPU time of a path on either side: what is long is told first. */
const weigh = (sides: readonly Side[]): ((path: string) => number) => {
	const weights = new Map<string, number>();
	for (const {values} of sides.flatMap(({processes}) => processes)) {
		for (const [path, {cpu_time: time = 0}] of values) {
			weights.set(path, Math.max(weights.get(path) ?? 0, Number.isFinite(time) ? time : 0));
		}
	}

	return (path) => weights.get(path) ?? 0;
};

/** Below this a difference of means is rounding. */
const tolerance = 1e-9;

const compareCounts = (
	path: string,
	before: RangeCount | undefined,
	after: RangeCount | undefined,
): StructureChange | null => {
	const per = (before ?? after)?.per ?? 'process';
	const numbers = {baseline: before?.instances ?? null, candidate: after?.instances ?? null};
	if (before === undefined || after === undefined) {
		return {path, kind: before === undefined ? 'appeared' : 'vanished', ...numbers, per};
	}

	const apart = Math.abs(after.instances - before.instances);
	return apart <= tolerance * before.instances ? null : {path, kind: 'count', ...numbers, per};
};

/** What is inside a range that appeared or vanished did so with it. */
const isInsideOther = (
	path: string,
	kinds: ReadonlyMap<string, StructureChange['kind']>,
): boolean => {
	const kind = kinds.get(path);
	for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
		if (kind !== 'count' && kinds.get(path.slice(0, at)) === kind) {
			return true;
		}
	}

	return false;
};

/** Of ranges inside each other that appeared or vanished the outermost only. */
export const compareStructure = (baseline: Side, candidate: Side): StructureChange[] => {
	const [before, after] = [averageCounts(baseline), averageCounts(candidate)];
	const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap(
		(path) => compareCounts(path, before.get(path), after.get(path)) ?? [],
	);
	const kinds = new Map(changes.map(({path, kind}) => [path, kind]));
	const weightOf = weigh([baseline, candidate]);
	return changes
		.filter(({path}) => !isInsideOther(path, kinds))
		.toSorted((a, b) => weightOf(b.path) - weightOf(a.path));
};
