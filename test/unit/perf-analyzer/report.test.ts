import {describe, expect, it} from 'vitest';
import type {ParsedPoint} from '../../../perf-analyzer/parsed-file.ts';
import {parseReport} from '../../../perf-analyzer/report.ts';

const only = (text: string, file = 'run.log'): ParsedPoint => {
	const [point, ...more] = parseReport(text, file).points;
	expect(more).toEqual([]);
	return point ?? expect.fail('no point');
};

const settings = `*** Measurement Settings ***
  Batch size: 4
  Service Kind: TRITON_C_API
  Using "time_windows" mode for stabilization
  Stabilizing using p95latency and throughput
  Measurement window: 2000 msec
  Latency limit: 0 msec
  Using uniform distribution on request generation
  Detected decoupled model, using the first response for measuring latency
`;

const fullBlock = `Request Rate: 12.5 inference requests per second
Request Rate: 12.5 inference requests per second
  Pass [1] throughput: 11 infer/sec. Avg latency: 210 usec (std 30 usec). 
  Client: 
    Request count: 1000
    Avg send request rate: 12.25 infer/sec
    [WARNING] Perf Analyzer was not able to keep up with the desired request rate. 5.25% of the requests were delayed. 
    Sequence count: 20 (2.5 seq/sec)
    Throughput: 1.23457e+06 infer/sec
    Response Throughput: 37.5 infer/sec
    Avg client overhead: 45.30%
    Avg latency: 1234 usec (standard deviation 18446744073709551615 usec)
    p50 latency: 1000 usec
    p75 latency: 1100 usec
    p90 latency: 1300 usec
    p95 latency: 1400 usec
    p99 latency: 1500 usec
    Avg gRPC time: 1200 usec (marshal 11 usec + response wait 1180 usec + unmarshal 9 usec)
  Server: 
    Inference count: 4000
    Execution count: 1000
    Cache hit count: 3
    Cache miss count: 7
    Successful request count: 1000
    Avg request latency: 900 usec (overhead 10 usec + queue 20 usec + cache hit/miss 870 usec)
      Average Cache Hit Latency: 40 usec
      Average Cache Miss Latency: 850 usec (cache lookup/insertion 5 usec + compute input 15 usec + compute infer 800 usec + compute output 30 usec)

  Server Prometheus Metrics: 
    Avg GPU Utilization:
      GPU-a:1 : 45.3%
      GPU-b : 7%
    Avg GPU Power Usage:
      GPU-a:1 : 101.25 watts
    Max GPU Memory Usage:
      GPU-b : 34359738368 bytes
    Total GPU Memory:
      GPU-b : 85899345920 bytes
`;

const tail = `
Inferences/Second vs. Client p95 Batch Latency
Request Rate: 12.5, throughput: 1.23457e+06 infer/sec, latency 1400 usec
`;

describe('a block', () => {
	const point = only(settings + fullBlock + tail, 'gpu_2instances.log');

	it('has every number of the client', () => {
		expect(point.client).toEqual({
			requestCount: 1000,
			sendRate: 12.25,
			delayed: 0.0525,
			sequenceCount: 20,
			sequenceRate: 2.5,
			throughput: 1_234_570,
			responseThroughput: 37.5,
			overhead: 0.453,
			mean: 1.234,
			percentiles: [
				{percentile: 50, time: 1},
				{percentile: 75, time: 1.1},
				{percentile: 90, time: 1.3},
				{percentile: 95, time: 1.4},
				{percentile: 99, time: 1.5},
			],
			requestTime: 1.2,
			send: 0.011,
			responseWait: 1.18,
			receive: 0.009,
		});
	});

	it('has every number of the server, of the cache too', () => {
		expect(point.server).toEqual({
			inferenceCount: 4000,
			executionCount: 1000,
			cacheHitCount: 3,
			cacheMissCount: 7,
			successCount: 1000,
			requestTime: 0.9,
			overhead: 0.01,
			queue: 0.02,
			cache: 0.87,
			cacheHit: 0.04,
			cacheMiss: 0.85,
			cacheAccess: 0.005,
			computeInput: 0.015,
			computeInfer: 0.8,
			computeOutput: 0.03,
		});
	});

	it('has the GPUs, whichever metrics each of them has', () => {
		expect(point.gpus).toEqual([
			{uuid: 'GPU-a:1', utilization: 0.453, power: 101.25},
			{uuid: 'GPU-b', utilization: 0.07, memoryUsed: 34_359_738_368, memoryTotal: 85_899_345_920},
		]);
	});

	it('has its settings, and what its file is named for', () => {
		const {load, batchSize, serviceKind, protocol, device, instances, label, sources} = point;
		expect({load, batchSize, serviceKind, protocol, device, instances, label}).toEqual({
			load: {kind: 'request-rate', value: 12.5},
			batchSize: 4,
			serviceKind: 'triton-c-api',
			protocol: 'grpc',
			device: 'gpu',
			instances: 2,
			label: 'gpu_2instances',
		});
		expect(sources).toEqual([{kind: 'report', file: 'gpu_2instances.log', line: 10}]);
	});

	it('says what was wrong with it', () => {
		expect(point.status).toBe('stable');
		expect(point.reasons.map(({code}) => code)).toEqual(['rate-not-kept', 'wrapped-number']);
	});
});

