import {describe, expect, it} from 'vitest';
import {joinComposing} from '../../../perf-analyzer/composing-csv.ts';
import {parseCsv} from '../../../perf-analyzer/csv.ts';
import type {ParsedPoint} from '../../../perf-analyzer/parsed-file.ts';

const plain =
	'Concurrency,Inferences/Second,Client Send,Network+Server Send/Recv,Server Queue,Server Compute Input,Server Compute Infer,Server Compute Output,Client Recv,p50 latency,p90 latency,p95 latency,p99 latency';
const verbose = `${plain},Avg latency,request/response,response wait,Avg GPU Utilization,Avg GPU Power Usage,Max GPU Memory Usage,Total GPU Memory`;

const first = ({points}: {points: readonly ParsedPoint[]}): ParsedPoint =>
	points[0] ?? expect.fail('no point');

describe('a CSV', () => {
	it('has every column, and one GPU per identifier', () => {
		const row =
			'2,138.6,1,200,30,40,5000,60,7,5001,5002,5003,5004,5005,8,5006,GPU-a:0.453;GPU:b:0.5;,GPU-a:66.25;,GPU-a:34359738368;,GPU-a:85899345920;';
		const {points, warnings} = parseCsv(`${verbose}\n${row}\n`, 'out/gpu_2instances.csv');
		const point = first({points});
		expect(warnings).toEqual([]);
		expect(point.client).toEqual({
			throughput: 138.6,
			send: 0.001,
			network: 0.2,
			receive: 0.007,
			percentiles: [
				{percentile: 50, time: 5.001},
				{percentile: 90, time: 5.002},
				{percentile: 95, time: 5.003},
				{percentile: 99, time: 5.004},
			],
			mean: 5.005,
			sendReceive: 0.008,
			responseWait: 5.006,
		});
		expect(point.server).toEqual({
			queue: 0.03,
			computeInput: 0.04,
			computeInfer: 5,
			computeOutput: 0.06,
		});
		expect(point.gpus).toEqual([
			{
				uuid: 'GPU-a',
				utilization: 0.453,
				power: 66.25,
				memoryUsed: 34_359_738_368,
				memoryTotal: 85_899_345_920,
			},
			{uuid: 'GPU:b', utilization: 0.5},
		]);
		expect([point.label, point.device, point.instances]).toEqual(['gpu_2instances', 'gpu', 2]);
	});

	it('is put into the order of its loads, lines kept', () => {
		const rows = [
			'4,10,1,1,1,1,1,1,1,1,1,1,1',
			'1,20,1,1,1,1,1,1,1,1,1,1,1',
			'',
			'2,30,1,1,1,1,1,1,1,1,1,1,1,',
		];
		const {points} = parseCsv(`\uFEFF${plain},\r\n${rows.join('\r\n')}`, 'a.csv');
		expect(points.map(({load, sources}) => [load, sources[0]?.line])).toEqual([
			[{kind: 'concurrency', value: 1}, 3],
			[{kind: 'concurrency', value: 2}, 5],
			[{kind: 'concurrency', value: 4}, 2],
		]);
	});

	it('of a request rate may lack the server', () => {
		const text =
			'Request Rate,Inferences/Second,Response Throughput,Client Send,Client Recv,p50 latency\n2.5,9,27,1,2,3';
		const {load, server, client} = first(parseCsv(text, 'a.csv'));
		expect([load, server]).toEqual([{kind: 'request-rate', value: 2.5}, null]);
		expect(client.responseThroughput).toBe(27);
	});

	it('says what it leaves out', () => {
		const text = `${plain},Novelty\n1,2,18446744073709551615,1,1,1,1,1,1,1,1,1,1,9\nnone,1\n`;
		const {points, warnings} = parseCsv(text, 'a.csv');
		expect(warnings.map(({code}) => code)).toEqual(['bad-row', 'unknown-column']);
		expect(warnings[0]?.message).toContain('line 3');
		const point = first({points});
		expect(point.client.send).toBeUndefined();
		expect(point.reasons.map(({code}) => code)).toEqual(['wrapped-number']);
	});

	it.each([
		['fewer cells', '4,66,408,43762,2,98,15552,483,0,52318,75209,7960'],
		['a percentile', '4,66,408,43762,2,98,15552,483,0,52318,75209,79604,952'],
		['a percentile', '4,66,408,43762,2,98,15552,483,0,52318,75209,79604,952\n'],
	])('has no row that was cut: %s', (problem, row) => {
		const {points, warnings} = parseCsv(`${plain}\n1,9,1,1,1,1,1,1,1,2,2,2,2\n${row}`, 'a.csv');
		expect(points.map(({load}) => load)).toEqual([{kind: 'concurrency', value: 1}]);
		expect(warnings.map(({code}) => code)).toEqual(['bad-row']);
		expect(warnings[0]?.message).toContain(problem);
		expect(warnings[0]?.message).toContain('line 3: left out');
	});

	it.each([
		['mean latency', ',6030'],
		['response wait', ',60308,408,598'],
	])('has no row whose %s was cut', (problem, end) => {
		const titles = `${plain},Avg latency${end.length > 6 ? ',request/response,response wait' : ''}`;
		const row = '4,66,408,43762,2,98,15552,483,0,52318,75209,79604,95219';
		const {points, warnings} = parseCsv(`${titles}\n${row}${end}`, 'a.csv');
		expect([points, warnings[1]?.code]).toEqual([[], 'no-measurement']);
		expect(warnings[0]?.message).toContain(problem);
		expect(
			parseCsv(`${titles}\n${row}${end.replace(/\d+$/, '60308')}`, 'a.csv').points,
		).toHaveLength(1);
	});

	it('says where there is a header alone', () => {
		expect(parseCsv(`${plain}\n`, 'a.csv').warnings).toEqual([
			{code: 'no-measurement', message: 'a.csv holds no measurement below its header'},
		]);
	});

	it('is refused where it is another one', () => {
		expect(() => parseCsv('a,b\n1,2\n', 'a.csv')).toThrow(/no CSV of perf_analyzer/);
	});
});

