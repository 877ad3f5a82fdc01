/** What a gate comes to, in sentences: for terminals, Markdown and pages. */

import type {RangeComparison} from '../schemas/comparison.ts';
import type {GateReport} from '../schemas/comparison-report.ts';
import {formatChange, formatLimit, formatSize} from './comparison-numbers.ts';
import {keyOf} from './comparison-order.ts';
import type {TextStyle} from './comparison-style.ts';

/** As it was typed: "gpu_time:pipeline/*=3%". */
export const describeLimit = ({metric, pattern, limit}: GateReport['limits'][number]): string =>
	[metric, pattern].filter((part) => part !== null).join(':') +
	((metric ?? pattern) ? '=' : '') +
	formatLimit(limit).replace(' ', '');

const mostUndecided = 5;

type Gated = GateReport['ranges'][number];

/** A row that one side alone has. */
const isAbsent = ({doubt}: Gated): boolean =>
	doubt === 'not-in-candidate' || doubt === 'not-in-baseline';

/** What more repeats would decide: told behind what they would not. */
const isExpected = ({doubt}: Gated): boolean =>
	doubt === 'within-interval' || doubt === 'no-interval';

/** What the numbers of the row do not tell by themselves. */
export const describeDoubt = (
	{doubt}: Pick<Gated, 'doubt'>,
	row: Pick<RangeComparison, 'noiseFloor'> | undefined,
): string => {
	switch (doubt) {
		case 'not-in-candidate':
			return 'is not in the candidate';
		case 'not-in-baseline':
			return 'is not in the baseline';
		case 'below-noise-floor':
			return `, worse than that but not above the noise floor of ${formatSize(row?.noiseFloor ?? 0, ' ')}`;
		case 'sides-differ':
			return ', but the sides differ';
		case 'clock-explained':
			return ', but the clock explains it';
		case 'items-unknown':
			return ', but nobody knows of how many items';
		case 'same-measurement':
			return ', but the sides share measurements';
		case 'no-interval':
			return ', no interval';
		case 'within-interval':
		case null:
			return '';
	}
};

/** The outcome first, then each regression, then what is undecided and what fits nothing. */
export const describeGate = (
	{outcome, ranges, unused}: GateReport,
	comparisons: readonly RangeComparison[],
	{decorate, name}: TextStyle,
): readonly string[] => {
	const byKey = new Map(comparisons.map((comparison) => [keyOf(comparison), comparison]));
	const find = (wanted: GateReport['outcome']): readonly Gated[] =>
		ranges
			.filter((range) => range.outcome === wanted)
			.toSorted((a, b) => Number(isExpected(a)) - Number(isExpected(b)));
	const say = (range: Gated): string => {
		const row = byKey.get(keyOf(range));
		const change = row?.change ?? null;
		const size = change === null ? '' : ` ${formatChange(change)},`;
		const told = `${name(range.path)} ${range.metric}`;
		return isAbsent(range)
			? `${told} ${describeDoubt(range, row)}`
			: `${told}:${size} limit ${formatLimit(range.limit)}${describeDoubt(range, row)}`;
	};
	const [worse, undecided, passed] = [find('regression'), find('undecided'), find('passed')];
	const counts = [
		...(worse.length > 0 ? [`${worse.length} worse than allowed`] : []),
		...(undecided.length > 0 ? [`${undecided.length} undecided`] : []),
		...(passed.length > 0 ? [`${passed.length} within the limit`] : []),
		...(ranges.length === 0 ? ['--fail-on fits nothing that was compared'] : []),
	];
	const styles = {regression: 'red', passed: 'green', undecided: 'yellow'} as const;
	const hidden = undecided.length - mostUndecided;
	return [
		`gate: ${decorate(styles[outcome], outcome)}, ${counts.join(', ')}`,
		...worse.map((range) => `worse: ${say(range)}`),
		...undecided.slice(0, mostUndecided).map((range) => `undecided: ${say(range)}`),
		...(hidden > 0 ? [`undecided: ${hidden} more`] : []),
		...unused.map(
			(limit) =>
				`${name(describeLimit(limit))} of --fail-on fits no range: most likely a slip in a name`,
		),
	];
};
