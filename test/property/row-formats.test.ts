import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {formatRows, type RowFormat} from '../../report/row-formats.ts';
import {formatRowTable} from '../../report/row-table.ts';
import type {Cell, ReportRows} from '../../schemas/report-rows.ts';
import {parseCsv} from '../support/csv.ts';

/** Names long and short, plain and odd, halves of surrogate pairs among them. */
const oddText = fc.oneof(
	fc.string({unit: 'binary', maxLength: 60}),
	fc
		.array(
			fc.constantFrom(
				',',
				'"',
				'\n',
				'\r',
				'\t',
				'\\',
				' ',
				'|',
				'`',
				'\u001b',
				'a',
				'😀',
				'\udc00',
			),
		)
		.map((parts) => parts.join('')),
);

const number = fc.oneof(
	fc.double(),
	fc.maxSafeInteger(),
	fc.nat(),
	fc.integer({min: 0, max: 1000}).map((below) => Number.MAX_SAFE_INTEGER - below),
	fc.integer({min: -400, max: 300}).map((power) => 1.5 * 10 ** power),
);

const cell: fc.Arbitrary<Cell> = fc.oneof(
	oddText,
	number,
	fc.bigInt({min: -(2n ** 70n), max: 2n ** 70n}),
	fc.constant(null),
);

const reportWith = (cells: fc.Arbitrary<Cell>): fc.Arbitrary<ReportRows> =>
	fc.integer({min: 1, max: 5}).chain((width) =>
		fc.record({
			columns: fc
				.uniqueArray(oddText, {minLength: width, maxLength: width})
				.map((titles) => titles.map((title) => ({title, short: 's', kind: 'text' as const}))),
			rows: fc.array(fc.array(cells, {minLength: width, maxLength: width}), {maxLength: 8}),
		}),
	);

const write = (report: ReportRows, format: RowFormat): string =>
	Buffer.from([...formatRows(report, format)].join('')).toString();

const wellFormed = (text: string): string => Buffer.from(text).toString();

const isAbsent = (value: Cell): boolean =>
	value === null || (typeof value === 'number' && !Number.isFinite(value));

/** What a reader gets of a cell: for numbers the number, as text may differ. */
const readBack = (field: string, written: Cell): Cell =>
	typeof written === 'number' && !isAbsent(written) ? Number(field) : field;

const expectedField = (value: Cell): Cell => {
	if (isAbsent(value)) {
		return '';
	}

	return typeof value === 'number' ? value + 0 : wellFormed(String(value));
};

const expectedValue = (value: Cell): Cell => {
	if (isAbsent(value)) {
		return null;
	}

	return typeof value === 'string' ? value : Number(value) + 0;
};

const unescapeTsv = (field: string): string =>
	field.replaceAll(
		/\\(.)/gs,
		(_, escape: string) =>
			new Map([
				['t', '\t'],
				['n', '\n'],
				['r', '\r'],
				['\\', '\\'],
			]).get(escape) ?? fc.stringify(escape),
	);

const checkFields = (report: ReportRows, read: readonly (readonly string[])[]): void => {
	const [titles, ...lines] = read;
	const rows = [...report.rows];
	expect(titles).toEqual(report.columns.map(({title}) => wellFormed(title)));
	expect(
		lines.map((line, row) => line.map((field, at) => readBack(field, rows[row]?.[at] ?? null))),
	).toEqual(rows.map((row) => row.map(expectedField)));
};

describe('any report reads back as it was written', () => {
	it('as CSV', () => {
		fc.assert(
			fc.property(reportWith(cell), (report) =>
				checkFields(report, parseCsv(write(report, 'csv'))),
			),
		);
	});

	it('as TSV', () => {
		fc.assert(
			fc.property(reportWith(cell), (report) => {
				const lines = write(report, 'tsv').split('\n');
				expect(lines.pop()).toBe('');
				checkFields(
					report,
					lines.map((line) => line.split('\t').map(unescapeTsv)),
				);
			}),
		);
	});

	it('as JSON', () => {
		fc.assert(
			fc.property(reportWith(cell), ({columns, rows}) => {
				const expected = Array.from(rows, (row) =>
					Object.fromEntries(columns.map(({title}, at) => [title, expectedValue(row[at] ?? null)])),
				);
				const lines = write({columns, rows}, 'jsonl').split('\n').slice(0, -1);
				expect(JSON.parse(write({columns, rows}, 'json'))).toEqual(expected);
				expect(lines.map((line): unknown => JSON.parse(line))).toEqual(expected);
			}),
		);
	});
});

describe('every number', () => {
	it('has all its digits and no exponent', () => {
		fc.assert(
			fc.property(fc.oneof(number, fc.bigInt()), (value) => {
				const report = {columns: [{title: 'n', kind: 'real' as const}], rows: [[value]]};
				const [, field = ''] = write(report, 'tsv').split('\n');
				if (typeof value === 'bigint' || Number.isFinite(value)) {
					expect(field).toMatch(/^-?\d+(\.\d+)?$/);
					expect(typeof value === 'bigint' ? BigInt(field) : Number(field)).toBe(
						typeof value === 'bigint' ? value : value + 0,
					);
				} else {
					expect(field).toBe('');
				}
			}),
		);
	});
});

describe('what people read', () => {
	const shown = reportWith(fc.oneof(oddText, fc.constant(null)));

	it('has a line per row and nothing that moves a cursor', () => {
		fc.assert(
			fc.property(shown, ({columns, rows}) => {
				const {lines, hidden} = formatRowTable({columns, rows}, 3);
				const count = [...rows].length;
				const written = [...lines];
				expect(hidden).toBe(Math.max(0, count - 3));
				expect(written.join('')).not.toMatch(/\p{Cc}|\p{Cs}/u);
				expect(written.length - 1).toBeLessThanOrEqual(Math.min(3, count));
			}),
		);
	});

	it('keeps a Markdown table in its lines and cells', () => {
		fc.assert(
			fc.property(shown, (report) => {
				const lines = write(report, 'markdown').split('\n').slice(0, -1);
				const cells = lines.map((line) => line.split(/(?<!\\)\|/).length);
				expect(new Set(cells).size).toBeLessThanOrEqual(1);
				expect(lines.length === 0 ? 0 : lines.length - 2).toBeLessThanOrEqual(
					[...report.rows].length,
				);
			}),
		);
	});
});
