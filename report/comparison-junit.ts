/**
 * A comparison as JUnit XML: a suite per candidate; a case per gated range, or per range and metric where nothing is gated.
 *
 *     failure    the gate's regression; without a gate, a range that is slower
 *     skipped    what nothing is known of, and what one side alone has
 *     error      a limit that fits nothing, where that is the exit code's reason
 *
 * GitLab shows `classname` as the suite, reads the content of `skipped` and takes only the first of cases with one name;
 * Jenkins reads the attributes. So both are written, and names are never shortened.
 */

import {ExitCode} from '../base/errors.ts';
import type {RangeComparison} from '../schemas/comparison.ts';
import type {CandidateComparison, ComparisonReport} from '../schemas/comparison-report.ts';
import {
	formatChange,
	formatInterval,
	formatLimit,
	formatMetricValue,
	formatP,
	formatSize,
} from './comparison-numbers.ts';
import {keyOf} from './comparison-order.ts';
import {describeReasons} from './comparison-reasons.ts';
import {describeDoubt, describeLimit} from './gate-words.ts';
import {escapeXml, writeAttributes, writeElement} from './xml-text.ts';

type Result = 'passed' | 'failure' | 'skipped' | 'error';

interface TestCase {
	readonly name: string;
	/** Seconds: what the candidate took; 0 of rates. */
	readonly time: number;
	readonly result: Result;
	/** Why it failed or was skipped. */
	readonly message: string;
	/** All numbers, in one line. */
	readonly output: string;
}

const describeSide = (
	{metric, baseline, candidate}: RangeComparison,
	side: 'baseline' | 'candidate',
): string => {
	const {median, n, unit} = side === 'baseline' ? baseline : candidate;
	const value =
		median === null
			? 'nothing'
			: `${formatMetricValue(metric, median)} ${metric === 'throughput' ? 'items/s' : 'ms'}`;
	return `${side} ${value} (n ${n}, ${unit})`;
};

const describeNumbers = (comparison: RangeComparison): string => {
	const {change, interval, adjustedP, detectable, verdict} = comparison;
	return [
		verdict,
		describeSide(comparison, 'baseline'),
		describeSide(comparison, 'candidate'),
		...(change === null ? [] : [`change ${formatChange(change)}`]),
		...(interval === null
			? []
			: [`${formatLimit(interval.level)} interval ${formatInterval(interval)}`]),
		...(adjustedP === null ? [] : [`corrected p ${formatP(adjustedP)}`]),
		...(detectable === null ? [] : [`${formatSize(detectable, ' ')} would have shown`]),
	].join(', ');
};

const timeOf = ({metric, candidate}: RangeComparison): number =>
	metric === 'throughput' ? 0 : (candidate.median ?? 0) / 1000;

const makeCase = (comparison: RangeComparison, result: Result, message: string): TestCase => ({
	name: `${comparison.path} ${comparison.metric}`,
	time: timeOf(comparison),
	result,
	message,
	output: [describeNumbers(comparison), ...describeReasons(comparison.reasons)].join('\n'),
});

const explainChange = ({change}: RangeComparison): string =>
	change === null ? 'worse' : formatChange(change);

const listUngated = ({comparisons}: CandidateComparison): readonly TestCase[] =>
	comparisons.map((comparison) => {
		switch (comparison.verdict) {
			case 'slower':
				return makeCase(comparison, 'failure', `slower: ${explainChange(comparison)}`);
			case 'inconclusive':
				return makeCase(comparison, 'skipped', 'inconclusive: nothing is proven');
			case 'faster':
			case 'same':
				return makeCase(comparison, 'passed', '');
		}
	});

type Gate = NonNullable<CandidateComparison['gate']>;

const judgeGated = (
	{outcome, limit, doubt}: Gate['ranges'][number],
	comparison: RangeComparison,
): TestCase => {
	const limited = `the limit of ${formatLimit(limit)}`;
	const doubted = describeDoubt({doubt}, comparison);
	switch (outcome) {
		case 'regression':
			return makeCase(
				comparison,
				'failure',
				`regression: ${explainChange(comparison)}, beyond ${limited}`,
			);
		case 'undecided':
			return makeCase(
				comparison,
				'skipped',
				doubted === ''
					? `undecided: may lie on either side of ${limited}`
					: `undecided: ${explainChange(comparison)}, limit ${formatLimit(limit)}${doubted}`,
			);
		case 'passed':
			return makeCase(comparison, 'passed', '');
	}
};

/** A row that one side alone has. */
const skipAbsent = (range: Gate['ranges'][number]): TestCase => ({
	name: `${range.path} ${range.metric}`,
	time: 0,
	result: 'skipped',
	message: `undecided: it ${describeDoubt(range, undefined)}`,
	output: '',
});

/** A limit that fits nothing would be a case that nobody misses. */
const listUnused = ({unused}: Gate, exitCode: number): readonly TestCase[] =>
	unused.map((limit) => ({
		name: `--fail-on ${describeLimit(limit)}`,
		time: 0,
		result: exitCode === ExitCode.usage ? 'error' : 'skipped',
		message: 'fits no range that was compared: most likely a slip in a name',
		output: '',
	}));

const listCases = (candidate: CandidateComparison, exitCode: number): readonly TestCase[] => {
	const {gate, comparisons} = candidate;
	if (gate === null) {
		return listUngated(candidate);
	}

	const byKey = new Map(comparisons.map((comparison) => [keyOf(comparison), comparison]));
	return [
		...gate.ranges.map((range) => {
			const comparison = byKey.get(keyOf(range));
			return comparison === undefined ? skipAbsent(range) : judgeGated(range, comparison);
		}),
		...listUnused(gate, exitCode),
	];
};

/** To the nanosecond. */
const writeSeconds = (seconds: number): string => seconds.toFixed(9);

const writeCase = (label: string, {name, time, result, message, output}: TestCase): string => {
	const told =
		result === 'passed'
			? ''
			: writeElement(
					result,
					result === 'failure' ? {message, type: 'regression'} : {message},
					escapeXml(output === '' ? message : `${message}\n${output}`),
				);
	const printed = result === 'passed' ? writeElement('system-out', {}, escapeXml(output)) : '';
	const attributes = {classname: label, name, time: writeSeconds(time)};
	return `\t\t${writeElement('testcase', attributes, told + printed)}\n`;
};

export function* formatComparisonJunit({
	candidates,
	exitCode,
}: ComparisonReport): Generator<string> {
	yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
	for (const candidate of candidates) {
		const cases = listCases(candidate, exitCode);
		const count = (wanted: Result): number => cases.filter(({result}) => result === wanted).length;
		const {label, startedAt} = candidate.input;
		const attributes = writeAttributes({
			name: label,
			tests: cases.length,
			failures: count('failure'),
			errors: count('error'),
			skipped: count('skipped'),
			time: writeSeconds(cases.reduce((sum, {time}) => sum + time, 0)),
			// JUnit's own has no zone.
			timestamp: startedAt?.slice(0, 19),
		});
		yield `\t<testsuite${attributes}>\n`;
		yield* cases.map((one) => writeCase(label, one));
		yield '\t</testsuite>\n';
	}

	yield '</testsuites>\n';
}
