/** Instances set on a real Triton server: by loading, and by restarting it with a copy of its models. */

import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {ReloadHost} from '../../cli/reload-host.ts';
import {RestartHost} from '../../cli/restart-host.ts';
import {ServerRoom} from '../../launcher/server-process.ts';
import {StopSwitch} from '../../launcher/stop-signal.ts';
import type {InstanceVariant} from '../../perf-analyzer/instance-variant.ts';
import {readServerUrl, ServerClient} from '../../perf-analyzer/server-client.ts';
import {processesWith, temporaryFolder, until} from '../support/command.ts';
import {
	echoConfig,
	findFreePort,
	hasTriton,
	noTriton,
	serverCommand,
	writeModels,
} from '../support/triton-server.ts';

const timeoutMs = 60_000;

const variantOf = (model: string, count: number, kind: 'cpu' | 'gpu' | null): InstanceVariant => ({
	model,
	edited: 'echo',
	request: {count, kind, gpus: []},
	device: kind,
	instances: count,
});

const clientAt = (port: number): ServerClient =>
	new ServerClient(readServerUrl(`127.0.0.1:${port}`, '--http-url'));

const setUp = async () => {
	const folder = temporaryFolder('triton-instances');
	const repository = writeModels(folder);
	const port = await findFreePort();
	return {folder, repository, port, client: clientAt(port), stop: new StopSwitch()};
};

const startServer = async (
	repository: string,
	port: number,
	folder: string,
	...more: string[]
): Promise<void> => {
	const room = new ServerRoom();
	onTestFinished(() => room[Symbol.asyncDispose]());
	const log = path.join(folder, 'given-server.log');
	const server = room.start({argv: serverCommand(repository, port, ...more), log});
	const client = clientAt(port);
	let ready = false;
	void (async () => {
		while (!ready && server.ending === null) {
			ready = await client.isReady();
		}
	})();
	await until(() => ready || server.ending !== null, 'a ready server');
	expect(server.endingText, readFileSync(log, 'utf8')).toBeUndefined();
};

const countAt = async (client: ServerClient): Promise<number | undefined> =>
	(await client.readConfig('echo'))?.model.instance_group[0]?.count;

describe('instances of a real Triton server', () => {
	if (!hasTriton) {
		it('needs a Triton server', ({skip}) => skip(noTriton));
		return;
	}

	it('are loaded, and put back at the end', async () => {
		const {folder, repository, port, client, stop} = await setUp();
		await startServer(repository, port, folder, '--model-control-mode', 'explicit');
		const out = path.join(folder, 'out');
		const host = new ReloadHost({client, timeoutMs, stop, folder: out});
		await host.open(['both'], 'echo');
		expect(host.layoutOf('echo')).toEqual({device: 'cpu', places: 1});
		expect(await host.bring(variantOf('both', 3, null))).toMatchObject({kind: 'ready'});
		expect(await countAt(client)).toBe(3);
		expect(await client.isModelReady('both')).toBe(true);
		// No GPU here: that variant fails in the server's words, and the next one goes on.
		const failed = await host.bring(variantOf('both', 2, 'gpu'));
		expect(failed).toMatchObject({kind: 'failed'});
		expect(failed.kind === 'failed' && failed.error.message).toContain('no GPUs are available');
		expect(await host.bring(variantOf('both', 2, 'cpu'))).toMatchObject({kind: 'ready'});
		expect(existsSync(path.join(out, 'original-echo.json'))).toBe(true);
		expect(await host.close()).toEqual([]);
		expect(existsSync(path.join(out, 'original-echo.json'))).toBe(false);
		// It was not loaded before we came.
		expect(await client.isModelReady('both')).toBe(false);
		expect(readFileSync(path.join(repository, 'echo/config.pbtxt'), 'utf8')).toBe(echoConfig);
	});

	it('are put back by the next call where one was killed', async () => {
		const {folder, repository, port, client, stop} = await setUp();
		const explicit = ['--model-control-mode', 'explicit', '--load-model', 'echo'];
		await startServer(repository, port, folder, ...explicit);
		const options = {client, timeoutMs, stop, folder: path.join(folder, 'out')};
		const killed = new ReloadHost(options);
		await killed.open(['echo'], null);
		expect(await killed.bring(variantOf('echo', 4, null))).toMatchObject({kind: 'ready'});
		const next = new ReloadHost(options);
		await next.open(['echo'], null);
		expect(await next.close()).toEqual([]);
		expect(await countAt(client)).toBe(1);
		expect(await client.isModelReady('echo')).toBe(true);
	});

	it('cannot be loaded where the server allows no loading: what to do is said', async () => {
		const {folder, repository, port, client, stop} = await setUp();
		await startServer(repository, port, folder);
		const host = new ReloadHost({client, timeoutMs, stop, folder: path.join(folder, 'out')});
		await host.open(['echo'], null);
		const brought = await host.bring(variantOf('echo', 2, null));
		expect(brought.kind === 'failed' && brought.error.failure.next).toContain(
			'--model-control-mode explicit',
		);
		await host.close();
		await expect(host.open(['both'], null)).rejects.toThrow('both is an ensemble');
	});

	it('come with a server started for each, which leaves nothing behind', async () => {
		const {folder, repository, port, client, stop} = await setUp();
		const out = path.join(folder, 'out');
		await using room = new ServerRoom();
		const command = serverCommand('{repository}', port);
		const options = {client, command, repository, timeoutMs, stop, folder: out, keepsCopies: false};
		const host = new RestartHost(options, room);
		await host.open();
		expect(await host.bring(variantOf('both', 2, null))).toMatchObject({kind: 'ready'});
		expect(await countAt(client)).toBe(2);
		// The server is taken away: this variant is over, and the next one has its own.
		const [pid] = processesWith(`--http-port\0${port}`).map((line) => Number.parseInt(line, 10));
		process.kill(pid ?? 0, 'SIGKILL');
		await until(() => host.findDeath() !== undefined, 'the death of the server');
		expect(host.findDeath()?.failure).toMatchObject({ending: 'signal SIGKILL'});
		expect(host.findDeath()?.failure.tail).not.toBe('');
		expect(await host.bring(variantOf('echo', 1, 'cpu'))).toMatchObject({kind: 'ready'});
		expect(await host.close()).toEqual([]);
		expect(processesWith(`--http-port\0${port}`)).toEqual([]);
		expect(await client.isLive()).toBe(false);
		expect(readFileSync(path.join(repository, 'echo/config.pbtxt'), 'utf8')).toBe(echoConfig);
		expect(existsSync(path.join(repository, 'echo/1/__pycache__'))).toBe(false);
	});

	it('fail with the end of the log where the server does not start', async () => {
		const {folder, repository, port, client, stop} = await setUp();
		writeFileSync(path.join(repository, 'echo/1/model.py'), 'this is no Python');
		await using room = new ServerRoom();
		const host = new RestartHost(
			{
				...{client, repository, timeoutMs, stop, keepsCopies: false},
				command: serverCommand('{repository}', port),
				folder: path.join(folder, 'out'),
			},
			room,
		);
		const brought = await host.bring(variantOf('echo', 2, null));
		expect(brought.kind === 'failed' && brought.error.failure).toMatchObject({
			ending: 'exit code 1',
		});
		expect(brought.kind === 'failed' && brought.error.failure.tail).toContain('failed to load');
		await host.close();
	});
});
