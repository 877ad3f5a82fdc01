import {readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {ExitCode} from '../../../base/errors.ts';
import {comparisonFormats} from '../../../report/comparison-formats.ts';
import {comparisonCsvColumns} from '../../../report/comparison-csv.ts';
import {ComparisonReport} from '../../../schemas/comparison-report.ts';
import {parseCsv} from '../../support/csv.ts';
import {
	absentGate,
	candidateOf,
	changedOf,
	comparisonOf,
	inputOf,
	reportOf,
	sideOf,
	unknownOf,
	written,
} from '../../support/comparison-report.ts';
import {richReport} from '../../support/rich-comparison.ts';

const readCsv = (report: ComparisonReport): readonly Readonly<Record<string, string>>[] => {
	const [titles = [], ...rows] = parseCsv(written(report, 'csv'));
	return rows.map((row) =>
		Object.fromEntries(titles.map((title, place) => [title, row[place] ?? ''])),
	);
};

const twoCandidates = (): ComparisonReport =>
	reportOf(
		candidateOf([changedOf('p', 0.1), comparisonOf('q')], {input: inputOf('one')}),
		candidateOf([comparisonOf('p')], {input: inputOf('two')}),
	);

describe('a comparison as CSV', () => {
	it('has columns that other programs can count on', () => {
		expect(comparisonCsvColumns.join()).toBe(
			'candidate,range,metric,unit,verdict,baseline_median,candidate_median,change,change_low,change_high,interval_level,p,adjusted_p,n_of,baseline_n,candidate_n,detectable,more_repeats,more_repeats_target,noise_floor,gate_limit,gate_outcome,reasons,gate_doubt',
		);
	});

	it('has a row per candidate, range and metric, with all digits', () => {
		const rows = readCsv(twoCandidates());
		expect(rows.map(({candidate, range, verdict}) => [candidate, range, verdict])).toEqual([
			['one', 'p', 'slower'],
			['one', 'q', 'same'],
			['two', 'p', 'same'],
		]);
		expect(rows[0]).toMatchObject({unit: 'ms', p: '0.00002', change: '0.1', n_of: 'process'});
		expect(Number(rows[0]?.['candidate_median'])).toBe(10 * 1.1);
	});

	it('has the gate and the reasons, and nothing for null', () => {
		const rows = readCsv(richReport());
		expect(rows[0]).toMatchObject({gate_limit: '0.05', gate_outcome: 'regression', gate_doubt: ''});
		expect(rows[1]).toMatchObject({gate_limit: '', gate_outcome: '', noise_floor: ''});
		const unknown = rows.find(({range}) => range?.endsWith('resize'));
		expect(unknown).toMatchObject({
			p: '',
			change_low: '',
			reasons: 'too-few',
			gate_doubt: 'within-interval',
		});
		expect(rows[2]).toMatchObject({metric: 'throughput', unit: 'items/s', n_of: 'repeat'});
	});

	it('has a row, without numbers, of what a gate asks for and one side alone has', () => {
		const rows = readCsv(reportOf(candidateOf([comparisonOf('p')], {gate: absentGate})));
		expect(rows.map(({range, verdict}) => [range, verdict])).toEqual([
			['p', 'same'],
			['gone', ''],
		]);
		expect(rows[1]).toMatchObject({
			candidate: 'after',
			metric: 'throughput',
			unit: 'items/s',
			change: '',
			gate_limit: '0.05',
			gate_outcome: 'undecided',
			gate_doubt: 'not-in-candidate',
		});
	});

	it('is sorted where that is asked for', () => {
		const report = reportOf(candidateOf([comparisonOf('b'), comparisonOf('a')]));
		const rows = parseCsv(written(report, 'csv', {sort: 'path'}));
		expect(rows.map((row) => row[1])).toEqual(['range', 'a', 'b']);
	});
});

describe('a comparison as JSON', () => {
	it('is the report, by its schema', () => {
		const report = richReport();
		const read = ComparisonReport.parse(JSON.parse(written(report, 'json')));
		expect(read).toEqual(report);
	});

	it('is refused where it would lose a number', () => {
		const report = reportOf(candidateOf([comparisonOf('a')]));
		const [candidate] = report.candidates;
		const broken = {...report.options, alpha: Number.NaN};
		expect(() =>
			written({...report, candidates: [candidate ?? candidateOf([])], options: broken}, 'json'),
		).toThrow(/alpha/);
	});
});

type Bmf = Record<
	string,
	Record<string, {value: number; lower_value?: number; upper_value?: number}>
>;

const readBmf = (report: ComparisonReport): Bmf => JSON.parse(written(report, 'bmf')) as Bmf;

describe('a comparison in Bencher Metric Format', () => {
	it('has a benchmark per range, a measure per metric, bounds around the value', () => {
		const bmf = readBmf(
			reportOf(
				candidateOf([
					changedOf('p', 0.1, {interval: {low: 0.045, high: 0.21, level: 0.95}}),
					comparisonOf('p', {metric: 'throughput', interval: null}),
					unknownOf('nothing', {candidate: sideOf(null), change: null}),
				]),
			),
		);
		expect(Object.keys(bmf)).toEqual(['p']);
		expect(bmf['p']?.['throughput']).toEqual({value: 10});
		expect(bmf['p']?.['cpu_time']?.value).toBe(11);
		expect(bmf['p']?.['cpu_time']?.lower_value).toBeCloseTo(10.45, 12);
		expect(bmf['p']?.['cpu_time']?.upper_value).toBeCloseTo(12.1, 12);
	});

	it('holds for every measure what Bencher asks of it', () => {
		for (const [name, measures] of Object.entries(readBmf(richReport()))) {
			expect(name.length).toBeLessThanOrEqual(1024);
			for (const [
				measure,
				{value, lower_value: low = value, upper_value: high = value},
			] of Object.entries(measures)) {
				expect(measure.length).toBeLessThanOrEqual(64);
				expect(low).toBeLessThanOrEqual(value);
				expect(high).toBeGreaterThanOrEqual(value);
			}
		}
	});

	it('names the candidate where there are several, and keeps long names apart', () => {
		expect(Object.keys(readBmf(twoCandidates()))).toEqual(['one: p', 'one: q', 'two: p']);
		const long = (middle: string): string => 'a'.repeat(1500) + middle + 'z'.repeat(1500);
		const names = Object.keys(
			readBmf(reportOf(candidateOf([comparisonOf(long('1')), comparisonOf(long('2'))]))),
		);
		expect(names.map(({length}) => length)).toEqual([1024, expect.any(Number)]);
		expect(names[1]).toMatch(/ \(2\)$/);
		expect(names[1]?.length).toBeLessThanOrEqual(1024);
	});

	it('takes a change to 0, and odd names', () => {
		const bmf = readBmf(
			reportOf(
				candidateOf([
					changedOf('a\n"b"😀', -1, {candidate: sideOf(0), estimate: null}),
					comparisonOf('__proto__'),
				]),
			),
		);
		expect(Object.keys(bmf)).toEqual(['a\n"b"😀', '__proto__']);
		expect(bmf['a\n"b"😀']).toEqual({cpu_time: {value: 0}});
	});
});

describe('docs/ci.md', () => {
	const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/ci.md'), 'utf8');
	const firstCells = Array.from(text.matchAll(/^\| (.*?) \|/gm), ([, cell = '']) => cell);
	const codes = firstCells.flatMap((cell) =>
		Array.from(cell.matchAll(/`(\w+)`/g), ([, code]) => code),
	);

	it('explains every exit code', () => {
		const {signalled, ...plain} = ExitCode;
		expect(firstCells.filter((cell) => /^\d+/.test(cell))).toEqual([
			...Object.values(plain).map(String),
			`${signalled} + n`,
		]);
	});

	it('explains every format and every column of CSV', () => {
		expect(codes).toEqual([...comparisonFormats, ...comparisonCsvColumns]);
	});
});
