/**
 * Points of two studies that were measured alike: by load, and by model, batch size, protocol and variant as far as both
 * sides tell them and have several. Repeats of one point stay together.
 */

import type {Load, StudyPoint} from '../../schemas/study.ts';
import {groupBy, isUsable} from './line-points.ts';

export interface MatchedPoint {
	/** "concurrency 8", "resnet50, rate 200, batch 4". */
	readonly name: string;
	readonly baseline: readonly StudyPoint[];
	readonly candidate: readonly StudyPoint[];
}

export interface MatchedPoints {
	readonly matched: readonly MatchedPoint[];
	/** Names of points that one side alone has. */
	readonly unmatched: readonly string[];
}

const nameLoad = (load: Load): string =>
	load.kind === 'schedule'
		? 'schedule'
		: `${load.kind === 'concurrency' ? 'concurrency' : 'rate'} ${load.value}`;

type Fact = 'label' | 'model' | 'batchSize' | 'protocol' | 'sharedMemory';

/** Those that stand before the load in a point's name. */
const namingFacts: readonly Fact[] = ['label', 'model'];

const countValues = (points: readonly StudyPoint[], fact: Fact): number =>
	new Set(points.map((point) => point[fact])).size;

/** What one side has several of must fit; what it has one of is what the comparison is about, but for batch and protocol. */
const listFacts = (
	baseline: readonly StudyPoint[],
	candidate: readonly StudyPoint[],
): readonly Fact[] => {
	const isTold = (fact: Fact): boolean =>
		[...baseline, ...candidate].every((point) => (point[fact] ?? null) !== null);
	const isSeveral = (fact: Fact): boolean =>
		Math.max(countValues(baseline, fact), countValues(candidate, fact)) > 1;
	return [
		...(['label', 'model'] as const).filter((fact) => isTold(fact) && isSeveral(fact)),
		...(['batchSize', 'protocol', 'sharedMemory'] as const).filter(isTold),
	];
};

const showFact = (point: StudyPoint, fact: Fact): string =>
	fact === 'batchSize'
		? `batch ${point.batchSize ?? '?'}`
		: fact === 'sharedMemory'
			? `shared memory ${point.sharedMemory ?? 'none'}`
			: String(point[fact]);

/** Points that nobody can trust are left out. */
export const matchPoints = (
	baseline: readonly StudyPoint[],
	candidate: readonly StudyPoint[],
): MatchedPoints => {
	const [before, after] = [baseline.filter(isUsable), candidate.filter(isUsable)];
	const all = [...before, ...after];
	const facts = listFacts(before, after);
	// What is the same everywhere need not be said.
	const shown = facts.filter((fact) => countValues(all, fact) > 1);
	const nameOf = (point: StudyPoint): string =>
		[
			...shown.filter((fact) => namingFacts.includes(fact)).map((fact) => showFact(point, fact)),
			nameLoad(point.load),
			...shown.filter((fact) => !namingFacts.includes(fact)).map((fact) => showFact(point, fact)),
		].join(', ');
	const [left, right] = [groupBy(before, nameOf), groupBy(after, nameOf)];
	const names = [...new Set([...left.keys(), ...right.keys()])];
	return {
		matched: names.flatMap((name) => {
			const [own, other] = [left.get(name), right.get(name)];
			return own === undefined || other === undefined
				? []
				: [{name, baseline: own, candidate: other}];
		}),
		unmatched: names.filter((name) => !left.has(name) || !right.has(name)),
	};
};
