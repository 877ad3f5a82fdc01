import {describe, expect, it} from 'vitest';
import {formatPlainNumber} from '../../../report/number-text.ts';
import {formatRows, rowFormats, type RowFormat} from '../../../report/row-formats.ts';
import type {ReportRows} from '../../../schemas/report-rows.ts';
import {
	columns,
	namesOnly,
	plainRows,
	refill,
	reportOf,
	write,
} from '../../support/written-report.ts';

const oddNames = ['a "b"', 'c, d\r\n', ' e|\t\\', '\u001b[31m😀\ud800'] as const;

describe('rows for other programs', () => {
	it('are CSV with quotes where they are needed', () => {
		expect(write(reportOf(...plainRows), 'csv')).toBe(
			[
				'Name,Start (ns),Duration (ns),Calls,Share',
				'pipeline,1800000000000000001,1234.5,12345,0.5',
				'"void k<1, 2>(int)",7,0,,',
				'',
			].join('\n'),
		);
		expect(write(namesOnly(...oddNames), 'csv')).toBe(
			'Name,Id\n"a ""b""",0\n"c, d\r\n",1\n" e|\t\\",2\n\u001b[31m😀\ufffd,3\n',
		);
	});

	it('are TSV with the escapes of PostgreSQL', () => {
		expect(write(reportOf(...plainRows), 'tsv')).toBe(
			[
				'Name\tStart (ns)\tDuration (ns)\tCalls\tShare',
				'pipeline\t1800000000000000001\t1234.5\t12345\t0.5',
				'void k<1, 2>(int)\t7\t0\t\t',
				'',
			].join('\n'),
		);
		expect(write(namesOnly(...oddNames), 'tsv')).toBe(
			'Name\tId\na "b"\t0\nc, d\\r\\n\t1\n e|\\t\\\\\t2\n\u001b[31m😀\ufffd\t3\n',
		);
	});

	it('are JSON, an object per line', () => {
		const lines = [
			'{"Name":"pipeline","Start (ns)":1800000000000000001,"Duration (ns)":1234.5,"Calls":12345,"Share":0.5}',
			'{"Name":"void k<1, 2>(int)","Start (ns)":7,"Duration (ns)":0,"Calls":null,"Share":null}',
		];
		expect(write(reportOf(...plainRows), 'jsonl')).toBe(`${lines.join('\n')}\n`);
		expect(write(reportOf(...plainRows), 'json')).toBe(`[\n${lines.join(',\n')}\n]\n`);
		expect(write(namesOnly(...oddNames), 'jsonl')).toBe(
			[
				String.raw`{"Name":"a \"b\"","Id":0}`,
				String.raw`{"Name":"c, d\r\n","Id":1}`,
				String.raw`{"Name":" e|\t\\","Id":2}`,
				String.raw`{"Name":"\u001b[31m😀\ud800","Id":3}`,
				'',
			].join('\n'),
		);
	});

	it('have no NaN and no infinity', () => {
		const odd = (): ReportRows => reportOf(['x', Number.NaN, Number.POSITIVE_INFINITY, -0, -1.5]);
		expect(write(odd(), 'csv').split('\n')[1]).toBe('x,,,0,-1.5');
		expect(write(odd(), 'jsonl')).toBe(
			'{"Name":"x","Start (ns)":null,"Duration (ns)":null,"Calls":0,"Share":-1.5}\n',
		);
	});

	it('leave no empty line in CSV of one column', () => {
		const report = {columns: columns.slice(0, 1), rows: [['a'], [null], ['']]};
		expect(write(report, 'csv')).toBe('Name\na\n""\n""\n');
	});

	it('write titles and names of all lengths alike', () => {
		const long = `${'x'.repeat(40)},"`;
		const report = (): ReportRows => ({
			columns: [
				{title: 'a,"b"', kind: 'text'},
				{title: '__proto__', kind: 'text'},
			],
			rows: refill([
				[long, ''],
				[long, 'y'],
			]),
		});
		const quoted = `"${'x'.repeat(40)},"""`;
		expect(write(report(), 'csv')).toBe(`"a,""b""",__proto__\n${quoted},""\n${quoted},y\n`);
		expect(write(report(), 'jsonl')).toContain(
			String.raw`{"a,\"b\"":"${'x'.repeat(40)},\"","__proto__":"y"}`,
		);
	});

	it('hold texts of any length', () => {
		const long = 'é,'.repeat(300_000);
		expect(write(namesOnly('a', long), 'csv')).toBe(`Name,Id\na,0\n"${long}",1\n`);
		const bytes = Array.from({length: 70_000}, (_, index) => `n${index}, with a comma and more`);
		expect(
			write(namesOnly(...bytes), 'tsv')
				.split('\n')
				.slice(1, -1),
		).toEqual(bytes.map((name, index) => `${name}\t${index}`));
	});

	it('come in pieces that end with a row', () => {
		const rows = Array.from({length: 20_000}, (_, index) => [`name ${index}`, index]);
		const pieces = [...formatRows({...namesOnly(), rows}, 'csv')];
		expect(pieces.length).toBeGreaterThan(3);
		expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
		expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(66_000);
		expect(pieces.join('').split('\n')).toHaveLength(20_002);
	});

	it('are read one at a time', () => {
		let read = 0;
		const rows = (function* () {
			for (;;) {
				read++;
				yield ['name', read];
			}
		})();
		const [piece] = formatRows({...namesOnly(), rows}, 'jsonl');
		expect(piece?.startsWith('{"Name":"name","Id":1}\n')).toBe(true);
		expect(read).toBeLessThan(4000);
	});
});

describe('a report without rows', () => {
	it.each<[RowFormat, string]>([
		['table', ''],
		['csv', 'Name,Start (ns),Duration (ns),Calls,Share\n'],
		['tsv', 'Name\tStart (ns)\tDuration (ns)\tCalls\tShare\n'],
		['json', '[\n]\n'],
		['jsonl', ''],
		['markdown', ''],
	])('is valid %s', (format, text) => expect(write(reportOf(), format)).toBe(text));

	it('is tested in every format', () => expect(rowFormats).toHaveLength(6));
});

describe('numbers for other programs', () => {
	it.each([
		[0, '0'],
		[-12, '-12'],
		[0.1, '0.1'],
		[Number.MAX_SAFE_INTEGER, '9007199254740991'],
		[1e21, '1000000000000000000000'],
		[-1.5e22, '-15000000000000000000000'],
		[1e-7, '0.0000001'],
		[-1.234e-9, '-0.000000001234'],
		[5e-324, `0.${'0'.repeat(323)}5`],
	])('%s is %s', (value, text) => {
		expect(formatPlainNumber(value)).toBe(text);
		expect(write(reportOf([null, value]), 'csv').split('\n')[1]).toBe(`,${text},,,`);
	});
});
