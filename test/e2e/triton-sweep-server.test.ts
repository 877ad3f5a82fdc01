/** `benchmark triton sweep --server-command`: a real server that lives as long as its sweep, and once more under nsys. */

import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Study} from '../../schemas/study.ts';
import {processesWith, runBenchmark, startBenchmark, until} from '../support/command.ts';
import {noNsys, nsysForTests} from '../support/nsys.ts';
import {canSweep, noTriton, prepareServer, serverCommand} from '../support/triton-server.ts';

const setUp = async () => {
	const {options, port, ...server} = await prepareServer('sweep-server');
	const command = serverCommand(server.repository, port).join(' ');
	return {...server, argv: ['triton', 'sweep', ...options, '--server-command', command]};
};

describe('a server for a sweep', () => {
	if (!canSweep) {
		it('needs a Triton server and perf_analyzer', ({skip}) => skip(noTriton));
		return;
	}

	it('is started, traced afterwards, and gone', async ({skip}) => {
		const nsys = nsysForTests();
		if (nsys === undefined) {
			skip(noNsys);
			return;
		}

		const {out, argv, mark} = await setUp();
		const {exitCode, stderr, stdout} = await runBenchmark([
			...argv,
			...['--trace-server', '--nsys', nsys.path],
		]);
		expect(exitCode, stderr).toBe(0);
		expect(readJsonFile(Study, path.join(out, 'study.json')).points).toHaveLength(1);
		expect(stdout).toMatch(/^echo +\(computing\)/m);
		expect(stderr).toMatch(/the server showed no ranges/);
		const models = readFileSync(path.join(out, 'server/trace/models.csv'), 'utf8');
		expect(models).toMatch(/^echo,\(computing\),[1-9]/m);
		expect(existsSync(path.join(out, 'server/trace/report.nsys-rep'))).toBe(true);
		expect(processesWith(mark)).toEqual([]);
	});

	it('that dies ends the sweep, with its words; what was measured stays', async () => {
		const {repository, out, argv, mark} = await setUp();
		const running = startBenchmark([...argv, '--concurrency', '1:4']);
		await until(() => running.stderr().includes('1/4'), 'the first point', 60_000);
		writeFileSync(path.join(repository, 'echo/1/die'), '');
		const {exitCode, stderr} = await running.ended;
		expect(exitCode, stderr).toBe(3);
		expect(stderr).toMatch(/the server has ended \(signal SIGKILL\)/);
		expect(readJsonFile(Study, path.join(out, 'study.json')).points[0]?.status).toBe('stable');
		expect(processesWith(mark)).toEqual([]);
	});

	it('without the model fails soon, and what cannot be started at once', async () => {
		const {argv, mark} = await setUp();
		const wrong = await runBenchmark([...argv, '-m', 'none']);
		expect(wrong.exitCode, wrong.stderr).toBe(3);
		expect(wrong.stderr).toMatch(/none is not ready; the server does not load none/);
		expect(processesWith(mark)).toEqual([]);
		const missing = await runBenchmark([...argv, '--server-command', '/nowhere/server']);
		expect(missing.exitCode).toBe(3);
		expect(missing.stderr).toMatch(/the server cannot be started \(.*ENOENT/);
	});
});

describe('options of a server', () => {
	it.each([
		[['--trace-server'], /--trace-server has no meaning without --server-command/],
		[['--server-command', 'x {repository}'], /which only instances fills/],
	])('%j', async (more, message) => {
		const {exitCode, stderr} = await runBenchmark(['triton', 'sweep', '-m', 'm', ...more]);
		expect(exitCode).toBe(2);
		expect(stderr).toMatch(message);
	});
});
