/** Marks of one attempt to start that reach into the next. */

import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {startWorker} from '../../../launcher/start-worker.ts';
import {StopSwitch} from '../../../launcher/stop-signal.ts';
import {defaultTimings} from '../../../launcher/timings.ts';
import {endWorkerProcesses} from '../../../launcher/worker-processes.ts';
import {createWorkerScratch} from '../../../launcher/worker-scratch.ts';
import type {WorkerTask} from '../../../launcher/worker-task.ts';

vi.mock(import('../../../launcher/worker-processes.ts'), async (original) => {
	const real = await original();
	return {...real, endWorkerProcesses: vi.fn(real.endWorkerProcesses)};
});

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'start-'));
});
afterEach(() => {
	vi.mocked(endWorkerProcesses).mockClear();
	rmSync(folder, {recursive: true, force: true});
});

/** A nsys that notes each attempt and ends without having run anything. */
const task = (): WorkerTask => ({
	folder,
	scratch: createWorkerScratch(folder, 0),
	token: `test-${process.pid}.0`,
	env: {PATH: '/usr/bin:/bin'},
	argv: ['/bin/sh', '-c', `echo attempt >>${folder}/attempts`],
	profiler: {kind: 'nsys', path: '/bin/sh', version: '2099.1'},
	nsysFolders: [],
	seenPids: new Set(),
	timeoutSeconds: null,
	heldMs: () => 0,
	timings: {...defaultTimings, startMs: 10_000},
	stop: new StopSwitch(),
	onPhase: () => undefined,
});
const attempts = (): number =>
	readFileSync(path.join(folder, 'attempts'), 'utf8').trim().split('\n').length;

it.each(['pid', 'status'])(
	'a %s file of an earlier attempt is not taken for this one’s',
	async (name) => {
		const mine = task();
		for (const mark of [name, 'shim', 'progress']) {
			writeFileSync(path.join(mine.scratch.folder, mark), '1\n');
		}

		expect(await startWorker(mine)).toMatchObject({kind: 'failed', mayRetry: true});
		expect(attempts()).toBe(3);
		for (const mark of [name, 'shim', 'progress']) {
			expect(existsSync(path.join(mine.scratch.folder, mark))).toBe(false);
		}
	},
);

it('a program that ran in the moment before it was ended is not run again', async () => {
	const mine = task();
	const real = vi.mocked(endWorkerProcesses).getMockImplementation();
	vi.mocked(endWorkerProcesses).mockImplementationOnce(async (marks, timings) => {
		writeFileSync(path.join(mine.scratch.folder, 'pid'), '4194305\n');
		return (await real?.(marks, timings)) ?? [];
	});
	expect(await startWorker(mine)).toMatchObject({
		kind: 'failed',
		mayRetry: false,
		message: expect.stringMatching(/started after all.*not started again/) as string,
	});
	expect(attempts()).toBe(1);
});

it('no second attempt beside processes that would not die', async () => {
	vi.mocked(endWorkerProcesses).mockResolvedValueOnce([4_194_305]);
	expect(await startWorker(task())).toMatchObject({kind: 'failed', mayRetry: false});
	expect(attempts()).toBe(1);
});
