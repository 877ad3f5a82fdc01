/** The real perf_analyzer against the real Triton server of `npm run triton`, which serves the sample. */

import {spawn, type ChildProcess} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parseReport} from '../../perf-analyzer/report.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Study} from '../../schemas/study.ts';
import {SweepManifest} from '../../schemas/sweep.ts';
import {
	processesWith,
	projectRoot,
	runBenchmark,
	temporaryFolder,
	until,
} from '../support/command.ts';
import {findFreePort, hasTriton, noTriton} from '../support/triton-server.ts';

const serve = path.join(projectRoot, 'samples/triton/serve.sh');

interface Served {
	readonly http: string;
	readonly grpc: string;
	readonly metrics: string;
	readonly child: ChildProcess;
	readonly folder: string;
}

const isReady = async (http: string): Promise<boolean> => {
	try {
		return (await fetch(`http://${http}/v2/models/pipeline/ready`)).ok;
	} catch {
		// It is still starting.
		return false;
	}
};

const startServer = async (): Promise<Served> => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'sweep-contract-'));
	const ports = [await findFreePort(), await findFreePort(), await findFreePort()];
	const [http = '', grpc = '', metrics = ''] = ports.map((port) => `127.0.0.1:${port}`);
	const options = ['--http-port', '--grpc-port', '--metrics-port'];
	const child = spawn(
		serve,
		options.flatMap((option, place) => [option, String(ports[place])]),
		{
			stdio: 'ignore',
			env: {...process.env, TMPDIR: folder},
		},
	);
	let ready = false;
	const asked = setInterval(() => void isReady(http).then((is) => (ready ||= is)), 200);
	try {
		await until(() => ready, 'the server', 50_000);
	} finally {
		clearInterval(asked);
	}

	return {http, grpc, metrics, child, folder};
};

const stopServer = async ({child, folder}: Served): Promise<void> => {
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGTERM');
	await ended;
	rmSync(folder, {recursive: true, force: true});
};

