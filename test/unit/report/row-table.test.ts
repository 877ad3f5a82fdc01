import {describe, expect, it} from 'vitest';
import {formatBytes, formatText} from '../../../report/cell-text.ts';
import {formatRowTable} from '../../../report/row-table.ts';
import type {ReportRows} from '../../../schemas/report-rows.ts';
import {columns, namesOnly, plainRows, reportOf, write} from '../../support/written-report.ts';

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

	it('sets ids down as they are', () => {
		const report = {
			columns: [
				{title: 'PID', short: 'pid', kind: 'id'},
				{title: 'Instances', short: 'n', kind: 'count'},
			] as const,
			rows: [
				[1_230_493, 1_230_493],
				[2n ** 60n, null],
				[null, 7],
			],
		};
		const lines = [
			'                pid          n',
			'            1230493  1,230,493',
			'1152921504606846976',
			'                             7',
			'',
		];
		expect(write(report, 'table')).toBe(lines.join('\n'));
		expect(write(report, 'markdown')).toContain('| 1230493 | 1,230,493 |');
	});

	it('says how many rows it leaves out', () => {
		const report = (): ReportRows => namesOnly(...Array.from({length: 1500}, () => 'x'));
		const {lines, ...rest} = formatRowTable(report(), 2);
		expect([...lines]).toEqual(['range  id', 'x       0', 'x       1']);
		expect(rest).toEqual({hidden: 1498, closing: '... and 1,498 more rows: --all shows them'});
		expect(write(report(), 'table', 1)).toBe(
			'range  id\nx       0\n... and 1,499 more rows: --all shows them\n',
		);
		expect(formatRowTable(report(), 1500).closing).toBe('');
	});

	it('aligns long tables as one', () => {
		const names = Array.from({length: 130}, (_, index) =>
			index === 128 ? '名前 😀' : `n${index}`,
		);
		const lines = [...formatRowTable(namesOnly(...names), 200).lines];
		expect(lines).toHaveLength(131);
		expect(lines.slice(0, 2)).toEqual(['range     id', 'n0         0']);
		expect(lines.slice(-2)).toEqual(['名前 😀  128', 'n129     129']);
	});

	it('lets no control character through', () => {
		const {lines} = formatRowTable(namesOnly('\u001b]0;title\u0007 a\n\tb\u009b\u202e\ud800'), 9);
		expect([...lines][1]).toBe(String.raw`\x1b]0;title\x07 a b\x9b\u202e\ud800   0`);
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
