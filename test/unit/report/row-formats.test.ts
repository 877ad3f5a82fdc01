import {describe, expect, it} from 'vitest';
import {formatBytes, formatText} from '../../../report/cell-text.ts';
import {formatPlainNumber} from '../../../report/number-text.ts';
import {formatRows, rowFormats, type RowFormat} from '../../../report/row-formats.ts';
import {formatRowTable} from '../../../report/row-table.ts';
import type {Cell, ReportColumn, ReportRows} from '../../../schemas/report-rows.ts';

const columns: readonly ReportColumn[] = [
	{title: 'Name', short: 'range', kind: 'text'},
	{title: 'Start (ns)', kind: 'time'},
	{title: 'Duration (ns)', short: 'GPU ms', kind: 'duration'},
	{title: 'Calls', short: 'n', kind: 'count'},
	{title: 'Share', short: '%', kind: 'share'},
];

/** One array for all rows, as readers are free to have it. */
function* refill(rows: readonly (readonly Cell[])[]): Generator<readonly Cell[]> {
	const row: Cell[] = [];
	for (const cells of rows) {
		row.splice(0, row.length, ...cells);
		yield row;
	}
}

const reportOf = (...rows: readonly (readonly Cell[])[]): ReportRows => ({
	columns,
	rows: refill(rows),
});

const write = (report: ReportRows, format: RowFormat, limit?: number): string =>
	[...formatRows(report, format, limit)].join('');

const namesOnly = (...names: readonly string[]): ReportRows => ({
	columns: [
		{title: 'Name', short: 'range', kind: 'text'},
		{title: 'Id', short: 'id', kind: 'count'},
	],
	rows: refill(names.map((name, index) => [name, index])),
});

const plainRows: readonly (readonly Cell[])[] = [
	['pipeline', 1_800_000_000_000_000_001n, 1234.5, 12_345, 0.5],
	['void k<1, 2>(int)', 7, 0, null, null],
];

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

describe('the table for terminals', () => {
	it('shows short columns in units for people', () => {
		const report = {
			columns: [
				...columns,
				{title: 'Bytes', short: 'size', kind: 'bytes'},
				{title: 'Rate', short: 'GB/s', kind: 'real'},
				{title: 'End (ns)', short: 'end ms', kind: 'time'},
				{title: 'Nothing', short: 'nothing', kind: 'count'},
			] as const,
			rows: [
				['pipeline', 5, 1_234_500, 12_345, 0.5, 1536, 3.3241, 1_500_000n, null],
				['k', 5, 900.4, 12_345n, null, 12, 12_870.4, 7, Number.NaN],
			],
		};
		expect(write(report, 'table')).toBe(
			[
				'range     GPU ms       n      %     size    GB/s  end ms',
				'pipeline   1.235  12,345  50.0%  1.5 KiB   3.324   1.500',
				'k          0.001  12,345            12 B  12,870   0.000',
				'',
			].join('\n'),
		);
	});

	it('says how many rows it leaves out', () => {
		const report = (): ReportRows => namesOnly(...Array.from({length: 1500}, () => 'x'));
		expect(formatRowTable(report(), 2)).toEqual({
			text: 'range  id\nx       0\nx       1',
			hidden: 1498,
			closing: '... and 1,498 more rows: --all shows them',
		});
		expect(write(report(), 'table', 1)).toBe(
			'range  id\nx       0\n... and 1,499 more rows: --all shows them\n',
		);
		expect(formatRowTable(report(), 1500).closing).toBe('');
	});

	it('aligns long tables as one', () => {
		const names = Array.from({length: 130}, (_, index) =>
			index === 128 ? '名前 😀' : `n${index}`,
		);
		const lines = formatRowTable(namesOnly(...names), 200).text.split('\n');
		expect(lines).toHaveLength(131);
		expect(lines.slice(0, 2)).toEqual(['range     id', 'n0         0']);
		expect(lines.slice(-2)).toEqual(['名前 😀  128', 'n129     129']);
	});

	it('lets no control character through', () => {
		const {text} = formatRowTable(namesOnly('\u001b]0;title\u0007 a\n\tb\u009b\u202e\ud800'), 9);
		expect(text.split('\n')[1]).toBe(String.raw`\x1b]0;title\x07 a b\x9b\u202e\ud800   0`);
	});
});

describe('text for people', () => {
	it('is cut between characters', () => {
		const text = formatText(`${'x'.repeat(29)}😀${'y'.repeat(60)}`);
		expect(text).toBe(`${'x'.repeat(29)}…${'y'.repeat(29)}`);
		expect(formatText('👩‍🔬 naïve')).toBe('👩‍🔬 naïve');
	});

	it.each([
		[0, '0 B'],
		[1023, '1,023 B'],
		[1024, '1.0 KiB'],
		[24 * 2 ** 30, '24.0 GiB'],
		[2 ** 63, '8,192.0 PiB'],
	])('%s bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('the table for comments on GitHub', () => {
	it('has names in code, numbers to the right', () => {
		expect(write(reportOf(...plainRows), 'markdown')).toBe(
			[
				'| range | GPU ms | n | % |',
				'| --- | ---: | ---: | ---: |',
				'| `pipeline` | 0.001 | 12,345 | 50.0% |',
				'| `void k<1, 2>(int)` | 0.000 |  |  |',
				'',
			].join('\n'),
		);
	});

	// Rendered with cmark-gfm, GitHub's own library, each shows the name in one line and nothing else.
	it.each([
		['a|b', String.raw`a\|b`],
		[String.raw`a\|b`, String.raw`a\\|b`],
		['*b* <i>&lt; @user #1', '*b* <i>&lt; @user #1'],
		['a `b` ``c', '```a `b` ``c```'],
		['`b`', '`` `b` ``'],
		[' lead', '  lead '],
		['a\r\nb\u001b', String.raw`a b\x1b`],
		['\n', ' '],
	])('shows %j literally', (name, code) => {
		const line = write(namesOnly(name), 'markdown').split('\n')[2];
		expect(line).toBe(code.startsWith('``') ? `| ${code} | 0 |` : `| \`${code}\` | 0 |`);
	});

	it('says how many rows it leaves out, and escapes its headers', () => {
		const report: ReportRows = {
			columns: [{title: 'x', short: 'a|b_c*', kind: 'count'}],
			rows: Array.from({length: 1002}, (_, index) => [index]),
		};
		expect(write(report, 'markdown', 1)).toBe(
			[String.raw`| a\|b\_c\* |`, '| ---: |', '| 0 |', '', '... and 1,001 more', ''].join('\n'),
		);
	});
});
