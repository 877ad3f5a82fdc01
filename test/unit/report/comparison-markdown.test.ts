import {describe, expect, it} from 'vitest';
import type {ComparisonReport} from '../../../schemas/comparison-report.ts';
import {
	candidateOf,
	changedOf,
	comparisonOf,
	inputOf,
	reportOf,
	unknownOf,
	written,
} from '../../support/comparison-report.ts';
import {richReport} from '../../support/rich-comparison.ts';
import {readTables, type MarkdownTable} from '../../support/markdown.ts';

const tablesOf = (report: ComparisonReport): readonly MarkdownTable[] =>
	readTables(written(report, 'markdown'));

const firstColumn = (table: MarkdownTable | undefined): readonly string[] =>
	table?.rows.map(([name = '']) => name) ?? [];

const many = (count: number, name = 'stage'): ComparisonReport =>
	reportOf(
		candidateOf(Array.from({length: count}, (_, index) => changedOf(`${name}_${index}`, 0.1))),
	);

describe('a comparison for a pull request', () => {
	it('has the verdict as its heading, and below it what changed', () => {
		const text = written(richReport(), 'markdown');
		expect(text.split('\n')[0]).toBe('### 2 of 6 ranges slower, 1 faster, 3 inconclusive');
		expect(text.indexOf('gate: regression')).toBeLessThan(text.indexOf('| range |'));
		const [brief] = tablesOf(richReport());
		expect(brief?.titles.join()).toBe(
			'range,metric,baseline,candidate,change,95 % interval,verdict',
		);
		expect(brief?.rows[0]?.join()).toBe(
			'detector/pipeline/batch_*/infer,gpu_time ms,123.451,133.476,+8.1%,+6.9% to +9.4%,slower',
		);
	});

	it('folds the rest, each part closed', () => {
		const text = written(richReport(), 'markdown');
		const summaries = Array.from(text.matchAll(/<summary>(.*)<\/summary>/g), ([, title]) => title);
		expect(summaries).toEqual([
			'2 differences between the sides (!: could explain a change by itself)',
			'3 ranges not the same on both sides',
			'Kernels',
			'All 9 rows',
			'Reasons',
		]);
		expect(text.match(/<details(?: open)?><summary>.*<\/summary>\n\n/g)).toHaveLength(5);
		expect(text.match(/\n\n<\/details>\n\n/g)).toHaveLength(5);
		expect(tablesOf(richReport()).map(({rows}) => rows.length)).toEqual([9, 2, 2, 11]);
	});

	it('takes no name for markup', () => {
		const odd = 'a|b `c` *d* <img src=x> @team #1\n| x | & "é" 😀';
		const report = reportOf(
			candidateOf([changedOf(odd, 0.1), changedOf('`', 0.2), changedOf('\u001b[2J', 0.05)], {
				input: inputOf(odd),
				notes: [{code: 'x', message: `Note <img> of @team, #12, :smile: and | ${odd}`}],
			}),
		);
		const text = written(report, 'markdown');
		const [brief] = readTables(text);
		expect(firstColumn(brief)).toEqual(['`', odd.replace('\n', ' '), String.raw`\x1b[2J`]);
		const note = text.split('\n').find((line) => line.startsWith('- Note'));
		expect(note).toContain(
			String.raw`- Note \<img\> of @<!-- -->team, \#<!-- -->12, :<!-- -->smile: and \| a\|b`,
		);
	});

	it('fits a comment, with the most telling parts first', () => {
		const text = written(many(3000), 'markdown');
		expect(Buffer.byteLength(text)).toBeLessThan(60_000);
		expect(Buffer.byteLength(text)).toBeGreaterThan(50_000);
		const [brief, all] = readTables(text);
		expect(brief?.rows).toHaveLength(40);
		const more = /\.\.\. and ([\d,]+) more/.exec(text)?.[1]?.replace(',', '');
		expect((all?.rows.length ?? 0) + Number(more)).toBe(3000);
		expect(text.endsWith('</details>\n\n')).toBe(true);
	});

	it('fits a comment with several candidates and wide names too', () => {
		const wide = '名😀'.repeat(200);
		const [candidate = candidateOf([])] = many(500, wide).candidates;
		const labels = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
		const report = reportOf(
			...labels.map((label) => ({
				...candidate,
				input: inputOf(label),
				notes: Array.from({length: 50}, (_, index) => ({
					code: 'x',
					message: `${index} ${'<'.repeat(900)}`,
				})),
			})),
		);
		const text = written(report, 'markdown');
		expect(Buffer.byteLength(text)).toBeLessThan(60_000);
		expect(text.match(/^### /gm)).toHaveLength(8);
		expect(readTables(text).length).toBeGreaterThanOrEqual(8);
		expect(text.split('<details').length).toBe(text.split('</details>').length);
	});

	it('has every row with --all', () => {
		const tables = readTables(written(many(3000), 'markdown', {all: true}));
		expect(tables.at(-1)?.rows).toHaveLength(3000);
	});

	it('has no table where nothing changed, but all rows to unfold', () => {
		const text = written(reportOf(candidateOf([comparisonOf('a')])), 'markdown');
		expect(text).toMatch(
			/^### 1 range same within 1 %\n\n`after` \(.*\) against `before` \(.*\)\n\n<details>/,
		);
		expect(readTables(text)).toHaveLength(1);
	});

	it('leaves out what is not known of any row', () => {
		const [brief] = tablesOf(reportOf(candidateOf([unknownOf('a')])));
		expect(brief?.titles.join()).toBe('range,metric,baseline,candidate,change,verdict');
	});
});
