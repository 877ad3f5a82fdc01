/** The columns of a comparison's table, for terminals and for Markdown. */

import {plural} from '../base/plural.ts';
import type {ComparedMetric, ComparedSide, RangeComparison} from '../schemas/comparison.ts';
import type {
	CandidateComparison,
	ComparisonReport,
	Difference,
	RangeKernels,
} from '../schemas/comparison-report.ts';
import type {Align} from './columns-table.ts';
import {
	formatChange,
	formatInterval,
	formatLimit,
	formatMetricValue,
	formatP,
	formatSize,
} from './comparison-numbers.ts';
import type {TextStyle} from './comparison-style.ts';
import {showVerdict} from './comparison-words.ts';
import {formatCount, formatMilliseconds} from './format.ts';

export interface ComparisonColumn<Row> {
	readonly title: string;
	readonly align: Align;
	/** Also where there is little room. */
	readonly brief?: boolean;
	readonly write: (row: Row, style: TextStyle) => string;
}

export interface FilledTable<Row> {
	readonly columns: readonly ComparisonColumn<Row>[];
	/** Cells in the order of the columns. */
	readonly lines: readonly (readonly string[])[];
}

/** Columns without any content are left out: of one process there is no interval, no p, nothing to plan with. */
export const fillTable = <Row>(
	columns: readonly ComparisonColumn<Row>[],
	rows: readonly Row[],
	style: TextStyle,
): FilledTable<Row> => {
	const lines = rows.map((row) => columns.map(({write}) => write(row, style)));
	const filled = columns.map((_, place) => lines.some((line) => line[place] !== ''));
	return {
		columns: columns.filter((_, place) => filled[place]),
		lines: lines.map((line) => line.filter((_, place) => filled[place])),
	};
};

/** "gpu_time ms", "throughput /s". */
export const nameMetric = (metric: ComparedMetric): string =>
	`${metric} ${metric === 'throughput' ? '/s' : 'ms'}`;

const writeMedian = (metric: ComparedMetric, {median}: ComparedSide): string =>
	median === null ? '' : formatMetricValue(metric, median);

/** "5, 3"; of rounds, which are both sides', one number. */
const writeUnits = ({baseline, candidate}: RangeComparison): string =>
	baseline.unit === 'round' && candidate.unit === 'round'
		? String(baseline.n)
		: `${baseline.n}, ${candidate.n}`;

const writeRepeats = ({moreRepeats}: RangeComparison): string =>
	moreRepeats === null
		? ''
		: moreRepeats.repeats === null
			? '-'
			: `+${formatCount(moreRepeats.repeats)}`;

const atRight = (
	title: string,
	write: (comparison: RangeComparison) => string,
	brief = false,
): ComparisonColumn<RangeComparison> => ({title, align: 'right', brief, write});

export const listColumns = ({
	options,
}: ComparisonReport): readonly ComparisonColumn<RangeComparison>[] => [
	{title: 'metric', align: 'left', brief: true, write: ({metric}) => nameMetric(metric)},
	atRight('baseline', ({metric, baseline}) => writeMedian(metric, baseline), true),
	atRight('candidate', ({metric, candidate}) => writeMedian(metric, candidate), true),
	atRight('change', ({change}) => (change === null ? '' : formatChange(change)), true),
	atRight(
		`${formatLimit(1 - options.alpha)} interval`,
		({interval}) => (interval === null ? '' : formatInterval(interval)),
		true,
	),
	atRight('p', ({adjustedP}) => (adjustedP === null ? '' : formatP(adjustedP))),
	atRight('n', writeUnits),
	{
		title: 'verdict',
		align: 'left',
		brief: true,
		write: ({verdict}, style) => showVerdict(verdict, style),
	},
	atRight('shows', ({detectable}) => (detectable === null ? '' : formatSize(detectable))),
	atRight('more', writeRepeats),
];

const unitNames = {process: 'processes', repeat: 'repeats', round: 'rounds'} as const;

