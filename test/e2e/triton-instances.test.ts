/** `benchmark triton instances` as a user calls it: a real server for each number of instances, a real perf_analyzer. */

import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Study} from '../../schemas/study.ts';
import {processesWith, runBenchmark, startBenchmark, until} from '../support/command.ts';
import {
	canSweep,
	echoConfig,
	noTriton,
	prepareServer,
	serverCommand,
} from '../support/triton-server.ts';

const setUp = async () => {
	const {options, port, ...server} = await prepareServer('instances');
	const argv = [
		...['triton', 'instances', ...options, '--instances-of', 'echo', '--instances', '1,2'],
		...['--repository', server.repository],
		...['--server-command', serverCommand('{repository}', port).join(' ')],
	];
	return {...server, argv};
};

describe('benchmark triton instances', () => {
	if (!canSweep) {
		it('needs a Triton server and perf_analyzer', ({skip}) => skip(noTriton));
		return;
	}

	it('measures each number of instances once, and leaves models and machine alone', async () => {
		const {repository, out, argv, mark} = await setUp();
		const first = await runBenchmark(argv);
		expect(first.exitCode, first.stderr).toBe(0);
		const {points} = readJsonFile(Study, path.join(out, 'study.json'));
		expect(points.map(({label, instances, device}) => [label, instances, device])).toEqual([
			['both, 1 instance of echo (cpu)', 1, 'cpu'],
			['both, 2 instances of echo (cpu)', 2, 'cpu'],
		]);
		expect(points.every(({client}) => (client.throughput ?? 0) > 0)).toBe(true);
		const [file] = points[0]?.sources.map((source) => source.file) ?? [];
		expect(existsSync(path.join(out, file ?? 'none'))).toBe(true);
		expect(readFileSync(path.join(repository, 'echo/config.pbtxt'), 'utf8')).toBe(echoConfig);
		expect(processesWith(mark)).toEqual([]);
		const again = await runBenchmark(argv);
		expect(again.stderr.match(/measured already/g)).toHaveLength(2);
		expect(again.exitCode).toBe(0);
	});

	it('goes on with the other numbers where a server dies, and says what it said', async () => {
		const {repository, out, argv, mark} = await setUp();
		const running = startBenchmark(argv);
		await until(() => running.stderr().includes('1/2 both'), 'the first number', 60_000);
		await until(() => existsSync(path.join(out, 'both_echo_cpu_1instances')), 'its sweep', 60_000);
		// The model kills its server at its next request; the file is gone before the next server starts.
		const [copy] = processesWith(mark).flatMap((line) => /\/\S+\/models-\S+/.exec(line) ?? []);
		writeFileSync(path.join(copy ?? '', 'echo/1/die'), '');
		const {exitCode, stderr} = await running.ended;
		expect(stderr).toContain('failed: the server has ended (signal SIGKILL)');
		expect(exitCode).toBe(3);
		const {points, warnings} = readJsonFile(Study, path.join(out, 'study.json'));
		expect(warnings.map(({code}) => code)).toEqual(['variant-failed']);
		expect(points.at(-1)).toMatchObject({instances: 2, status: 'stable'});
		expect(existsSync(path.join(repository, 'echo/1/die'))).toBe(false);
	});

	it('leaves no server behind when it is killed, and goes on when it is called again', async () => {
		const {out, argv, mark} = await setUp();
		const running = startBenchmark(argv);
		await until(() => existsSync(path.join(out, 'both_echo_cpu_1instances')), 'a sweep', 60_000);
		expect(processesWith(mark)).not.toEqual([]);
		running.child.kill('SIGKILL');
		await running.ended;
		await until(() => processesWith(mark).length === 0, 'the end of the server');
		const again = await runBenchmark(argv);
		expect(again.exitCode, again.stderr).toBe(0);
		expect(readJsonFile(Study, path.join(out, 'study.json')).points).toHaveLength(2);
	});

	it('ends the server when it is interrupted', async () => {
		const {out, argv, mark} = await setUp();
		const running = startBenchmark(argv);
		await until(() => existsSync(path.join(out, 'server')), 'a server', 60_000);
		running.child.kill('SIGINT');
		const {exitCode, stderr} = await running.ended;
		expect(exitCode, stderr).toBe(130);
		expect(processesWith(mark)).toEqual([]);
	});
});
