/** Exports and imports that are stopped, hang, or share our terminal. */

import {spawn} from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ToolError} from '../../../base/errors.ts';
import {exportReport} from '../../../launcher/export-report.ts';
import {pollUntil} from '../../../launcher/poll.ts';
import {isRunning, readProcess} from '../../../launcher/process-table.ts';
import {rescueReport, type Rescue} from '../../../launcher/rescue-report.ts';
import {runTool} from '../../../launcher/run-tool.ts';
import {StopSwitch} from '../../../launcher/stop-signal.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'tool-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const file = (name: string): string => path.join(folder, name);
const script = (name: string, text: string): string => {
	mkdirSync(path.dirname(file(name)), {recursive: true});
	writeFileSync(file(name), `#!/bin/sh\n${text}\n`, {mode: 0o755});
	return file(name);
};
/** Of the tool and of its child; once both run. */
const readPids = async (): Promise<readonly number[]> =>
	pollUntil(() => {
		const pids = ['tool', 'child'].map((name) =>
			existsSync(file(name)) ? Number(readFileSync(file(name), 'utf8')) : 0,
		);
		return pids.includes(0) ? undefined : pids;
	}, 10);
const sleeper = (name = 'nsys'): string =>
	script(name, `sleep 1000 & echo $! >${file('child')}; echo $$ >${file('tool')}; wait`);
const expectGone = async (pids: readonly number[]): Promise<void> => {
	await pollUntil(() => (pids.some((pid) => isRunning(pid)) ? undefined : true), 10);
};

describe('exportReport', () => {
	const startExport = (
		nsys: string,
		order: {stop?: StopSwitch; hangMs?: number},
	): Promise<unknown> => {
		writeFileSync(file('x.nsys-rep'), 'Report 2099@1@1@1 [END]');
		return exportReport({
			nsys,
			report: file('x.nsys-rep'),
			destination: file('x.sqlite'),
			...order,
		}).catch((error: unknown) => error);
	};

	const expectNothingLeft = (): void => {
		expect(readdirSync(folder).filter((name) => name.includes('sqlite'))).toEqual([]);
	};

	it('goes on when stopped gently, and ends with its children when stopped at once', async () => {
		const stop = new StopSwitch();
		const exporting = startExport(sleeper(), {stop});
		const pids = await readPids();
		stop.raise('SIGINT');
		expect(pids.map((pid) => isRunning(pid))).toEqual([true, true]);
		stop.raise('SIGINT');
		const error = await exporting;
		expect(error).toBeInstanceOf(ToolError);
		expect((error as ToolError).message).toMatch(/export of .*x\.nsys-rep was stopped/);
		await expectGone(pids);
		expectNothingLeft();
	});

	it('does not begin once stopped at once', async () => {
		const stop = new StopSwitch();
		stop.raise();
		stop.raise();
		expect(await startExport(sleeper(), {stop})).toBeInstanceOf(ToolError);
		expect(existsSync(file('tool'))).toBe(false);
	});

	it('that does nothing is ended, with or without a stop', async () => {
		for (const stop of [undefined, new StopSwitch()]) {
			const error = await startExport(sleeper(), {hangMs: 200, ...(stop && {stop})});
			expect(error).toBeInstanceOf(ToolError);
			expect((error as ToolError).message).toMatch(/nsys hung .* did nothing for 0\.2 s/);
			await expectGone(await readPids());
			expectNothingLeft();
		}
	});
});

describe('runTool', () => {
	it('lets a tool that computes take its time', async () => {
		const busy = `const end = Date.now() + 1500; while (Date.now() < end); console.log('made')`;
		expect(
			await runTool({argv: [process.execPath, '-e', busy], stop: new StopSwitch(), hangMs: 500}),
		).toEqual({
			intervention: null,
			failed: false,
			ending: 'exit code 0',
			words: 'made',
		});
	});

	it('is out of reach of the terminal where a stop decides, within it otherwise', async () => {
		const ours = readProcess(process.pid)?.session;
		for (const stop of [undefined, new StopSwitch()]) {
			const running = runTool({argv: [sleeper()], stop});
			const pids = await readPids();
			expect(readProcess(pids[0] ?? 0)?.session === ours).toBe(stop === undefined);
			pids.forEach((pid) => process.kill(pid, 'SIGKILL'));
			expect(await running).toMatchObject({intervention: null, failed: true});
			rmSync(file('tool'));
		}
	});

	it('ends with us when we exit', async () => {
		const module = (name: string): string =>
			pathToFileURL(path.resolve(`launcher/${name}.ts`)).href;
		const launcher = spawn(
			process.execPath,
			[
				...['--import', 'tsx', '--input-type=module', '-e'],
				`const {runTool} = await import('${module('run-tool')}');
				const {StopSwitch} = await import('${module('stop-signal')}');
				process.on('SIGTERM', () => process.exit(1));
				await runTool({argv: ['${sleeper()}'], stop: new StopSwitch()});`,
			],
			{stdio: ['ignore', 'inherit', 'inherit']},
		);
		const pids = await readPids();
		launcher.kill('SIGTERM');
		await expectGone(pids);
	});

	it('that cannot be executed says why', async () => {
		expect(await runTool({argv: [file('none')]})).toMatchObject({
			failed: true,
			ending: expect.stringContaining('ENOENT') as string,
		});
	});
});

describe('rescueReport', () => {
	const rescue = async (importer: string, stop: StopSwitch, hangMs: number): Promise<Rescue> => {
		const nsys = script('v/target-linux-x64/nsys', '');
		mkdirSync(file('v/host-linux-x64'));
		script('v/host-linux-x64/QdstrmImporter', importer);
		writeFileSync(file('report.qdstrm'), 'streamed');
		return rescueReport({nsys, folder, temporary: file('t'), token: 'a.0', stop, hangMs});
	};

	const half = (): string =>
		`echo half >${file('report.nsys-rep')}; echo $$ >${file('child')}; echo $$ >${file('tool')}; sleep 1000`;

	it('stopped at once: keeps what was recorded, and no half report', async () => {
		const stop = new StopSwitch();
		const rescuing = rescue(half(), stop, 60_000);
		await readPids();
		stop.raise();
		stop.raise();
		expect(await rescuing).toEqual({kind: 'failed', message: 'the import was stopped'});
		expect(existsSync(file('report.qdstrm'))).toBe(true);
		expect(existsSync(file('report.nsys-rep'))).toBe(false);
	});

	it('that does nothing is ended', async () => {
		expect(await rescue(half(), new StopSwitch(), 200)).toEqual({
			kind: 'failed',
			message: 'the import did nothing for 0.2 s and was ended',
		});
		expect(existsSync(file('report.nsys-rep'))).toBe(false);
	});

	it('carries the worker’s token, for the reaper', async () => {
		expect(await rescue(`env >${file('report.nsys-rep')}`, new StopSwitch(), 60_000)).toEqual({
			kind: 'rescued',
		});
		expect(readFileSync(file('report.nsys-rep'), 'utf8')).toMatch(/=a\.0$/m);
		expect(existsSync(file('report.qdstrm'))).toBe(false);
	});
});
