/** Compared studies as rows, a point and metric each; and what to know of them, in sentences. */

import {plural} from '../base/plural.ts';
import type {ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import type {ComparedStudy, StudyChange, StudyComparison} from '../schemas/study-comparison.ts';

const column = (title: string, kind: ReportColumn['kind'], short?: string): ReportColumn =>
	short === undefined ? {title, kind} : {title, kind, short};

/** "~" where nothing is proven. */
const showVerdict = ({verdict}: StudyChange): string =>
	verdict === 'inconclusive' ? '~' : verdict;

/** Tables for people show what people ask for first; the others are in CSV and JSON, and with --all. */
const isTelling = ({metric, verdict}: StudyChange): boolean =>
	['throughput', 'mean', 'p99'].includes(metric) || verdict === 'faster' || verdict === 'slower';

/** @param all every metric, not the telling ones only */
export const listComparisonRows = ({candidates}: StudyComparison, all: boolean): ReportRows => {
	const rows = candidates.flatMap(({input, changes}) =>
		changes.filter((change) => all || isTelling(change)).map((change) => ({input, change})),
	);
	const hasIntervals = rows.some(({change}) => change.interval !== null);
	const show = (short: string): string | undefined => (hasIntervals ? short : undefined);
	// Of two variants the one before is the first.
	const isSeries = candidates.length > 1 && rows.some(({change}) => change.previous !== undefined);
	const inSeries = (short: string | undefined): string | undefined =>
		isSeries ? short : undefined;
	return {
		columns: [
			column('Candidate', 'text', candidates.length > 1 ? 'candidate' : undefined),
			column('Point', 'text', 'point'),
			column('Metric', 'text', 'metric'),
			column('Unit', 'text'),
			column('Baseline', 'real', 'baseline'),
			column('Candidate Value', 'real', candidates.length > 1 ? 'value' : 'candidate'),
			column('Change', 'share', 'change'),
			column('Change Low', 'share', show('low')),
			column('Change High', 'share', show('high')),
			column('Change From Previous', 'share', inSeries('from previous')),
			column('Change From Previous Low', 'share', inSeries(show('previous low'))),
			column('Change From Previous High', 'share', inSeries(show('previous high'))),
			column('p', 'real', show('p')),
			column('Baseline Repeats', 'count', 'n'),
			column('Candidate Repeats', 'count', 'n candidate'),
			column('Verdict', 'text', 'verdict'),
			column('Reasons', 'text'),
		],
		length: rows.length,
		rows: rows.map(({input, change}) => [
			input.label,
			change.point,
			change.metric,
			change.unit,
			change.baseline.value,
			change.candidate.value,
			change.change,
			change.interval?.low ?? null,
			change.interval?.high ?? null,
			change.previous?.change ?? null,
			change.previous?.interval?.low ?? null,
			change.previous?.interval?.high ?? null,
			change.adjustedP,
			change.baseline.repeats,
			change.candidate.repeats,
			showVerdict(change),
			[...new Set(change.reasons.map(({code}) => code))].join(' ') || null,
		]),
	};
};

const mostNamed = 5;

const listNotes = ({changes, unmatched, notes}: ComparedStudy): readonly string[] => {
	const reasons = new Map<string, number>();
	for (const {message} of changes.flatMap((change) => change.reasons)) {
		reasons.set(message, (reasons.get(message) ?? 0) + 1);
	}

	const named = unmatched.slice(0, mostNamed).join('; ');
	return [
		...[...reasons].map(([message, count]) =>
			count === changes.length ? message : `${plural(count, 'row')}: ${message}`,
		),
		...(unmatched.length === 0
			? []
			: [
					`one side alone has ${plural(unmatched.length, 'point')}: ${named}${unmatched.length > mostNamed ? '; ...' : ''}`,
				]),
		...notes.map(({message}) => message),
	];
};

/** One line each, below the table. */
export const describeComparison = ({baseline, candidates}: StudyComparison): readonly string[] =>
	candidates.flatMap((candidate) => {
		const {input, changes, gate} = candidate;
		const count = (wanted: StudyChange['verdict']): number =>
			changes.filter(({verdict}) => verdict === wanted).length;
		const verdicts = (['faster', 'slower', 'same', 'inconclusive'] as const)
			.filter((verdict) => count(verdict) > 0)
			.map((verdict) => `${count(verdict)} ${verdict}`);
		return [
			`${input.label} against ${baseline.label}: ${[plural(changes.length, 'row'), ...verdicts].join(', ')}`,
			...(gate === null ? [] : [`gate: ${gate}`]),
			...listNotes(candidate).map((note) => `note: ${note}`),
		];
	});