describe('the CSVs of an ensemble', () => {
	const composing = plain.slice(0, plain.indexOf(',p50'));
	const parent = parseCsv(
		`${plain}\n2,7,1,1,1,1,1,1,1,1,1,1,1\n1,8,1,1,1,1,1,1,1,1,1,1,1\n`,
		'd/perf.csv',
	);
	const child = (): ReturnType<typeof parseCsv> =>
		parseCsv(`${composing}\n2,14,0,5,20,1,1,1,0\n1,16,0,6,10,1,1,1,0\n`, 'd/m_v1.perf.csv');

	it('join it', () => {
		const files = new Map([
			['d/m_v1.perf.csv', child()],
			['d/perf.csv', parent],
		]);
		expect([...joinComposing(files)]).toEqual(['d/m_v1.perf.csv']);
		expect(parent.points.flatMap((point) => point.composing)).toEqual(
			[
				{queue: 0.01, overhead: 0.006},
				{queue: 0.02, overhead: 0.005},
			].map((own) => ({
				name: 'm',
				version: '1',
				depth: 1,
				computeInput: 0.001,
				computeInfer: 0.001,
				computeOutput: 0.001,
				...own,
			})),
		);
	});

	it('join what is left of it where it was cut off', () => {
		const text = `${plain}\n2,7,1,1,1,1,1,1,1,1,1,1,1\n1,8,1,1,1`;
		const files = new Map([
			['d/perf.csv', parseCsv(text, 'd/perf.csv')],
			['d/m_v1.perf.csv', child()],
		]);
		expect([...joinComposing(files)]).toEqual(['d/m_v1.perf.csv']);
		const points = files.get('d/perf.csv')?.points ?? [];
		expect(points.map(({load, composing}) => [load, composing[0]?.queue])).toEqual([
			[{kind: 'concurrency', value: 2}, 0.02],
		]);
	});

	it('stay alone where it has other loads', () => {
		const other = parseCsv(`${plain}\n9,7,1,1,1,1,1,1,1,1,1,1,1\n`, 'd/perf.csv');
		const files = new Map([
			['d/perf.csv', other],
			['d/m_v1.perf.csv', child()],
		]);
		expect([...joinComposing(files)]).toEqual([]);
	});

	it('stay alone where it is missing', () => {
		expect([...joinComposing(new Map([['d/m_v1.perf.csv', child()]]))]).toEqual([]);
	});
});