describe('lines in other words', () => {
	const lineOf = (line: string): ParsedPoint['client'] =>
		only(`Request concurrency: 1\n  Client:\n    Request count: 50\n    ${line}\n`).client;

	it.each([
		[
			'Avg HTTP time: 9 usec (send 1 usec + response wait 6 usec + receive 2 usec)',
			{send: 0.001, receive: 0.002},
		],
		['Avg HTTP time: 9 usec (send/recv 3 usec + response wait 6 usec)', {sendReceive: 0.003}],
		[
			'Avg gRPC time: 9 usec ((un)marshal request/response 3 usec + response wait 6 usec)',
			{sendReceive: 0.003},
		],
	])('%s', (line, parts) => {
		expect(lineOf(line)).toEqual({
			requestCount: 50,
			percentiles: [],
			requestTime: 0.009,
			responseWait: 0.006,
			...parts,
		});
	});

	it('are those of older versions too', () => {
		expect(lineOf('99-th percentile latency: 7 usec').percentiles).toEqual([
			{percentile: 99, time: 0.007},
		]);
		expect(lineOf('Delayed Request Count: 5').delayed).toBe(0.1);
		expect(lineOf('Avg latency: 7 usec').mean).toBe(0.007);
		const older = only(
			'Request Rate: 3 inference requests per seconds\n  Client:\n    Request count: 1\n',
		);
		expect(older.load).toEqual({kind: 'request-rate', value: 3});
	});

	it('are a doubt where nobody knows them', () => {
		const {reasons} = only('Request concurrency: 1\n  Client:\n    Avg warp time: 12 usec\n');
		expect(reasons.map(({code}) => code)).toEqual(['unknown-line']);
	});

	it('tell of a server without a request', () => {
		expect(
			only('Request concurrency: 1\n  Client:\n  Server: \n    Request count: 0\n').server,
		).toEqual({
			successCount: 0,
		});
	});

	it('need no load', () => {
		expect(only('  Client:\n    Request count: 3\n').load).toEqual({kind: 'schedule'});
	});
});

const model = (indent: string, name: string, count: number): string =>
	`${indent}${name}, version: 1\n${indent}    Inference count: ${count}\n`;

it('keeps the nesting of ensembles', () => {
	const {composing, server} = only(
		`Request concurrency: 1
  Client:
    Request count: 5
  Server:
    Inference count: 5
    Avg request latency: 30 usec (overhead 4 usec + queue 6 usec + compute 20 usec)

  Composing models:
${model('  ', 'outer', 5)}
    Composing models:
${model('    ', 'inner', 10)}${model('    ', 'other inner', 15)}${model('  ', 'last', 20)}`,
	);
	expect(server).toEqual({
		inferenceCount: 5,
		requestTime: 0.03,
		overhead: 0.004,
		queue: 0.006,
		compute: 0.02,
	});
	expect(composing.map(({name, depth, inferenceCount}) => [name, depth, inferenceCount])).toEqual([
		['outer', 1, 5],
		['inner', 2, 10],
		['other inner', 2, 15],
		['last', 1, 20],
	]);
});