describe('a sweep', () => {
	if (!hasTriton) {
		it('needs a Triton server', ({skip}) => skip(noTriton));
		return;
	}

	let server: Served;
	beforeAll(async () => {
		server = await startServer();
	});
	afterAll(() => stopServer(server));

	it('finds the slow step of the sample', {timeout: 240_000}, async () => {
		const out = path.join(temporaryFolder('sweep'), 'out');
		const {exitCode, stdout, stderr} = await runBenchmark([
			...[
				'triton',
				'sweep',
				'-m',
				'pipeline',
				'-u',
				server.http,
				'--concurrency',
				'1:4:x2',
				'-o',
				out,
			],
			// Wide: what runs beside this test is not known.
			...['-p', '600', '-s', '400', '-r', '3', '--slo', 'p99=10s', '--collect-metrics'],
			...['--metrics-url', `${server.metrics}/metrics`],
		]);
		expect(exitCode, stderr).toBe(0);
		expect(stdout).toMatch(/preprocess/);
		const study = readJsonFile(Study, path.join(out, 'study.json'));
		expect(study.points.map(({load}) => load)).toEqual(
			[1, 2, 4].map((value) => ({kind: 'concurrency', value})),
		);
		for (const {client, server: told, composing, status} of study.points) {
			expect(status).toBe('stable');
			expect(client.goodput).toBe(client.throughput);
			expect(told?.queue).toBeGreaterThanOrEqual(0);
			// The CSV has the models' queues in it.
			expect(client.network).toBeUndefined();
			expect(composing.map(({name}) => name).toSorted()).toEqual(['classify', 'preprocess']);
		}

		const [line] = study.answers?.lines ?? [];
		expect(line?.bottleneck?.model).toBe('preprocess');
		expect(processesWith(out)).toEqual([]);
	});

	it(
		'keeps the request export of a model of floats, and says where it is lost',
		{timeout: 120_000},
		async () => {
			const folder = temporaryFolder('sweep');
			const common = [
				'-m',
				'classify',
				'-u',
				server.http,
				'-p',
				'300',
				'-s',
				'900',
				'--slo',
				'p99=9s',
			];
			const kept = path.join(folder, 'kept');
			const first = await runBenchmark(['triton', 'sweep', ...common, '-o', kept]);
			expect(first.exitCode, first.stderr).toBe(0);
			expect(first.stderr).toContain(path.join(kept, 'random-input.json'));
			const [own] = readJsonFile(Study, path.join(kept, 'study.json')).points;
			expect(own?.sources.map(({kind}) => kind)).toContain('export');
			expect(own?.client.goodput).toBe(own?.client.throughput);

			// perf_analyzer's own random data.
			const lost = path.join(folder, 'lost');
			const random = await runBenchmark([
				...['triton', 'sweep', ...common, '--input-data', 'random', '-o', lost],
			]);
			expect(random.exitCode, random.stderr).toBe(0);
			expect(random.stderr).toMatch(
				/1 point: export-lost: .*--input-data zero.*triton input --model classify/,
			);
			const [point] = readJsonFile(Study, path.join(lost, 'study.json')).points;
			expect(point?.reasons.map(({code}) => code)).toContain('export-lost');
			expect(point?.client.goodput).toBeUndefined();
			// The bytes are those of an unseeded rand(): another try would lose it again, and is not made.
			expect(readJsonFile(SweepManifest, path.join(lost, 'sweep.json')).points[0]?.attempts).toBe(
				1,
			);
		},
	);

	it('comes to the numbers that perf_analyzer prints', {timeout: 120_000}, async () => {
		const out = path.join(temporaryFolder('sweep'), 'out');
		const {exitCode, stderr} = await runBenchmark([
			...[
				'triton',
				'sweep',
				'-m',
				'classify',
				'-u',
				server.http,
				'-b',
				'2',
				'-p',
				'500',
				'-s',
				'900',
			],
			...['--concurrency', '3', '-o', out],
		]);
		expect(exitCode, stderr).toBe(0);
		const folder = path.join(out, 'points/concurrency-3_batch-2_http_repeat-1');
		const [printed] = parseReport(
			readFileSync(path.join(folder, 'stdout.log'), 'utf8'),
			'x',
		).points;
		const [own] = readJsonFile(Study, path.join(out, 'study.json')).points;
		expect(own?.client.requestCount).toBe(printed?.client.requestCount);
		// Six digits of a double.
		expect((own?.client.throughput ?? 0) / (printed?.client.throughput ?? 1)).toBeCloseTo(1, 5);
		expect(Math.floor((own?.client.mean ?? 0) * 1000)).toBe(
			Math.round((printed?.client.mean ?? 0) * 1000),
		);
		for (const {percentile, time} of printed?.client.percentiles ?? []) {
			const found = own?.client.percentiles.find((entry) => entry.percentile === percentile);
			expect(Math.floor((found?.time ?? 0) * 1000), `p${percentile}`).toBe(Math.round(time * 1000));
		}
	});

	it('speaks gRPC, through shared memory, at a rate', {timeout: 120_000}, async () => {
		const out = path.join(temporaryFolder('sweep'), 'out');
		const {exitCode, stderr} = await runBenchmark([
			...['triton', 'sweep', '-m', 'classify', '-i', 'gRPC', '-u', server.grpc, '-p', '400'],
			...['--request-rate', '20', '--shared-memory', 'none,system', '-s', '900', '-o', out],
		]);
		expect(exitCode, stderr).toBe(0);
		const {points} = readJsonFile(Study, path.join(out, 'study.json'));
		expect(points.map(({protocol, sharedMemory}) => [protocol, sharedMemory])).toEqual([
			['grpc', 'none'],
			['grpc', 'system'],
		]);
		expect(readdirSync('/dev/shm').filter((name) => /^(?:pixels_|scores)/.test(name))).toEqual([]);
	});

	it("keeps perf_analyzer's words where a point cannot be", {timeout: 60_000}, async () => {
		const out = path.join(temporaryFolder('sweep'), 'out');
		const {exitCode, stderr} = await runBenchmark([
			...['triton', 'sweep', '-m', 'classify', '-u', server.http, '-b', '1,99', '-p', '400'],
			...['-s', '900', '-o', out],
		]);
		expect(exitCode).toBe(3);
		expect(stderr).toMatch(/batch 99 {2}failed {2}.*(?:batch size|batch-size)/);
		const kinds = readJsonFile(SweepManifest, path.join(out, 'sweep.json')).points.map(
			({outcome}) => outcome?.kind,
		);
		expect(kinds).toEqual(['measured', 'failed']);
		expect(
			existsSync(path.join(out, 'points/concurrency-1_batch-99_http_repeat-1/command.sh')),
		).toBe(true);
	});
});
