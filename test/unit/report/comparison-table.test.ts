import {describe, expect, it} from 'vitest';
import type {ComparisonReport} from '../../../schemas/comparison-report.ts';
import {expectGolden} from '../../support/golden.ts';
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

const linesOf = (report: ComparisonReport): readonly string[] =>
	written(report, 'table').split('\n');

describe('a comparison on the terminal', () => {
	it('looks like this', () => {
		expectGolden('comparison-table', written(richReport(), 'table').split('\n'));
	});

	it('fits 100 columns where its names do', () => {
		const texts = linesOf(richReport()).filter(
			(line) => !/^note:| {2}(?:baseline|candidate) {2,}p/.test(line),
		);
		expect(Math.max(...texts.map((line) => line.length))).toBeLessThanOrEqual(100);
	});

	it.each([
		[[], 'nothing that both sides have'],
		[[comparisonOf('a')], '1 range same within 1 %'],
		[[unknownOf('a'), unknownOf('b')], 'all 2 ranges inconclusive'],
		[
			// A range goes by its worst metric.
			[comparisonOf('a'), unknownOf('a', {metric: 'gpu_time'}), comparisonOf('b')],
			'1 of 2 ranges same within 1 %, 1 inconclusive',
		],
		[
			[changedOf('a', -0.2), changedOf('a', 0.2, {metric: 'gpu_time'}), comparisonOf('b')],
			'1 of 2 ranges slower, 1 same within 1 %',
		],
		[
			// Of the two that are the same one needed its floor; that of the other was not.
			[
				comparisonOf('a', {noiseFloor: 0.65}),
				comparisonOf('b', {noiseFloor: 0.04, interval: {low: -0.02, high: 0.03, level: 0.95}}),
			],
			'all 2 ranges same within 4.0 % (a noise floor)',
		],
		[
			// The floor of a range that is not the same as a whole says nothing of those that are.
			[
				comparisonOf('a', {noiseFloor: 0.2, interval: {low: -0.02, high: 0.03, level: 0.95}}),
				unknownOf('a', {metric: 'gpu_time'}),
				comparisonOf('b'),
			],
			'1 of 2 ranges same within 1 %, 1 inconclusive',
		],
	])('has the verdict up front (%#)', (comparisons, verdict) => {
		expect(linesOf(reportOf(candidateOf(comparisons)))[0]).toBe(`after against before: ${verdict}`);
	});

	it('shows nothing where nothing changed, and says what it hides', () => {
		const text = written(reportOf(candidateOf([comparisonOf('a'), comparisonOf('b')])), 'table');
		expect(text).toBe(
			[
				'after against before: all 2 ranges same within 1 %',
				'  baseline   5 processes, 2026-11-21 16:00 UTC',
				'  candidate  5 processes, 2026-11-21 16:00 UTC',
				'... and 2 more rows (2 same): --all shows them',
				'',
			].join('\n'),
		);
	});

	it('leaves out what is not known of any row', () => {
		const nothing = unknownOf('a', {
			change: null,
			baseline: sideOf(null, {n: 0, processes: 0}),
			reasons: [{kind: 'no-samples', side: 'baseline'}],
		});
		const lines = linesOf(reportOf(candidateOf([nothing])));
		expect(lines.slice(4, 8)).toEqual([
			'  metric       candidate     n  verdict',
			'a',
			'  cpu_time ms     10.400  0, 1  ~',
			'~: nothing is proven; n: processes of each side',
		]);
		expect(lines.join('\n')).not.toMatch(/null|NaN|undefined/);
	});

	it('counts rounds once', () => {
		const rounds = sideOf(10, {unit: 'round', n: 12});
		const text = written(
			reportOf(candidateOf([changedOf('a', 0.1, {baseline: rounds, candidate: rounds})])),
			'table',
		);
		expect(text).toMatch(/<0\.001 {2}12 {2}slower/);
		expect(text).toContain('n: rounds of each side');
	});

	it('begins with all verdicts where there are several candidates', () => {
		const candidates = ['one', 'two', 'three'].map((label, index) =>
			candidateOf([index === 1 ? changedOf('a', 0.1) : comparisonOf('a')], {input: inputOf(label)}),
		);
		const lines = linesOf(reportOf(...candidates));
		expect(lines.slice(0, 4)).toEqual([
			'one against before: 1 range same within 1 %',
			'two against before: 1 range slower',
			'three against before: 1 range same within 1 %',
			'',
		]);
		expect(lines.filter((line) => line.startsWith('two against before'))).toHaveLength(2);
	});

	it('has colours only where it is given some', () => {
		const report = richReport();
		const marked = written(report, 'table', {
			decorate: (style, text) => `<${style}>${text}</${style}>`,
		});
		expect(marked).toContain('<red>2 of 6 ranges slower</red>, <green>1 faster</green>');
		expect(marked).toContain('<red>slower</red>');
		expect(marked).toContain('<yellow>~</yellow>');
		expect(marked).toContain('gate: <red>regression</red>');
		expect(written(report, 'table')).not.toContain('\u001b');
	});

	it('keeps its columns under colours', () => {
		const report = richReport();
		const coloured = written(report, 'table', {
			decorate: (_, text) => `\u001b[31m${text}\u001b[39m`,
		});
		const plain = coloured.replaceAll(/\u001b\[\d+m/g, '').replaceAll(/ +$/gm, '');
		expect(plain).toBe(written(report, 'table'));
	});

	it('lets no name break a line or command the terminal', () => {
		const odd = 'a\n| b\u001b[2J\u202e\ud800"<&>';
		const text = written(
			reportOf(
				candidateOf([changedOf(odd, 0.1)], {
					input: inputOf(odd),
					structure: [{path: odd, kind: 'vanished', baseline: 1, candidate: null, per: 'batch'}],
					differences: [
						{fact: 'f', name: odd, baseline: odd, candidate: `${odd}2`, putsInDoubt: false},
					],
					notes: [{code: 'x', message: odd}],
				}),
			),
			'table',
		);
		expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e\ud800]/);
		expect(text).toContain(String.raw`a | b\x1b[2J\u202e\ud800"<&>`);
	});

	it('cuts long names, and values only where no screen would hold them', () => {
		const long = 'x'.repeat(5000);
		const lines = linesOf(
			reportOf(
				candidateOf([changedOf(long, 0.1)], {
					differences: [
						{
							fact: 'f',
							name: 'program',
							baseline: 'y'.repeat(400),
							candidate: 'z',
							putsInDoubt: false,
						},
					],
				}),
			),
		);
		expect(lines).toContain(`${'x'.repeat(49)}…${'x'.repeat(48)}`);
		expect(lines).toContain(`  baseline   ${'y'.repeat(400)}`);
	});

	it('lists ten ranges of another structure, and all with --all', () => {
		const structure = Array.from({length: 25}, (_, index) => ({
			path: `r${index}`,
			kind: 'appeared' as const,
			baseline: null,
			candidate: 1,
			per: 'process' as const,
		}));
		const report = reportOf(candidateOf([comparisonOf('a')], {structure}));
		expect(written(report, 'table')).toContain('... and 15 more ranges: --all shows them');
		expect(written(report, 'table', {all: true}).match(/only in the candidate/g)).toHaveLength(25);
	});

	it('says what the gate made of it', () => {
		const gate = {outcome: 'undecided' as const, limits: [], ranges: [], unused: []};
		expect(linesOf(reportOf(candidateOf([comparisonOf('a')], {gate})))).toContain(
			'  gate: undecided, --fail-on fits nothing that was compared',
		);
		const ranges = Array.from({length: 8}, (_, index) => ({
			path: `r${index}`,
			metric: 'cpu_time' as const,
			limit: 0.025,
			outcome: 'undecided' as const,
			doubt: 'within-interval' as const,
		}));
		const lines = linesOf(reportOf(candidateOf([unknownOf('r0')], {gate: {...gate, ranges}})));
		expect(lines).toContain('  gate: undecided, 8 undecided');
		expect(lines).toContain('  undecided: r0 cpu_time: +4.0%, limit 2.5 %');
		expect(lines).toContain('  undecided: 3 more');
	});

	it('names what a gate asks for and a side lacks, and what the noise floor keeps open, first', () => {
		const rows = ['a', 'b', 'c', 'd', 'e'].map((path) => unknownOf(path));
		const floored = changedOf('f', 0.1, {verdict: 'inconclusive', noiseFloor: 0.65});
		const undecided = {metric: 'cpu_time' as const, limit: 0.05, outcome: 'undecided' as const};
		const gate = {
			...absentGate,
			ranges: [
				...rows.map(({path}) => ({...undecided, path, doubt: 'no-interval' as const})),
				{...undecided, path: 'f', doubt: 'below-noise-floor' as const},
				...absentGate.ranges,
			],
		};
		const lines = linesOf(reportOf(candidateOf([...rows, floored], {gate})));
		expect(lines.slice(3, 6)).toEqual([
			'  gate: undecided, 7 undecided, 1 within the limit',
			'  undecided: f cpu_time: +10.0%, limit 5 %, worse than that but not above the noise floor of 65.0 %',
			'  undecided: gone throughput is not in the candidate',
		]);
	});
});
