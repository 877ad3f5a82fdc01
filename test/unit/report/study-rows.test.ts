import {describe, expect, it} from 'vitest';
import {formatRows} from '../../../report/row-formats.ts';
import {listModelRows} from '../../../report/study-models.ts';
import {listStudyRows} from '../../../report/study-rows.ts';
import {isTuningLog, listSteps} from '../../../report/study-steps.ts';
import type {ReportRows} from '../../../schemas/report-rows.ts';
import {StudyPoint} from '../../../schemas/study.ts';

const pointOf = (fields: Partial<StudyPoint>): StudyPoint =>
	StudyPoint.parse({
		label: 'v',
		model: 'm',
		load: {kind: 'concurrency', value: 1},
		batchSize: 1,
		protocol: 'http',
		serviceKind: null,
		device: null,
		instances: null,
		repeat: 1,
		status: 'stable',
		reasons: [],
		client: {throughput: 100, mean: 1.5, percentiles: []},
		server: null,
		composing: [],
		gpus: [],
		windows: [],
		sources: [{kind: 'report', file: 'a.log', line: 7}],
		...fields,
	});

const cellsOf = (report: ReportRows): readonly Readonly<Record<string, unknown>>[] =>
	JSON.parse([...formatRows(report, 'json')].join('')) as Record<string, unknown>[];

describe('rows of points', () => {
	it('have times in ns, GPUs as one, and all percentiles that some point has', () => {
		const [first, second] = cellsOf(
			listStudyRows({
				points: [
					pointOf({
						client: {
							mean: 9_007_199.254_740,
							percentiles: [{percentile: 99.9, time: 0.000_001}],
						},
						server: {queue: 0.017},
						gpus: [
							{uuid: 'a', utilization: 0.5, power: 50, memoryUsed: 1024},
							{uuid: 'b', utilization: 0.25, memoryUsed: 1024},
						],
					}),
					pointOf({client: {percentiles: [{percentile: 50, time: 2}]}}),
				],
			}),
		);
		expect(first).toMatchObject({
			'Mean Latency (ns)': 9_007_199_254_740,
			'p50 (ns)': null,
			'p99.9 (ns)': 1,
			'Queue (ns)': 17_000,
			'GPU Utilization': 0.375,
			'GPU Power (W)': 50,
			'GPU Memory (bytes)': 2048,
			File: 'a.log',
			Line: 7,
		});
		expect(second).toMatchObject({
			'p50 (ns)': 2_000_000,
			'p99.9 (ns)': null,
			'GPU Utilization': null,
		});
	});

	it('show people only what differs', () => {
		const points = [1, 2].map((value) => pointOf({load: {kind: 'concurrency', value}}));
		const table = [...formatRows(listStudyRows({points}), 'table')].join('');
		expect(table).toBe(
			[
				'variant  at  status  infer/s  mean ms',
				'v         1  stable    100.0    1.500',
				'v         2  stable    100.0    1.500',
				'',
			].join('\n'),
		);
	});

	it.each([
		['protocol', {protocol: 'grpc'}, '| variant | protocol | at |', '`grpc`'],
		['shared memory', {sharedMemory: 'system'}, '| variant | shared memory | at |', '`system`'],
		['batch size', {batchSize: 8}, '| variant | batch | at |', '8'],
		['model', {model: 'n'}, '| variant | model | at |', '`n`'],
	] as const)('show people the %s where it differs', (_, facts, head, cell) => {
		const points = [pointOf({sharedMemory: 'none'}), pointOf({sharedMemory: 'none', ...facts})];
		const [header = '', , , second = ''] = [...formatRows(listStudyRows({points}), 'markdown')]
			.join('')
			.split('\n');
		expect(header.startsWith(head)).toBe(true);
		expect(second).toContain(`| ${cell} |`);
	});
});

it('rows of models weigh each by its calls for one request', () => {
	const rows = cellsOf(
		listModelRows({
			points: [
				pointOf({
					server: {successCount: 10, requestTime: 3},
					composing: [{name: 'inner', version: '2', depth: 1, successCount: 25, computeInfer: 1}],
				}),
				pointOf({}),
			],
		}),
	);
	expect(rows.map((row) => [row['Model'], row['Level'], row['Calls Per Request']])).toEqual([
		['m', 0, 1],
		['inner v2', 1, 2.5],
	]);
});

describe('steps', () => {
	const stepPoint = (
		label: string,
		throughput: number,
		more: Partial<StudyPoint> = {},
	): StudyPoint => pointOf({label, client: {throughput, percentiles: []}, ...more});
	const at2: Partial<StudyPoint> = {load: {kind: 'concurrency', value: 2}};

	it('stand for the load at which most was reached, by the mean of its repeats', () => {
		const steps = listSteps({
			points: [
				stepPoint('a', 30),
				stepPoint('a', 10, {repeat: 2}),
				stepPoint('a', 25, at2),
				stepPoint('b', 90, {status: 'unstable'}),
			],
		});
		expect(steps.map(({label, throughput}) => [label, throughput])).toEqual([['a', 25]]);
	});

	it('are the variants that the answers tell of, by the same names', () => {
		const points = [stepPoint('a', 30), stepPoint('a', 20, {protocol: 'grpc'}), stepPoint('b', 5)];
		expect(isTuningLog({points})).toBe(true);
		expect(listSteps({points}).map(({name}) => name)).toEqual(['a, http', 'a, grpc', 'b']);
	});

	it('are what a study consists of where each variant has one load', () => {
		expect(isTuningLog({points: [stepPoint('a', 1), stepPoint('b', 2)]})).toBe(true);
		expect(
			isTuningLog({points: [stepPoint('a', 1), stepPoint('b', 2), stepPoint('b', 2, at2)]}),
		).toBe(false);
		expect(isTuningLog({points: [stepPoint('a', 1), stepPoint('a', 2)]})).toBe(false);
	});
});
