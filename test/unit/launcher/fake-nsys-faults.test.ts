/** Faults of nsys that the real one shows only by bad luck, played by test/support/fake-nsys.sh. */

import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {StopSwitch} from '../../../launcher/stop-signal.ts';
import type {Timings} from '../../../launcher/timings.ts';
import type {RunOptions} from '../../../launcher/plan.ts';
import {launch, LaunchFolder, leftovers, nothingLeft, type Launched} from '../../support/launch.ts';

const fake = path.resolve(import.meta.dirname, '../../support/fake-nsys.sh');
const profiler = {kind: 'nsys', path: fake, version: '2099.1'} as const;
const timings: Partial<Timings> = {
	pollMs: 10,
	idlePollMs: 20,
	startMs: 300,
	graceMs: 300,
	survivorMs: 300,
	hangMs: 600,
	patienceMs: 200,
};

let folder: LaunchFolder;
beforeEach(() => {
	folder = new LaunchFolder();
});
afterEach(() => {
	try {
		expect(leftovers(folder)).toEqual(nothingLeft);
	} finally {
		folder[Symbol.dispose]();
	}
});

const launchUnder = async (
	fault: string,
	options: Partial<RunOptions> = {},
	env: Readonly<Record<string, string>> = {},
): Promise<Launched> =>
	launch(folder, {profiler, timings, options, env: {FAKE_NSYS: fault, ...env}});

/** A program that leaves a line each time it runs. */
const counted = (): string => folder.script('program.sh', `#!/bin/sh\necho ran\nexit 0\n`);

describe('a good nsys', () => {
	it('completes, through all phases in order', async () => {
		const {outcome, phases} = await launchUnder('', {programArgv: [counted()]});
		expect(outcome).toMatchObject({kind: 'completed', report: 'report.nsys-rep'});
		expect(phases).toEqual(
			['waiting', 'starting', 'running', 'finishing', 'ended'].map((p) => `proc_0_gpu_0 ${p}`),
		);
		expect(folder.read('proc_0_gpu_0/stdout.log')).toBe('ran\n');
	});

	it('lets go of the start lock once the program runs: both run at the same time', async () => {
		const meet = folder.script(
			'meet.sh',
			`#!/bin/sh
touch ${folder.root}/here-$BENCHMARK_PROCESS
while [ ! -e ${folder.root}/here-$((1 - BENCHMARK_PROCESS)) ]; do sleep 0.02; done
`,
		);
		const {outcomes} = await launchUnder('', {programArgv: [meet], processesPerGpu: 2});
		expect([...outcomes.values()].map(({kind}) => kind)).toEqual(['completed', 'completed']);
	});

	it('tells the batches that the program counts', async () => {
		const counting = folder.script(
			'batches.sh',
			`#!/bin/sh\nfor n in 1 2 3; do printf %010d $n >"$BENCHMARK_PROGRESS"; sleep 0.1; done\n`,
		);
		const {batches} = await launchUnder('', {programArgv: [counting]});
		expect(new Set(batches)).toEqual(new Set([1, 2, 3]));
	});

	it('runs repeats one after another', async () => {
		const alone = folder.script(
			'alone.sh',
			`#!/bin/sh\nmkdir ${folder.root}/only || exit 9\nsleep 0.1\nrmdir ${folder.root}/only\n`,
		);
		const {outcomes} = await launchUnder('', {programArgv: [alone], repeats: 3});
		expect([...outcomes.keys()]).toEqual([0, 1, 2].map((n) => `repeat_${n}/proc_0_gpu_0`));
		expect([...outcomes.values()].map(({kind}) => kind)).toEqual(Array(3).fill('completed'));
	});
});

