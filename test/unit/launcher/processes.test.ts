/** The process table, the idle clock, the start lock and the reaper. */

import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {IdleClock} from '../../../launcher/idle-clock.ts';
import {pollUntil} from '../../../launcher/poll.ts';
import {
	isRunning,
	parseProcessStat,
	readProcess,
	type ProcessEntry,
} from '../../../launcher/process-table.ts';
import {acquireStartLock, type LockAttempt} from '../../../launcher/start-lock.ts';
import {StopSwitch} from '../../../launcher/stop-signal.ts';
import {readLogTail} from '../../../launcher/log-tail.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'parts-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

describe('the process table', () => {
	it('reads names with spaces and parentheses', () => {
		const rest = Array.from({length: 20}, (_, index) => String(100 + index)).join(' ');
		expect(parseProcessStat(`42 (a (b) c) S 7 8 9 ${rest}`)).toEqual({
			pid: 42,
			state: 'S',
			parent: 7,
			session: 9,
			cpuTicks: 107 + 108,
			startTicks: 115,
		});
	});

	it('finds this process', () => {
		expect(readProcess(process.pid)).toMatchObject({pid: process.pid, parent: process.ppid});
		expect(isRunning(2 ** 22 + 1)).toBe(false);
	});
});

describe('the idle clock', () => {
	const entry = (cpuTicks: number, state = 'S'): ProcessEntry => ({
		pid: 1,
		parent: 0,
		session: 1,
		state,
		cpuTicks,
		startTicks: 0,
	});

	it('an agent that wakes up now and then is idle', () => {
		const clock = new IdleClock([entry(10)], 0);
		expect(clock.observe([entry(13)], 5000)).toBe(5000);
		expect(clock.observe([entry(16)], 10_000)).toBe(10_000);
	});

	it.each([
		['work', [entry(200)]],
		['the end of one of them', [entry(3)]],
		['waiting for a disk', [entry(10, 'D')]],
	])('%s is not', (_, later) => {
		const clock = new IdleClock([entry(10)], 0);
		expect(clock.observe(later, 5000)).toBe(0);
		expect(
			clock.observe(
				later.map(({cpuTicks}) => entry(cpuTicks)),
				6000,
			),
		).toBe(1000);
	});
});

describe('the start lock', () => {
	const lock = async (stop = new StopSwitch(), waitMs = 60_000): Promise<LockAttempt> =>
		acquireStartLock({stop, waitMs, pollMs: 5, folder});
	const held = async (): Promise<{release(): void}> => {
		const attempt = await lock();
		if (attempt.kind !== 'held') {
			throw new Error(attempt.kind);
		}

		return attempt.lock;
	};

	it('is held by one at a time, and passes on', async () => {
		const first = await held();
		expect(await lock(undefined, 100)).toMatchObject({kind: 'failed'});
		const second = held();
		first.release();
		first.release();
		(await second).release();
	});

	it('is not waited for when the run is stopped', async () => {
		const first = await held();
		const stop = new StopSwitch();
		const second = lock(stop);
		stop.raise();
		expect(await second).toEqual({kind: 'stopped'});
		first.release();
	});

	it('leaves no file', async () => {
		(await held()).release();
		const {readdirSync} = await import('node:fs');
		expect(readdirSync(folder)).toEqual([]);
	});

	it('is let go by a launcher that is killed', async () => {
		const module = pathToFileURL(path.resolve('launcher/start-lock.ts')).href;
		const signals = pathToFileURL(path.resolve('launcher/stop-signal.ts')).href;
		const holder = spawn(
			process.execPath,
			[
				'--import',
				'tsx',
				'--input-type=module',
				'-e',
				`const {acquireStartLock} = await import('${module}');
				const {StopSwitch} = await import('${signals}');
				await acquireStartLock({stop: new StopSwitch(), waitMs: 9999, pollMs: 5, folder: '${folder}'});
				process.stdout.write('held');
				setInterval(() => {}, 1000);`,
			],
			{stdio: ['ignore', 'pipe', 'inherit']},
		);
		await new Promise((resolve) => holder.stdout.once('data', resolve));
		expect(await lock(undefined, 100)).toMatchObject({kind: 'failed'});
		holder.kill('SIGKILL');
		(await held()).release();
	});
});

describe('the reaper', () => {
	it('a launcher that is killed leaves neither processes nor temporary files', async () => {
		const temporary = path.join(folder, 't');
		const out = path.join(folder, 'out');
		mkdirSync(temporary);
		const pidFile = path.join(folder, 'pid');
		const program = path.join(folder, 'program.sh');
		writeFileSync(
			program,
			`#!/bin/sh\ntrap '' TERM INT\necho $$ >${pidFile}\nsleep 1000 & wait\n`,
			{
				mode: 0o755,
			},
		);
		const module = pathToFileURL(path.resolve('test/support/launch.ts')).href;
		const launcher = spawn(
			process.execPath,
			[
				'--import',
				'tsx',
				'--input-type=module',
				'-e',
				`const {launch} = await import('${module}');
				await launch({out: '${out}', temporary: '${temporary}'}, {
					profiler: {kind: 'builtin', reason: 'test'},
					options: {programArgv: ['${program}']},
				});`,
			],
			{stdio: ['ignore', 'inherit', 'inherit']},
		);
		const pid = await pollUntil(
			() => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) || undefined : undefined),
			20,
		);
		expect(isRunning(pid)).toBe(true);
		launcher.kill('SIGKILL');
		const {readdirSync} = await import('node:fs');
		await pollUntil(() => (isRunning(pid) ? undefined : true), 20);
		await pollUntil(() => (readdirSync(temporary).length === 0 ? true : undefined), 20);
	});
});

describe('readLogTail', () => {
	it('keeps the last lines as they were seen', () => {
		const log = path.join(folder, 'log');
		const bar = '\r[1/1] [0%      ] report.nsys-rep\r[1/1] [====100%] report.nsys-rep';
		writeFileSync(log, `${'old\n'.repeat(50)}Generating\n${bar}\nGenerated:\n    /x\n`);
		const lines = readLogTail(log).split('\n');
		expect(lines).toHaveLength(15);
		expect(lines.slice(-4)).toEqual(['old', 'Generating', 'Generated:', '    /x']);
	});

	it('no log: nothing', () => {
		expect(readLogTail(path.join(folder, 'none'))).toBe('');
	});
});
