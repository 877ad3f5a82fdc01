/** Command lines as people write them: what becomes a sweep's own, and what goes to perf_analyzer. */

import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {readSweepRequest, type SweepRequest} from '../../../cli/triton-sweep-options.ts';
import {sweepParser} from '../../../cli/triton-sweep-parser.ts';
import {pointCommand, warmupCommand} from '../../../perf-analyzer/sweep-plan.ts';
import {SweepPlan} from '../../../schemas/sweep.ts';
import {temporaryFolder} from '../../support/command.ts';

const analyzer = {path: '/bin/perf_analyzer', warmup: true, export: true};

const read = (words: readonly string[], cwd = '/nowhere'): SweepRequest => {
	const parser = sweepParser();
	const {request} = readSweepRequest(words, (own) => parser.parseSync([...own]), cwd);
	if (request === undefined) {
		return expect.fail('no request');
	}

	SweepPlan.parse(request.plan);
	return request;
};

const loads = ({plan}: SweepRequest): readonly unknown[] =>
	plan.points.map(({load}) => (load.kind === 'schedule' ? load.kind : load.value));

const commands = ({plan}: SweepRequest): readonly string[] =>
	plan.points.map((point) => pointCommand(plan, point, analyzer).slice(1).join(' '));

describe('the invocations that people have in their notes', () => {
	it('a sweep with GPU metrics, a CSV and a variant in its name', () => {
		const cwd = temporaryFolder('sweep-options');
		writeFileSync(path.join(cwd, 'perf_data.json'), '{}');
		const request = read(
			[
				...['-m', 'traccc-gpu', '--input-data', 'perf_data.json', '--concurrency-range', '1:9:4'],
				...['--verbose-csv', '--collect-metrics', '--measurement-interval', '10000'],
				...['-f', 'gpu_2instances.csv'],
			],
			cwd,
		);
		expect(loads(request)).toEqual([1, 5, 9]);
		expect(request.plan).toMatchObject({label: 'gpu_2instances', device: 'gpu', instances: 2});
		expect(request.csvFile).toBe(path.join(cwd, 'gpu_2instances.csv'));
		expect(request.pointTimeoutMs).toBe(360_000);
		expect(commands(request)[2]).toBe(
			`-m traccc-gpu -i http -b 1 --concurrency-range 9 --input-data ${cwd}/perf_data.json ` +
				'--collect-metrics --measurement-interval 10000 --warmup-request-count 10 -s 100000 -v ' +
				'-f perf.csv --verbose-csv --profile-export-file export.json',
		);
	});

	it('gRPC in capitals, a shape, a range without a step', () => {
		const request = read(
			['perf_analyzer', '-m', 'ensemble', '-u', 'localhost:8001', '-i', 'gRPC'].concat([
				...['--concurrency-range', '1:8', '--shape', 'INPUT:1005970'],
			]),
		);
		expect(loads(request)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		expect(request.plan.urls).toEqual({http: null, grpc: 'localhost:8001'});
		expect(commands(request)[7]).toMatch(
			/^-m ensemble -i grpc -u localhost:8001 -b 1 --concurrency-range 8 --shape INPUT:1005970 --warm/,
		);
	});

	it('nothing but a model', () => {
		const request = read(['-m', 'm']);
		expect(loads(request)).toEqual([1]);
		expect(request.outputFolder).toBe('/nowhere/sweep-m');
	});
});

describe('perf_analyzer spellings', () => {
	it.each([
		[
			['-mm', '-b4', '-p1000'],
			'-m m -i http -b 4 --concurrency-range 1 --measurement-interval 1000',
		],
		[['-m', 'm', '--percentile=95'], '--percentile 95 -s'],
		[['-m', 'm', '-va', '--streaming'], '-b 1 --concurrency-range 1 --async --streaming --warmup'],
		[['-m', 'm', '--measurement-int', '700'], '--measurement-interval 700'],
		[['-m', 'm', '-z', '-H', 'a:b', '-x', '3'], '-z -H a:b -x 3 --warmup'],
		[['-m', 'm', '--input-data', 'zero'], '--input-data zero'],
		[['-m', 'm', '--', '--brand-new', '7', '-b', '2'], '-b 2 --concurrency-range 1 --brand-new 7'],
		[['-m', 'm', '--shape', 'a:1', '--shape', 'b:2,3'], '--shape a:1 --shape b:2,3'],
	])('%j', (words, expected) => {
		const [command = ''] = commands(read(words));
		expect(command).toContain(expected);
	});

	it('sends at least as many requests to warm up as threads wait for them', () => {
		const request = read(['-m', 'm', '--concurrency', '1,64', '--warmup-requests', '3']);
		expect(commands(request)[0]).toContain('--warmup-request-count 3 ');
		expect(commands(request)[1]).toContain('--warmup-request-count 64 ');
		expect(
			commands(read(['-m', 'm', '--request-rate', '5', '--warmup-requests', '1']))[0],
		).toContain('--request-rate-range 5 --warmup-request-count 4 ');
		expect(commands(read(['-m', 'm', '--warmup-requests', '0']))[0]).not.toContain('warmup');
	});

	it('warms up with a short window where perf_analyzer has no such option', () => {
		const {plan} = read(['-m', 'm', '--concurrency', '2', '-p', '9000']);
		const old = {...analyzer, warmup: false, export: false};
		const [point] = plan.points;
		if (point === undefined) {
			return expect.fail('no point');
		}

		expect(pointCommand(plan, point, old).join(' ')).not.toMatch(/warmup|export/);
		expect(warmupCommand(plan, point, old)?.slice(-4)).toEqual(['-p', '1000', '-r', '1']);
		expect(warmupCommand(plan, point, analyzer)).toBeNull();
	});
});

it('varies all of the grid, repeats outermost', () => {
	const {plan} = read([
		...['-m', 'm', '--concurrency', '1,2', '-b', '1,8', '--protocol', 'http,grpc', '--repeat', '2'],
		...['--shared-memory', 'none,system', '-u', 'somewhere'],
	]);
	expect(plan.points).toHaveLength(32);
	expect(new Set(plan.points.map(({folder}) => folder)).size).toBe(32);
	expect(plan.points[0]?.folder).toBe('concurrency-1_batch-1_http_repeat-1');
	expect(plan.points.at(-1)?.folder).toBe('concurrency-2_batch-8_grpc_system_repeat-2');
	expect(plan.points.map(({repeat}) => repeat).indexOf(2)).toBe(16);
	expect(plan.urls).toEqual({http: 'somewhere:8000', grpc: 'somewhere:8001'});
});

it.each([
	[[], /no model/],
	[['-m', 'm', '--concurrency', '1', '--concurrency-range', '2'], /say the same twice/],
	[['-m', 'm', '--concurrency', '1', '--request-rate', '2'], /exclude each other/],
	[['-m', 'm', '--binary-search'], /measures every load/],
	[['-m', 'm', '--profile-export-file', 'x.json'], /keeps a request export/],
	[['-m', 'm', '-c', '8'], /old perf_analyzer/],
	[['-m', 'm', '--input-data', 'nothing.json'], /no such file/],
	[['-m', 'm', '--bogus'], /bogus/],
	[['-m', 'm', 'stray'], /"stray"/],
	[['-m', 'm', '-b'], /-b takes a value/],
	[['-m', 'm', '-p', 'long'], /--measurement-interval takes a number/],
	[['-m', 'm', '--percentile', '100'], /--percentile/],
	[['-m', 'm', '-i', 'ftp'], /"ftp"/],
	[['-m', 'm', '-i', 'http,grpc', '-u', 'host:8000'], /have one each/],
	[['-m', 'm', '--repeat', '0'], /at least 1/],
	[['-m', 'm', '--slo', 'fast'], /no limit of latency/],
	[['-m', 'm', '--resume', '--fresh'], /exclude each other/],
	[['-m', 'm', '--format', 'pdf'], /--format/],
])('refuses %j', (words, message) => {
	expect(() => read(words)).toThrow(message);
});