describe('a nsys that does not start the program', () => {
	it.each(['crash-at-start', 'agent-lost'])('%s: fails after three attempts', async (fault) => {
		const {outcome} = await launchUnder(fault, {programArgv: [counted()]});
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'profiler-not-started',
			report: null,
			next: expect.stringContaining('benchmark doctor') as string,
		});
		expect(folder.has('proc_0_gpu_0/stdout.log')).toBe(false);
		const words = folder.read('proc_0_gpu_0/nsys.log');
		expect(words.match(/Agent launcher failed/g)?.length ?? 0).toBe(
			fault === 'crash-at-start' ? 3 : 0,
		);
	});

	it('agent-lost-once: the second attempt succeeds, and the program has run once', async () => {
		const {outcome} = await launchUnder('agent-lost-once', {programArgv: [counted()]});
		expect(outcome.kind).toBe('completed');
		expect(folder.read('proc_0_gpu_0/stdout.log')).toBe('ran\n');
	});

	it('hang-at-start: the watchdog ends it and its agent', async () => {
		const {outcome} = await launchUnder('hang-at-start');
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'profiler-not-started',
			message: expect.stringContaining('did not start the program within 0.3 s') as string,
		});
	});

	it('bad-arguments: is not tried again', async () => {
		const {outcome} = await launchUnder('bad-arguments');
		expect(outcome).toMatchObject({
			kind: 'failed',
			message: 'The profiler refused its arguments.',
			tail: expect.stringContaining('--nonsense') as string,
		});
		expect(folder.read('proc_0_gpu_0/nsys.log').match(/usage/g)).toHaveLength(1);
	});

	it('a nsys that cannot be executed fails at once', async () => {
		const broken = folder.script('nsys', '#!/no/such/interpreter\n');
		const {outcome} = await launch(folder, {
			profiler: {...profiler, path: broken},
			timings,
			options: {},
		});
		expect(outcome).toMatchObject({kind: 'failed', reason: 'profiler-not-started'});
	});
});

describe('a nsys that leaves no good report', () => {
	it('hang-at-end: is killed when it does nothing', async () => {
		const {outcome} = await launchUnder('hang-at-end');
		expect(outcome).toMatchObject({kind: 'failed', reason: 'profiler-hung', report: null});
	});

	it('no-importer: the recording is kept and named', async () => {
		const {outcome} = await launchUnder('no-importer');
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'import-failed',
			report: null,
			tail: expect.stringContaining('no QdstrmImporter beside it') as string,
		});
		expect(folder.has('proc_0_gpu_0/report.qdstrm')).toBe(true);
	});

	it.each(['no-report', 'empty-report'])('%s', async (fault) => {
		const {outcome} = await launchUnder(fault);
		expect(outcome).toMatchObject({kind: 'failed', reason: 'no-report', report: null});
	});

	it('disk-full', async () => {
		const {outcome} = await launchUnder('disk-full');
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'disk',
			next: expect.stringContaining('Make room') as string,
		});
	});

	it('die: the program that it leaves behind is ended', async () => {
		const mark = `${folder.root}/running`;
		const program = folder.script('long.sh', `#!/bin/sh\ntouch ${mark}\nsleep 1000\n`);
		const {outcome} = await launchUnder('die', {programArgv: [program]}, {FAKE_NSYS_MARK: mark});
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'profiler-failed',
			message: expect.stringContaining('SIGKILL') as string,
		});
	});
});

describe('stopping', () => {
	it('during the start: the worker is skipped', async () => {
		const stop = new StopSwitch();
		const {outcomes} = await launch(folder, {
			profiler,
			timings: {...timings, startMs: 60_000},
			options: {processesPerGpu: 2},
			env: {FAKE_NSYS: 'hang-at-start'},
			stop,
			onPhase: (_, phase) => {
				if (phase === 'starting') {
					stop.raise('SIGINT');
				}
			},
		});
		expect([...outcomes.values()].map(({kind}) => kind)).toEqual(['skipped', 'skipped']);
	});

	it('between repeats: the rest is skipped', async () => {
		const stop = new StopSwitch();
		const {outcomes} = await launch(folder, {
			profiler,
			timings,
			options: {repeats: 3},
			stop,
			onPhase: (_, phase) => {
				if (phase === 'finishing') {
					stop.raise('SIGTERM');
				}
			},
		});
		expect([...outcomes.values()].map(({kind}) => kind)).toEqual([
			'completed',
			'skipped',
			'skipped',
		]);
	});

	it('twice while nsys hangs at the end', async () => {
		const stop = new StopSwitch();
		const {outcome} = await launch(folder, {
			profiler,
			timings: {...timings, hangMs: 60_000},
			options: {},
			env: {FAKE_NSYS: 'hang-at-end'},
			stop,
			onPhase: (_, phase) => {
				if (phase === 'finishing') {
					stop.raise();
					stop.raise();
				}
			},
		});
		expect(outcome.kind).toBe('failed');
	});
});
