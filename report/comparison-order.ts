/** Which rows of a comparison are worth a screen, and in what order. */

import type {RangeComparison, Verdict} from '../schemas/comparison.ts';
import type {CandidateComparison} from '../schemas/comparison-report.ts';

/** What `--sort` takes. */
export const comparisonSorts = [
	'verdict',
	'change',
	'path',
	'metric',
	'p',
	'time',
	'given',
] as const;
export type ComparisonSort = (typeof comparisonSorts)[number];

const rank: Readonly<Record<Verdict, number>> = {slower: 0, faster: 1, inconclusive: 2, same: 3};

/** Infinities of one sign are equal; a plain difference of them is NaN. */
const ascending = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/** How much worse, as a logarithm: half the rate is as much as twice the time. null goes last. */
const worseBy = ({metric, change}: RangeComparison): number =>
	change === null
		? Number.NEGATIVE_INFINITY
		: (metric === 'throughput' ? -1 : 1) * Math.log1p(change);

/** What became faster by how much; all else, proven or not, by what it costs. */
const weight = (comparison: RangeComparison): number =>
	comparison.verdict === 'faster' ? -worseBy(comparison) : worseBy(comparison);

const names = new Intl.Collator('en-US', {numeric: true});

type Compare = (a: RangeComparison, b: RangeComparison) => number;

const orders: Readonly<Record<Exclude<ComparisonSort, 'given'>, Compare>> = {
	verdict: (a, b) => rank[a.verdict] - rank[b.verdict] || ascending(weight(b), weight(a)),
	change: (a, b) => ascending(worseBy(b), worseBy(a)),
	// Parents before what is inside them, stage_2 before stage_10.
	path: (a, b) => names.compare(a.path, b.path),
	metric: (a, b) => names.compare(a.metric, b.metric) || orders.verdict(a, b),
	p: (a, b) => ascending(a.adjustedP ?? 2, b.adjustedP ?? 2),
	time: (a, b) => ascending(b.baseline.median ?? -1, a.baseline.median ?? -1),
};

export const sortComparisons = (
	comparisons: readonly RangeComparison[],
	sort: ComparisonSort,
): readonly RangeComparison[] =>
	sort === 'given' ? comparisons : comparisons.toSorted(orders[sort]);

/** More is no answer at a glance. */
const longestTable = 40;

/** So many tell what could not be shown; a run of one process would fill the screen with them. */
const mostInconclusive = 10;

/** For lookups: no two comparisons of a candidate share it. */
export const keyOf = ({path, metric}: Pick<RangeComparison, 'path' | 'metric'>): string =>
	`${metric}:${path}`;

/** What changed, what the gate stopped at, and some of what is not known; `all` for everything. */
export const selectComparisons = (
	{comparisons, gate}: CandidateComparison,
	{all = false, sort = 'verdict'}: {readonly all?: boolean; readonly sort?: ComparisonSort},
): readonly RangeComparison[] => {
	const sorted = sortComparisons(comparisons, sort);
	if (all) {
		return sorted;
	}

	const gated = new Set(
		gate?.ranges.filter(({outcome}) => outcome === 'regression').map((range) => keyOf(range)),
	);
	const matters = sorted.filter(
		(comparison) =>
			comparison.verdict === 'slower' ||
			comparison.verdict === 'faster' ||
			gated.has(keyOf(comparison)),
	);
	const unknown = sorted.filter(
		(comparison) => comparison.verdict === 'inconclusive' && !gated.has(keyOf(comparison)),
	);
	const chosen = new Set([
		...matters.slice(0, longestTable),
		...unknown.slice(0, Math.min(mostInconclusive, Math.max(0, longestTable - matters.length))),
	]);
	return sorted.filter((comparison) => chosen.has(comparison));
};

export interface RowGroup {
	readonly path: string;
	readonly rows: readonly RangeComparison[];
}

/**
 * Rows of one range together, at the place of the first of them; in an order that someone asked for only those that follow
 * each other, so that it stays that order.
 */
export const groupRows = (
	shown: readonly RangeComparison[],
	sort: ComparisonSort = 'verdict',
): readonly RowGroup[] => {
	const mayMove = sort === 'verdict' || sort === 'path' || sort === 'given';
	const groups: {path: string; rows: RangeComparison[]}[] = [];
	const byPath = new Map<string, RangeComparison[]>();
	for (const comparison of shown) {
		const {path} = comparison;
		const last = groups.at(-1);
		const rows = mayMove ? byPath.get(path) : last?.path === path ? last.rows : undefined;
		if (rows === undefined) {
			const group = {path, rows: [comparison]};
			groups.push(group);
			byPath.set(path, group.rows);
		} else {
			rows.push(comparison);
		}
	}

	return groups;
};
