import {describe, expect, it} from 'vitest';
import {classifyMessage, quoteLine} from '../../../perf-analyzer/messages.ts';
import {parseReport} from '../../../perf-analyzer/report.ts';

/** The message as perf_analyzer says it, its code, and what it means for the point. */
const messages: readonly (readonly [line: string, code: string, effect: string])[] = [
	[
		'Failed to obtain stable measurement within 10 measurement windows for concurrency 4. Please try to increase the --measurement-interval.',
		'unstable',
		'unstable',
	],
	[
		'Failed to obtain stable measurement within 3 measurement windows for concurrency 12. Please try to increase the --measurement-request-count.',
		'unstable',
		'unstable',
	],
	['Failed to obtain stable measurement.', 'unstable', 'unstable'],
	['Measured latency went over the set limit of 20 msec. ', 'over-limit', 'over-limit'],
	[
		'Warning: Request latency is not stabilizing. Please try lowering the request rate.',
		'latency-unstable',
		'doubt',
	],
	[
		'WARNING: Pass contained only one request, so sample latency standard deviation will be infinity (UINT64_MAX).',
		'single-request',
		'doubt',
	],
	[
		'Server average accounted time was larger than client average wait time due to small sample size. Increase the measurement interval with --measurement-interval.',
		'network-clamped',
		'doubt',
	],
	[
		'Failed to maintain requested inference load. Worker thread(s) failed to generate concurrent requests.',
		'worker-failed',
		'failed',
	],
	["Thread [0] had error: Output doesn't match expected output", 'output-mismatch', 'failed'],
	["Thread [0] had error: Output size doesn't match expected size", 'output-mismatch', 'failed'],
	['Thread [3] had error: connection refused', 'worker-error', 'failed'],
	['Failed to retrieve results from inference request.', 'no-answer', 'failed'],
	['error: failed to get model metadata: not found', 'start-failed', 'failed'],
	['error: failed to create concurrency manager: no shape', 'start-failed', 'failed'],
	['error: failed to create request rate manager: no shape', 'start-failed', 'failed'],
	['Unable to connect to Metrics endpoint localhost:8002/metrics', 'metrics-unreachable', 'failed'],
	['Metrics endpoint curling did not succeed.', 'metrics-unreachable', 'failed'],
	["WARNING: Unable to parse 'nv_gpu_utilization' metric.", 'metric-missing', 'doubt'],
	["WARNING: Unable to parse 'nv_gpu_power_usage' metric.", 'metric-missing', 'doubt'],
	["WARNING: Unable to parse 'nv_gpu_memory_used_bytes' metric.", 'metric-missing', 'doubt'],
	["WARNING: Unable to parse 'nv_gpu_memory_total_bytes' metric.", 'metric-missing', 'doubt'],
	[
		'WARNING: Triton metrics endpoint latency (1200ms) is larger than the querying interval (1000ms).',
		'metrics-slow',
		'doubt',
	],
	[
		'WARNING: The maximum attainable concurrency will be limited by max_threads specification.',
		'max-threads',
		'note',
	],
	[
		'WARNING: Overriding max_threads specification to ensure requested load.',
		'max-threads',
		'note',
	],
	['WARNING: Multiple versions of model m are loaded', 'several-versions', 'doubt'],
	[
		'can not specify batch size > 1 as the model does not support batching',
		'batch-size-refused',
		'failed',
	],
	['can not specify batch size > 1 when using a sequence model', 'batch-size-refused', 'failed'],
	['Interrupt signal (2) received.', 'interrupted', 'stopped'],
	['Waiting for in-flight inferences to complete.', 'interrupted', 'stopped'],
	['Received exit signal.', 'interrupted', 'stopped'],
	[
		'[WARNING] Perf Analyzer was not able to keep up with the desired request rate. 5.25% of the requests were delayed. ',
		'rate-not-kept',
		'doubt',
	],
	[
		'[WARNING] Perf Analyzer is not able to keep up with the desired load. The results may not be accurate.',
		'client-bound',
		'doubt',
	],
	[
		'Too many GPUs on system to print out individual Prometheus metrics, use the CSV output feature to see metrics.',
		'gpus-not-printed',
		'note',
	],
	[
		'No valid requests recorded within time interval. Please use a larger time window.',
		'no-requests',
		'failed',
	],
	['Server side statistics compute counts must be the same.', 'server-statistics-differ', 'failed'],
	['terminate called without an active exception', 'aborted', 'failed'],
	["Error: Invalid long option '--help'", 'usage', 'failed'],
	["WARNING: data type 'FP16' is not supported with JSON.", 'export-incomplete', 'note'],
];

describe('messages', () => {
	it.each(messages)('%s', (line, code, effect) => {
		const message = classifyMessage(line.trim());
		expect(message?.warning.code).toBe(code);
		expect(message?.effect).toBe(effect);
		expect(message?.warning.message).toContain(quoteLine(line));
	});

	it.each(messages)('none is lost without a point: %s', (line, code) => {
		const {points, warnings} = parseReport(`something before\n  ${line}\n`, 'stderr.log');
		const codes = [...warnings, ...points.flatMap(({reasons}) => reasons)].map(
			(found) => found.code,
		);
		expect(codes).toContain(code);
	});

	it('name the point that they speak of', () => {
		const [first] = messages;
		expect(classifyMessage(first?.[0] ?? '')?.concurrency).toBe(4);
	});

	it.each(['Client:', '', 'Throughput: 5 infer/sec', 'an error: later in a sentence'])(
		'%s is none',
		(line) => {
			expect(classifyMessage(line)).toBeUndefined();
		},
	);

	it('are quoted in one line, without control characters, and not at any length', () => {
		expect(quoteLine('a\u001b[31mb\u0007')).toBe('a [31mb');
		expect(quoteLine('x'.repeat(1000))).toHaveLength(303);
	});
});

const block = (load: string, throughput: number): string => `${load}
  Client:
    Request count: 100
    Throughput: ${throughput} infer/sec
    p50 latency: 1000 usec
`;

describe('points without a result', () => {
	it('stay, with the reason', () => {
		const {points} = parseReport(
			[
				'*** Measurement Settings ***',
				block('Request concurrency: 1', 10),
				'Request concurrency: 2',
				'  Pass [1] throughput: 18.5 infer/sec. Avg latency: 900 usec (std 30 usec). ',
				'  Pass [2] throughput: 28.5 infer/sec. p95 latency: 700 usec',
				'Request concurrency: 3',
				'Failed to obtain stable measurement within 10 measurement windows for concurrency 2. Please',
				'Measured latency went over the set limit of 20 msec. ',
				'Request concurrency: 4',
			].join('\n'),
			'sweep.log',
		);
		expect(points.map(({status, reasons}) => [status, reasons.map(({code}) => code)])).toEqual([
			['stable', []],
			['unstable', ['unstable']],
			['over-limit', ['over-limit']],
			['failed', ['no-result']],
		]);
		expect(points[1]?.windows).toEqual([
			{throughput: 18.5, mean: 0.9, std: 0.03, percentiles: []},
			{throughput: 28.5, percentiles: [{percentile: 95, time: 0.7}]},
		]);
	});

	it('are known from stderr alone', () => {
		const {points} = parseReport(
			'Failed to obtain stable measurement within 10 measurement windows for concurrency 7. Please\nFailed to obtain stable measurement.\n',
			'stderr.log',
		);
		expect(points.map(({load, status, reasons}) => [load, status, reasons.length])).toEqual([
			[{kind: 'concurrency', value: 7}, 'unstable', 1],
		]);
	});
});
