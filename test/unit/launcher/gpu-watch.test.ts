/** Watching the GPUs of a launch, over a nvidia-smi that answers as recorded, or does not. */

import {
	appendFileSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {GpuWatch, mergeWatchEnds, type WatchOrder} from '../../../launcher/gpu-watch.ts';
import {pollUntil} from '../../../launcher/poll.ts';
import {StopSwitch} from '../../../launcher/stop-signal.ts';
import {parseGpuSamples} from '../../../schemas/gpu-samples-csv.ts';
import {GpuWatchEnd} from '../../../schemas/gpu-watch.ts';
import {processesWith} from '../../support/command.ts';
import {FakeSmi} from '../../support/fake-smi.ts';
import {h100Pair590} from '../../support/recorded-hopper-gpus.ts';

let folder: string;
let smi: FakeSmi;
let watch: GpuWatch | undefined;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'watch-'));
	smi = new FakeSmi(folder, h100Pair590);
	watch = undefined;
});
afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

const file = (): string => path.join(folder, 'gpu_metrics.csv');
const start = async (order: Partial<WatchOrder> = {}): Promise<GpuWatch> => {
	watch = await GpuWatch.start({
		gpus: ['GPU-aaaaaaaa'],
		migInstances: [],
		busIds: new Map([['GPU-aaaaaaaa', '00000000:65:00.0']]),
		kernelLog: path.join(folder, 'kmsg'),
		intervalMs: 20,
		file: file(),
		stop: new StopSwitch(),
		command: smi.command,
		...order,
	});
	return watch;
};
const readSamples = () =>
	existsSync(file()) ? (parseGpuSamples(readFileSync(file(), 'utf8'))?.samples ?? []) : [];
const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

describe('a watch', () => {
	it('has all samples up to a moment in the file once it is settled, and goes on with that file', async () => {
		smi.goLive();
		for (const launch of [1, 2]) {
			const running = await start();
			const until = nowNs();
			await running.settle('GPU-aaaaaaaa', until);
			const found = readSamples().filter(({gpu}) => gpu === 'GPU-aaaaaaaa');
			expect(found.some(({unixNs}) => unixNs > until)).toBe(true);
			const end = GpuWatchEnd.parse(await running.stop());
			expect(end).toMatchObject({failure: null, fileFailure: null, restarts: 0});
			expect(readSamples().length).toBeGreaterThanOrEqual(launch * 2);
		}

		expect(readFileSync(file(), 'utf8').match(/unix_ns/g)).toHaveLength(2);
	});

	it('does not wait for samples that will not come', async () => {
		smi.loop(1, 'row 2026/07/14 08:12:54.000');
		const running = await start({settleMs: 30});
		await running.settle('GPU-aaaaaaaa', 2n ** 62n);
		smi.loop(2, 'die 1');
		expect(await running.stop()).toMatchObject({failure: null});
	});

	it.each([
		['dies', ['say Segmentation fault', 'die 139'], /exit code 139/],
		['prints garbage and dies', ['say a,b', 'part \\x00', 'die 0'], /exit code 0/],
	])('over one that %s tells so, and makes no file', async (_what, lines, failure) => {
		for (const turn of [1, 2]) {
			smi.loop(turn, ...lines);
		}

		const running = await start();
		await pollUntil(() => (running.isRunning ? undefined : true), 5);
		await running.settle('GPU-aaaaaaaa', 2n ** 62n);
		const end = await running.stop();
		expect(end.failure).toMatch(failure);
		expect(end.samples).toBe(0);
		expect(existsSync(file())).toBe(false);
	});

	it('without a driver tells why', async () => {
		rmSync(smi.command);
		rmSync(smi.folder, {recursive: true});
		smi = new FakeSmi(folder, null);
		const running = await start();
		expect(await running.stop()).toMatchObject({
			samples: 0,
			failure: expect.stringMatching(/couldn't communicate/) as string,
			foreign: null,
		});
	});

	it('leaves an answer that does not come when it is told to stop, and no process', async () => {
		smi.write('hang', '');
		const stop = new StopSwitch();
		const starting = start({stop});
		await pollUntil(() => (processesWith(folder).length > 0 ? true : undefined), 5);
		stop.raise();
		const end = await (await starting).stop();
		expect(end.failure).not.toBeNull();
		await pollUntil(() => (processesWith(folder).length === 0 ? true : undefined), 5);
	});

	it('tells who else computes on its GPUs, each once and without the folder', async () => {
		smi.goLive();
		smi.write(
			'apps',
			[
				'GPU-aaaaaaaa, 11327, /home/someone/memhog, 2566',
				'GPU-bbbbbbbb, 11345, ./gpu_burn, 15690',
				`GPU-aaaaaaaa, ${process.pid}, node, 10`,
				'',
			].join('\n'),
		);
		expect((await (await start()).stop()).foreign).toEqual([
			{gpu: 'GPU-aaaaaaaa', pid: 11327, name: 'memhog', memoryMib: 2566},
		]);
	});

	it('tells the Xids of its GPUs that were logged meanwhile', async () => {
		smi.goLive();
		const log = path.join(folder, 'kmsg');
		const line = (sequence: number, address: string, rest: string): string =>
			`4,${sequence},1000,-;NVRM: Xid (PCI:${address}): ${rest}\n`;
		writeFileSync(log, line(7, '0000:65:00', '31, pid=1, name=before, MMU Fault'));
		const running = await start();
		appendFileSync(
			log,
			line(8, '0000:65:00', '79, pid=2, name=train, GPU has fallen off the bus.'),
		);
		appendFileSync(log, line(9, '0000:66:00', '79, GPU has fallen off the bus.'));
		const {xids} = GpuWatchEnd.parse(await running.stop());
		expect(xids).toEqual([
			{
				gpu: 'GPU-aaaaaaaa',
				xid: 79,
				message: 'pid=2, name=train, GPU has fallen off the bus.',
				at: expect.any(String) as string,
			},
		]);
	});

	it('of whose kernel log nothing can be read knows of no Xids', async () => {
		smi.goLive();
		expect((await (await start()).stop()).xids).toBeNull();
	});

	it('of several launches adds up', () => {
		const other = {gpu: 'GPU-a', pid: 1, name: 'x', memoryMib: null};
		const xid = {gpu: 'GPU-a', xid: 79, message: '', at: '2026-07-14T08:12:54.000Z'};
		const one = {
			samples: 3,
			restarts: 0,
			failure: null,
			words: ['a'],
			fileFailure: null,
			foreign: null,
		};
		const two = {
			samples: 4,
			restarts: 2,
			failure: 'gone',
			words: ['b'],
			fileFailure: 'full',
			foreign: [other],
			xids: [xid],
		};
		expect(mergeWatchEnds(one, two)).toEqual({
			samples: 7,
			restarts: 2,
			failure: 'gone',
			words: ['a', 'b'],
			fileFailure: 'full',
			foreign: [other],
			xids: [xid],
		});
		expect(mergeWatchEnds(one, {...one, xids: null}).xids).toBeNull();
		expect(mergeWatchEnds({...one, xids: []}, {...one, xids: null}).xids).toBeNull();
		expect(mergeWatchEnds({...one, xids: []}, {...one, xids: []}).xids).toEqual([]);
		expect(mergeWatchEnds(two, {...one, foreign: [other]}).foreign).toEqual([other]);
	});
});
