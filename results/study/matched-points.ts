/**
 * Points of two sides that were measured alike: by load, and by what makes a variant as far as both sides tell it and
 * have several. Of two studies batch size, protocol and shared memory must fit, too. Repeats of one point stay together.
 */

import type {Load, StudyPoint} from '../../schemas/study.ts';
import {describeFacts, type VariantFacts} from '../../schemas/study-variant.ts';
import {groupBy, isUsable} from './line-points.ts';

export interface MatchedPoint {
	/** "concurrency 8", "resnet50, rate 200, batch 4". */
	readonly name: string;
	readonly baseline: readonly StudyPoint[];
	readonly candidate: readonly StudyPoint[];
}

export interface MatchedPoints {
	readonly matched: readonly MatchedPoint[];
	/** What one side alone has: the other one has no points. */
	readonly lone: readonly MatchedPoint[];
	/** Names of points that one side alone has. */
	readonly unmatched: readonly string[];
}

const nameLoad = (load: Load): string =>
	load.kind === 'schedule'
		? 'schedule'
		: `${load.kind === 'concurrency' ? 'concurrency' : 'rate'} ${load.value}`;

type Fact = keyof VariantFacts;

/** Those that stand before the load in a point's name. */
const namingFacts: readonly Fact[] = ['label', 'model', 'device', 'instances'];

/** How a server was asked: studies that differ in these are of different things, whatever else they compare. */
const askingFacts: readonly Fact[] = ['batchSize', 'protocol', 'sharedMemory'];

const countValues = (points: readonly StudyPoint[], fact: Fact): number =>
	new Set(points.map((point) => point[fact])).size;

/** Labels have these in them, as a rule, and need not be told twice. */
const fileNameFacts: readonly Fact[] = ['device', 'instances'];

const byLabel = (points: readonly StudyPoint[]): readonly (readonly StudyPoint[])[] => [
	...groupBy(points, ({label}) => label).values(),
];

/** What one side has several of must fit; what each has one of is what the comparison is about. */
const listFacts = (
	baseline: readonly StudyPoint[],
	candidate: readonly StudyPoint[],
	areVariants: boolean,
): readonly Fact[] => {
	const isTold = (fact: Fact): boolean =>
		[...baseline, ...candidate].every((point) => (point[fact] ?? null) !== null);
	const isSeveral = (fact: Fact): boolean =>
		[baseline, candidate]
			.flatMap(fileNameFacts.includes(fact) ? byLabel : (side) => [side])
			.some((points) => countValues(points, fact) > 1);
	return [...namingFacts, ...askingFacts].filter(
		(fact) => isTold(fact) && (isSeveral(fact) || (!areVariants && askingFacts.includes(fact))),
	);
};

const showFact = (point: StudyPoint, fact: Fact): string =>
	(fact === 'label' ? point.label : describeFacts(point)[fact]) ?? '';

/**
 * Points that nobody can trust are left out.
 * @param areVariants of one study, rather than studies
 */
export const matchPoints = (
	baseline: readonly StudyPoint[],
	candidate: readonly StudyPoint[],
	areVariants: boolean,
): MatchedPoints => {
	const [before, after] = [baseline.filter(isUsable), candidate.filter(isUsable)];
	const all = [...before, ...after];
	const facts = listFacts(before, after, areVariants);
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
	const points = names.map((name): MatchedPoint => {
		const [own = [], other = []] = [left.get(name), right.get(name)];
		return {name, baseline: own, candidate: other};
	});
	const isMatched = (point: MatchedPoint): boolean =>
		point.baseline.length > 0 && point.candidate.length > 0;
	const lone = points.filter((point) => !isMatched(point));
	return {matched: points.filter(isMatched), lone, unmatched: lone.map(({name}) => name)};
};
