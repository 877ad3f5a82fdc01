import {describe, expect, it} from 'vitest';
import type {ComparisonReport} from '../../../schemas/comparison-report.ts';
import {
	absentGate,
	candidateOf,
	changedOf,
	comparisonOf,
	inputOf,
	reportOf,
	unknownOf,
	written,
} from '../../support/comparison-report.ts';
import {richReport} from '../../support/rich-comparison.ts';
import {findElements, parseXml, type XmlElement} from '../../support/xml.ts';

const read = (report: ComparisonReport): XmlElement => parseXml(written(report, 'junit'));

const resultsOf = (document: XmlElement): readonly string[] =>
	findElements(document, 'testcase').map(({attributes, children}) =>
		[attributes['name'], ...children.map(({name}) => name)].join(' '),
	);

describe('a comparison as JUnit XML', () => {
	it('fails what is slower and skips what is not known', () => {
		const document = read(
			reportOf(
				candidateOf([
					changedOf('slow', 0.1),
					changedOf('fast', -0.1),
					comparisonOf('p', {metric: 'throughput'}),
					unknownOf('odd'),
				]),
			),
		);
		expect(resultsOf(document)).toEqual([
			'slow cpu_time failure',
			'fast cpu_time system-out',
			'p throughput system-out',
			'odd cpu_time skipped',
		]);
		const [suite] = findElements(document, 'testsuite');
		expect(suite?.attributes).toEqual({
			name: 'after',
			tests: '4',
			failures: '1',
			errors: '0',
			skipped: '1',
			time: '0.030400000',
			timestamp: '2026-11-21T16:00:05',
		});
	});

	it('has the numbers where the readers look for them', () => {
		const [slow] = findElements(read(reportOf(candidateOf([changedOf('s', 0.1)]))), 'failure');
		expect(slow?.attributes).toEqual({message: 'slower: +10.0%', type: 'regression'});
		expect(slow?.text).toBe(
			'slower: +10.0%\nslower, baseline 10.000 ms (n 5, process), candidate 11.000 ms (n 5, process), change +10.0%, 95 % interval +8.8% to +11.3%, corrected p <0.001, 0.92 % would have shown',
		);
		const [unknown] = findElements(read(reportOf(candidateOf([unknownOf('u')]))), 'skipped');
		expect(unknown?.text).toContain('3 are needed');
	});

	it('has the gated ranges alone where there is a gate', () => {
		expect(resultsOf(read(richReport()))).toEqual([
			'detector/pipeline/batch_*/infer gpu_time failure',
			'detector/pipeline/batch_*/resize cpu_time skipped',
			'detector/pipeline cpu_time system-out',
			'--fail-on gpu_time:detektor/*=2.5% skipped',
		]);
		const [failure] = findElements(read(richReport()), 'failure');
		expect(failure?.attributes['message']).toBe('regression: +8.1%, beyond the limit of 5 %');
	});

	it('skips what one side alone has, and what the noise floor could explain', () => {
		const absent = read(reportOf(candidateOf([comparisonOf('p')], {gate: absentGate})));
		expect(resultsOf(absent)).toEqual(['p cpu_time system-out', 'gone throughput skipped']);
		const [skipped] = findElements(absent, 'skipped');
		expect(skipped?.attributes['message']).toBe('undecided: it is not in the candidate');
		const range = {path: 's', metric: 'cpu_time' as const, limit: 0.05};
		const floored = {...range, outcome: 'undecided' as const, doubt: 'below-noise-floor' as const};
		const gate = {...absentGate, ranges: [floored]};
		const row = changedOf('s', 0.1, {verdict: 'inconclusive', noiseFloor: 0.65});
		const [doubted] = findElements(read(reportOf(candidateOf([row], {gate}))), 'skipped');
		expect(doubted?.attributes['message']).toBe(
			'undecided: +10.0%, limit 5 %, worse than that but not above the noise floor of 65.0 %',
		);
	});

	it('has an error where a limit that fits nothing is why the command fails', () => {
		const document = read({...richReport(), exitCode: 2});
		expect(resultsOf(document).at(-1)).toBe('--fail-on gpu_time:detektor/*=2.5% error');
		expect(findElements(document, 'testsuite')[0]?.attributes).toMatchObject({
			errors: '1',
			skipped: '1',
		});
	});

	it('has a suite per candidate', () => {
		const document = read(
			reportOf(
				candidateOf([comparisonOf('a')], {input: inputOf('one')}),
				candidateOf([], {input: inputOf('two', {startedAt: null})}),
			),
		);
		const suites = findElements(document, 'testsuite').map(({attributes}) => attributes);
		expect(suites.map(({name, tests}) => [name, tests])).toEqual([
			['one', '1'],
			['two', '0'],
		]);
		expect(suites[1]).not.toHaveProperty('timestamp');
		expect(findElements(document, 'testcase')[0]?.attributes['classname']).toBe('one');
	});

	it.each([
		['a <b> & "c" \'d\' ]]>', 'a <b> & "c" \'d\' ]]>'],
		['a\n\tb\r', 'a\n\tb\r'],
		['\u0000\u001b[31m\u007f\u0085', String.raw`\x00\x1b[31m\x7f\x85`],
		['\ud800\ufffe\uffff\u202e', String.raw`\ud800\ufffe\uffff\u202e`],
		['名前 😀 👩‍🔬', '名前 😀 👩‍🔬'],
		['x'.repeat(20_000), 'x'.repeat(20_000)],
	])('names a range %j', (name, text) => {
		const document = read(
			reportOf(candidateOf([comparisonOf(name)], {input: inputOf(`label ${name}`)})),
		);
		const [testCase] = findElements(document, 'testcase');
		expect(testCase?.attributes['name']).toBe(`${text} cpu_time`);
		expect(testCase?.attributes['classname']).toBe(`label ${text}`);
	});
});
