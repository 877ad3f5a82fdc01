import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {CommonStart, decideStart, type StartState} from '../../../launcher/common-start.ts';
import {StopSwitch} from '../../../launcher/stop-signal.ts';
import {until} from '../../support/command.ts';

const decide = (arrived: number[], ended: number[], more: Partial<StartState> = {}) =>
	decideStart({
		workers: 3,
		arrived: new Set(arrived),
		ended: new Set(ended),
		waitedMs: 0,
		timeoutMs: 1000,
		stopped: false,
		...more,
	});

describe('decideStart', () => {
	it.each([
		['nobody has come', [], [], {}, null],
		['all have ended without coming', [], [0, 1, 2], {}, null],
		['one is missing', [0, 2], [], {}, null],
		['all have come', [0, 1, 2], [], {}, 'together'],
		['all have come, and one has died since', [0, 1, 2], [1], {}, 'together'],
		['the missing one has ended', [0, 2], [1], {}, 'partly'],
		['one has come, one died, one is missing', [0], [1], {}, null],
		['one is missing for too long', [0, 2], [], {waitedMs: 1000}, 'timed-out'],
		['all are there just in time', [0, 1, 2], [], {waitedMs: 2000}, 'together'],
		['the run is being stopped', [0], [], {stopped: true}, 'stopped'],
		['the run is being stopped before anyone came', [], [], {stopped: true}, 'stopped'],
	] as const)('%s', (_name, arrived, ended, more, why) => {
		expect(decide([...arrived], [...ended], more)).toBe(why);
	});
});

describe('CommonStart', () => {
	let root: string;
	beforeEach(() => {
		root = mkdtempSync(path.join(os.tmpdir(), 'common-start-'));
	});
	afterEach(() => {
		rmSync(root, {recursive: true, force: true});
	});

	const open = (timeoutMs = 60_000, stop = new StopSwitch()) => {
		const phases: string[] = [];
		const folder = path.join(root, 'start');
		const start = new CommonStart({
			folder,
			workers: 2,
			timeoutMs,
			stop,
			onPhase: (worker, phase) => phases.push(`${worker} ${phase}`),
		});
		return {
			start,
			phases,
			folder,
			stop,
			arrive: (worker: number) => writeFileSync(start.lineOf(worker).file, ''),
			came: (worker: number) => until(() => phases.includes(`${worker} held`), 'its arrival'),
			go: async () => {
				const file = path.join(folder, 'go');
				await until(() => existsSync(file), 'the word');
				const [at = '', why] = readFileSync(file, 'utf8').trimEnd().split(' ');
				return {at: BigInt(at), why};
			},
		};
	};

	it('says go a little ahead once all have come, and counts their waits', async () => {
		const {start, phases, arrive, came, go} = open();
		using _ = start;
		arrive(1);
		await came(1);
		expect(start.waitedMs(0)).toBe(0);
		const before = process.hrtime.bigint();
		arrive(0);
		const {at, why} = await go();
		expect(why).toBe('together');
		expect(at).toBeGreaterThan(before);
		await until(() => phases.length === 4, 'both going on');
		expect(phases).toEqual(['1 held', '0 held', '1 running', '0 running']);
		const waited = start.waitedMs(1);
		expect(waited).toBeGreaterThan(0);
		expect(start.waitedMs(1)).toBe(waited);
	});

	it('does not wait for who has ended, nor lets one go on that is dead', async () => {
		const {start, phases, arrive, came, go} = open();
		using _ = start;
		arrive(0);
		await came(0);
		start.leave(1);
		expect((await go()).why).toBe('partly');
		await until(() => phases.length === 2, 'the first going on');
		expect(phases).toEqual(['0 held', '0 running']);
	});

	it('has patience for so long from the first arrival', async () => {
		const {start, arrive, go} = open(30);
		using _ = start;
		arrive(0);
		expect((await go()).why).toBe('timed-out');
		expect(start.lineOf(0).timeoutSeconds).toBeGreaterThan(0.03);
	});

	it('lets all go on when the run is stopped', async () => {
		const {start, stop, arrive, came, go} = open();
		using _ = start;
		arrive(0);
		await came(0);
		stop.raise();
		expect((await go()).why).toBe('stopped');
	});

	it('lets all go on where the folder fails it: without it nobody waits', async () => {
		const {start, folder, arrive, came} = open();
		using _ = start;
		arrive(0);
		await came(0);
		rmSync(folder, {recursive: true});
		writeFileSync(folder, 'no folder');
		await until(() => readdirSync(root).length === 0, 'its removal');
	});

	it('says what to do where the folder cannot be made', () => {
		const {start, folder, stop} = open();
		start[Symbol.dispose]();
		expect(
			() => new CommonStart({folder, workers: 2, timeoutMs: 1, stop, onPhase: () => undefined}),
		).toThrow(/cannot meet at their start/);
	});
});