/** What the short titles and signs mean, each in a few words. */
export const explainColumns = (
	shown: readonly RangeComparison[],
	{options}: ComparisonReport,
): readonly string[] => {
	const units = new Set(shown.flatMap(({baseline, candidate}) => [baseline.unit, candidate.unit]));
	const outOfReach = shown.some(({moreRepeats}) => moreRepeats?.repeats === null);
	const target = formatLimit(options.target);
	const phrases: readonly (readonly [boolean, string])[] = [
		[shown.some(({verdict}) => verdict === 'inconclusive'), '~: nothing is proven'],
		// With few units these two can even have different signs.
		[
			shown.some(({change}) => change !== null),
			'baseline, candidate: medians; change: between geometric means',
		],
		[shown.some(({adjustedP}) => adjustedP !== null), 'p: corrected for all rows'],
		[units.size > 0, `n: ${[...units].map((unit) => unitNames[unit]).join(' or ')} of each side`],
		[
			shown.some(({detectable}) => detectable !== null),
			'shows: the smallest change that these data could show',
		],
		[
			shown.some(({moreRepeats}) => moreRepeats !== null),
			`more: repeats to add until ${target} shows${outOfReach ? ' (-: out of reach)' : ''}`,
		],
	];
	return phrases.filter(([holds]) => holds).map(([, phrase]) => phrase);
};

export const nameDifference = ({name, putsInDoubt}: Difference, style: TextStyle): string =>
	`${style.cell(name)}${putsInDoubt ? ' (!)' : ''}`;

export const differenceColumns: readonly ComparisonColumn<Difference>[] = [
	{title: 'what', align: 'left', write: nameDifference},
	{title: 'baseline', align: 'left', write: ({baseline}, style) => style.value(baseline)},
	{title: 'candidate', align: 'left', write: ({candidate}, style) => style.value(candidate)},
];

type Kernel = RangeKernels['kernels'][number];

const formatDifference = (ms: number): string =>
	`${ms < 0 ? '' : '+'}${formatMilliseconds(ms)}`.replace(/^-(?=[0.]+$)/, '+');

const formatLaunches = ({baselineLaunches, candidateLaunches}: Kernel): string => {
	const [before, after] = [baselineLaunches, candidateLaunches].map((launches) =>
		launches.toLocaleString('en-US', {maximumFractionDigits: 2}),
	);
	return before === after ? (after ?? '') : `${before ?? ''} to ${after ?? ''}`;
};

export const kernelColumns: readonly ComparisonColumn<Kernel>[] = [
	{title: 'kernel', align: 'left', write: ({kernel}, style) => style.cell(kernel)},
	{
		title: 'baseline ms',
		align: 'right',
		write: ({baseline}) => formatMilliseconds(baseline),
	},
	{
		title: 'candidate ms',
		align: 'right',
		write: ({candidate}) => formatMilliseconds(candidate),
	},
	{
		title: 'difference',
		align: 'right',
		write: ({baseline, candidate}) => formatDifference(candidate - baseline),
	},
	{title: 'launches', align: 'right', write: formatLaunches},
];

export const titleKernels = (
	{path, baseline, candidate}: RangeKernels,
	{name}: TextStyle,
): string => {
	const [where, per] = path === null ? ['the whole program', 'process'] : [name(path), 'instance'];
	return `kernels of ${where}: ${formatMilliseconds(baseline)} ms per ${per} before, ${formatMilliseconds(candidate)} now`;
};

/** Means over the same ranges stand together. */
export const groupMeans = (
	means: CandidateComparison['means'],
): ReadonlyMap<string, readonly RangeComparison[]> => {
	const groups = new Map<string, RangeComparison[]>();
	for (const {comparison, ranges, leftOut} of means) {
		const without = leftOut.length === 0 ? '' : `, ${plural(leftOut.length, 'other')} left out`;
		const title = `geometric mean of ${plural(ranges, 'range')}${without}`;
		groups.set(title, [...(groups.get(title) ?? []), comparison]);
	}

	return groups;
};
