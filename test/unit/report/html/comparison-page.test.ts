/** The page of a comparison: every row as the terminal has it. */

import {describe, expect, it} from 'vitest';
import {
	formatChange,
	formatInterval,
	formatMetricValue,
} from '../../../../report/comparison-numbers.ts';
import {writeComparisonPage} from '../../../../report/html/comparison-page.ts';
import {expectSoundPage, findAll, rowsOf, textOf} from '../../../support/html.ts';
import {richReport} from '../../../support/rich-comparison.ts';

const head = {title: 'ab', version: '0.0.0'};

describe('writeComparisonPage', () => {
	it('has every row with its numbers', () => {
		const report = richReport();
		const root = expectSoundPage(
			writeComparisonPage({report, sides: [], files: [], notes: []}, head),
		);
		const tables = findAll(root, 'table').filter((table) =>
			/^All \d+ rows/.test(findAll(table, 'caption').map(textOf).join()),
		);
		expect(tables).toHaveLength(1);
		const lines = tables.flatMap((table) => rowsOf(table).map((row) => row.map(textOf)));
		const [titles = []] = lines;
		const at = (line: readonly string[], title: string) => line[titles.indexOf(title)];
		const comparisons = report.candidates.flatMap((candidate) => candidate.comparisons);
		for (const {path, metric, change, interval, baseline, verdict} of comparisons) {
			const heading = lines.findIndex(([first]) => first === path);
			expect(heading, path).toBeGreaterThan(0);
			const line = lines
				.slice(heading + 1)
				.find(([first]) => first?.startsWith(`${metric} `) === true);
			expect(line, `${path} ${metric}`).toBeDefined();
			expect(at(line ?? [], 'change')).toBe(change === null ? '' : formatChange(change));
			expect(at(line ?? [], '95 % interval')).toBe(
				interval === null ? '' : formatInterval(interval),
			);
			expect(at(line ?? [], 'baseline')).toBe(
				baseline.median === null ? '' : formatMetricValue(metric, baseline.median),
			);
			expect(at(line ?? [], 'verdict')).toBe(verdict === 'inconclusive' ? '~' : verdict);
		}
	});

	it('puts slower right of the middle, of throughput too', () => {
		const report = richReport();
		const text = writeComparisonPage({report, sides: [], files: [], notes: []}, head);
		const root = expectSoundPage(text);
		for (const verdict of ['slower', 'faster'] as const) {
			const marks = findAll(root, 'tr', {class: verdict}).flatMap((row) => findAll(row, 'circle'));
			expect(marks.length).toBeGreaterThan(0);
			const places = marks.map(({attrs}) => Number(attrs.find(({name}) => name === 'cx')?.value));
			expect(places.every((place) => (verdict === 'slower' ? place > 75 : place < 75))).toBe(true);
		}
	});

	it('takes names of sides and of ranges for text', () => {
		const report = richReport();
		const evil = '</script><img src=x onerror=alert(1)>\u202e';
		const text = writeComparisonPage(
			{
				report: {
					...report,
					baseline: {...report.baseline, label: evil},
					candidates: report.candidates.map((candidate) => ({
						...candidate,
						input: {...candidate.input, label: evil},
						comparisons: candidate.comparisons.map((row) => ({...row, path: `${evil}${row.path}`})),
					})),
				},
				sides: [{role: 'baseline', label: evil, folder: null, run: null}],
				files: [],
				notes: [{kind: 'warning', message: evil}],
			},
			{...head, title: evil},
		);
		const root = expectSoundPage(text);
		expect(findAll(root, 'img')).toEqual([]);
	});
});
