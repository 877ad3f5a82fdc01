/**
 * A comparison as CSV: a row per candidate, range and metric, numbers as the model has them; below them what a gate asks
 * for and one side alone has.
 */

import type {RangeComparison} from '../schemas/comparison.ts';
import type {CandidateComparison, ComparisonReport} from '../schemas/comparison-report.ts';
import type {Cell, ReportColumn} from '../schemas/report-rows.ts';
import {keyOf, sortComparisons, type ComparisonSort} from './comparison-order.ts';
import {formatRows} from './row-formats.ts';

type Gated = NonNullable<CandidateComparison['gate']>['ranges'][number];

interface CsvRow {
	readonly candidate: string;
	readonly comparison: RangeComparison;
	/** null where no limit fits it. */
	readonly gated: Gated | null;
}

/** What a gate asks for and one side alone has: there is nothing to compare. */
interface AbsentRow {
	readonly candidate: string;
	readonly gated: Gated;
}

const unitOf = ({metric}: Pick<RangeComparison, 'metric'>): string =>
	metric === 'throughput' ? 'items/s' : 'ms';

/** Stable: other programs go by the titles, and new ones come last. Shares, not percentages; times in ms. */
const columns: Readonly<Record<string, (row: CsvRow) => Cell>> = {
	candidate: ({candidate}) => candidate,
	range: ({comparison}) => comparison.path,
	metric: ({comparison}) => comparison.metric,
	unit: ({comparison}) => unitOf(comparison),
	verdict: ({comparison}) => comparison.verdict,
	baseline_median: ({comparison}) => comparison.baseline.median,
	candidate_median: ({comparison}) => comparison.candidate.median,
	change: ({comparison}) => comparison.change,
	change_low: ({comparison}) => comparison.interval?.low ?? null,
	change_high: ({comparison}) => comparison.interval?.high ?? null,
	interval_level: ({comparison}) => comparison.interval?.level ?? null,
	p: ({comparison}) => comparison.p,
	adjusted_p: ({comparison}) => comparison.adjustedP,
	n_of: ({comparison}) => comparison.baseline.unit,
	baseline_n: ({comparison}) => comparison.baseline.n,
	candidate_n: ({comparison}) => comparison.candidate.n,
	detectable: ({comparison}) => comparison.detectable,
	more_repeats: ({comparison}) => comparison.moreRepeats?.repeats ?? null,
	more_repeats_target: ({comparison}) => comparison.moreRepeats?.target ?? null,
	noise_floor: ({comparison}) => comparison.noiseFloor,
	gate_limit: ({gated}) => gated?.limit ?? null,
	gate_outcome: ({gated}) => gated?.outcome ?? null,
	reasons: ({comparison}) => [...new Set(comparison.reasons.map(({kind}) => kind))].join(' '),
	gate_doubt: ({gated}) => gated?.doubt ?? null,
};

const absentColumns: Readonly<Partial<Record<string, (row: AbsentRow) => Cell>>> = {
	candidate: ({candidate}) => candidate,
	range: ({gated}) => gated.path,
	metric: ({gated}) => gated.metric,
	unit: ({gated}) => unitOf(gated),
	gate_limit: ({gated}) => gated.limit,
	gate_outcome: ({gated}) => gated.outcome,
	gate_doubt: ({gated}) => gated.doubt,
};

export const comparisonCsvColumns: readonly string[] = Object.keys(columns);

function* listRows(report: ComparisonReport, sort: ComparisonSort): Generator<readonly Cell[]> {
	const writers = Object.values(columns);
	for (const {input, comparisons, gate} of report.candidates) {
		const gated = new Map(gate?.ranges.map((range) => [keyOf(range), range]));
		for (const comparison of sortComparisons(comparisons, sort)) {
			const row = {
				candidate: input.label,
				comparison,
				gated: gated.get(keyOf(comparison)) ?? null,
			};
			gated.delete(keyOf(comparison));
			yield writers.map((write) => write(row));
		}

		for (const rest of gated.values()) {
			const row = {candidate: input.label, gated: rest};
			yield comparisonCsvColumns.map((title) => absentColumns[title]?.(row) ?? null);
		}
	}
}

/** Two candidates can have one label only if their paths are the same. */
export const formatComparisonCsv = (
	report: ComparisonReport,
	{sort = 'given'}: {readonly sort?: ComparisonSort},
): Iterable<string> =>
	formatRows(
		{
			columns: comparisonCsvColumns.map((title): ReportColumn => ({title, kind: 'text'})),
			rows: listRows(report, sort),
		},
		'csv',
	);