const small = (
	concurrency: number,
	throughput: number,
): string => `Request concurrency: ${concurrency}
  Client:
    Request count: 10
    Throughput: ${throughput} infer/sec
`;

describe('several calls in one text', () => {
	it('are repeats in a log, and variants in Markdown', () => {
		const calls = `${settings}${small(1, 5)}\n${settings}${small(1, 6)}`;
		expect(parseReport(calls, 'a.log').points.map(({label}) => label)).toEqual(['a', 'a']);
		const document = `# Tuning\n\`\`\`\n${calls}\`\`\`\n## Half *precision*\n\`\`\`\n${small(1, 9)}\`\`\`\n`;
		expect(parseReport(document, 'a.md').points.map(({label}) => label)).toEqual([
			'Tuning',
			'Tuning #2',
			'Half precision',
		]);
	});

	it('are named for their models where those differ', () => {
		const call = (name: string): string =>
			`$ /opt/bin/perf_analyzer -i gRPC \\\n  -b 2 \`# a comment\` -m ${name}\n${small(1, 5)}\n`;
		const {points} = parseReport(call('one') + call('two'), 'a.log');
		expect(
			points.map(({label, model: name, batchSize, protocol}) => [label, name, batchSize, protocol]),
		).toEqual([
			['one', 'one', 2, 'grpc'],
			['two', 'two', 2, 'grpc'],
		]);
	});

	it('may be quoted, coloured, or end lines as Windows does', () => {
		const odd = small(3, 5).replaceAll(/^/gm, '> \u001b[32m').replaceAll('\n', '\u001b[0m\r\n');
		expect(only(odd).client).toEqual({requestCount: 10, throughput: 5, percentiles: []});
	});

	it('go on below a comment of a script', () => {
		const {points} = parseReport(`${settings}${small(1, 5)}# next\n${small(2, 6)}`, 'a.log');
		expect(points.map(({batchSize}) => batchSize)).toEqual([4, 4]);
	});

	it('are told apart by their ranks under MPI', () => {
		const [one, two] = [small(1, 5).split('\n'), small(1, 7).split('\n')];
		const mixed = one
			.flatMap((line, place) => [`[1,0]<stdout>:${line}`, `[1,1]<stdout>:${two[place] ?? ''}`])
			.join('\n');
		expect(
			parseReport(mixed, 'a.log').points.map(({label, client}) => [label, client.throughput]),
		).toEqual([
			['a rank 1,0', 5],
			['a rank 1,1', 7],
		]);
	});
});

describe('the table at the end', () => {
	it('adds nothing to blocks that are there, and all else', () => {
		const {points} = parseReport(
			`${small(1, 5)}
Inferences/Second vs. Client p99 Batch Latency
Concurrency: 1, throughput: 5 infer/sec, latency 100 usec
Concurrency: 2, throughput: 8 infer/sec, latency 200 usec
`,
			'a.log',
		);
		expect(points.map(({client, sources}) => [sources[0]?.kind, client])).toEqual([
			['report', {requestCount: 10, throughput: 5, percentiles: []}],
			['summary', {throughput: 8, percentiles: [{percentile: 99, time: 0.2}]}],
		]);
	});
});

describe('numbers that cannot be', () => {
	it('a standard deviation below what the percentiles allow is left out', () => {
		const wrapped = only(
			'Request concurrency: 1\n  Client:\n    Request count: 2000\n    Avg latency: 5000 usec (standard deviation 10 usec)\n    p50 latency: 3000 usec\n    p99 latency: 90000 usec\n',
		);
		expect(wrapped.client.std).toBeUndefined();
		expect(wrapped.reasons.map(({code}) => code)).toEqual(['std-overflow']);
	});

	it('nothing is judged stable where requests were counted', () => {
		const text =
			settings.replace('  Using "time', '  Sending 50 benchmark requests\n  Using "time') +
			small(1, 5);
		const {status, reasons} = only(text);
		expect([status, reasons.map(({code}) => code)]).toEqual(['unknown', ['counted-requests']]);
	});
});
