/** Whatever a range, a candidate or a kernel is called, each format is read back as what was written. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {ComparisonReport} from '../../schemas/comparison-report.ts';
import {parseCsv} from '../support/csv.ts';
import {candidateOf, changedOf, inputOf, reportOf, written} from '../support/comparison-report.ts';
import {readTables} from '../support/markdown.ts';
import {findElements, parseXml} from '../support/xml.ts';

const oddText = fc.oneof(
	fc.string({unit: 'binary', maxLength: 30}),
	fc.string({
		unit: fc.constantFrom('|', '`', '\\', '\n', '\r', '"', "'", '<', '>', '&', ']', ' ', ',', '*'),
		maxLength: 12,
	}),
	fc.string({unit: fc.constantFrom('\u0000', '\u001b', '\ud800', '\udc00', '\ufffe', 'a', '\t')}),
);

const makeReport = (names: readonly string[], label: string): ComparisonReport =>
	reportOf(
		candidateOf(
			names.map((name) => changedOf(name, 0.1)),
			{
				input: inputOf(label),
				differences: names.map((name) => ({
					fact: 'f',
					name: 'x',
					baseline: name,
					candidate: label,
					putsInDoubt: false,
				})),
				notes: [{code: 'x', message: `about ${label}`}],
			},
		),
	);

const names = fc.uniqueArray(oddText, {minLength: 1, maxLength: 5});

const whole = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd');

describe('a comparison of ranges with any names', () => {
	it('is CSV', () => {
		fc.assert(
			fc.property(names, oddText, (paths, label) => {
				const rows = parseCsv(whole(written(makeReport(paths, label), 'csv'))).slice(1);
				expect(rows.map((row) => row.slice(0, 2))).toEqual(
					paths.map((path) => [whole(label), whole(path)]),
				);
			}),
		);
	});

	it('is XML, with every name but for what XML forbids', () => {
		fc.assert(
			fc.property(names, oddText, (paths, label) => {
				const document = parseXml(written(makeReport(paths, label), 'junit'));
				const read = findElements(document, 'testcase').map(({attributes}) => attributes['name']);
				expect(read).toHaveLength(paths.length);
				for (const [place, path] of paths.entries()) {
					if (/^[\t\n\r\u0020-\u007e\u00a0-\u0500]*$/.test(path)) {
						expect(read[place]).toBe(`${path} cpu_time`);
					}
				}
			}),
		);
	});

	it('is JSON, and Bencher Metric Format', () => {
		fc.assert(
			fc.property(names, oddText, (paths, label) => {
				const report = makeReport(paths, label);
				expect(JSON.parse(written(report, 'json'))).toEqual(report);
				expect(Object.keys(JSON.parse(written(report, 'bmf')) as object).toSorted()).toEqual(
					paths.toSorted(),
				);
			}),
		);
	});

	it('is Markdown, with tables of even rows', () => {
		fc.assert(
			fc.property(names, oddText, (paths, label) => {
				const [brief, differences, all] = readTables(written(makeReport(paths, label), 'markdown'));
				expect(brief?.rows).toHaveLength(paths.length);
				expect(differences?.rows).toHaveLength(paths.length);
				expect(all?.rows).toHaveLength(paths.length);
			}),
		);
	});

	it('is a table of as many lines, without a control character', () => {
		const lines = (text: string): number => text.split('\n').length;
		fc.assert(
			fc.property(names, oddText, (paths, label) => {
				const plain = makeReport(
					paths.map((_, index) => `range ${index}`),
					'label',
				);
				const text = written(makeReport(paths, label), 'table');
				expect(lines(text)).toBe(lines(written(plain, 'table')));
				expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
			}),
		);
	});
});
