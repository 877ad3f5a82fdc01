/** The launcher over the real nsys: what programs do, and what is left afterwards. */

import {statSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {checkNsys} from '../../launcher/check-nsys.ts';
import {exportReport} from '../../launcher/export-report.ts';
import type {RunOptions} from '../../launcher/plan.ts';
import {StopSwitch} from '../../launcher/stop-signal.ts';
import type {Timings} from '../../launcher/timings.ts';
import {launch, LaunchFolder, leftovers, nothingLeft, type Launched} from '../support/launch.ts';
import {noNsys, nsysForTests} from '../support/nsys.ts';

const nsys = nsysForTests();
const timings: Partial<Timings> = {graceMs: 500, survivorMs: 1000, idlePollMs: 100};

let folder: LaunchFolder;
beforeEach((context) => {
	folder = new LaunchFolder();
	context.skip(nsys === undefined, noNsys);
});
afterEach(() => {
	try {
		expect(leftovers(folder)).toEqual(nothingLeft);
	} finally {
		folder[Symbol.dispose]();
	}
});

const profiler = {kind: 'nsys', path: nsys?.path ?? '', version: nsys?.version ?? ''} as const;

const launchShell = async (
	text: string,
	options: Partial<RunOptions> = {},
	more: {stop?: StopSwitch; onRunning?: () => void} = {},
): Promise<Launched> =>
	launch(folder, {
		profiler,
		timings,
		options: {programArgv: [folder.script('program.sh', `#!/bin/sh\n${text}\n`)], ...options},
		...(more.stop === undefined ? {} : {stop: more.stop}),
		onPhase: (_, phase) => {
			if (phase === 'running') {
				more.onRunning?.();
			}
		},
	});

/** Raises the switch once the program has said that it is ready. */
const raiseWhenReady = (stop: StopSwitch, times: number): (() => void) => {
	let waiting = false;
	return () => {
		if (waiting) {
			return;
		}

		waiting = true;
		const timer = setInterval(() => {
			if (folder.has('proc_0_gpu_0/stdout.log') && folder.read('proc_0_gpu_0/stdout.log') !== '') {
				clearInterval(timer);
				for (let time = 0; time < times; time++) {
					stop.raise('SIGINT');
				}
			}
		}, 20);
	};
};

const exportOf = async (worker: string): Promise<string> => {
	const destination = path.join(folder.root, 'export.sqlite');
	await exportReport({
		nsys: profiler.path,
		report: path.join(folder.out, worker, 'report.nsys-rep'),
		destination,
	});
	return destination;
};

describe('programs under nsys', () => {
	it('two processes: both complete, and both reports export', async () => {
		const {outcomes} = await launchShell('sleep 0.2', {processesPerGpu: 2});
		expect([...outcomes.values()].map(({kind}) => kind)).toEqual(['completed', 'completed']);
		for (const worker of outcomes.keys()) {
			expect(statSync(await exportOf(worker)).size).toBeGreaterThan(4096);
		}
	});

	it('gives each worker its own environment and the user its umask back', async () => {
		await launchShell(
			'echo "$CUDA_VISIBLE_DEVICES $BENCHMARK_PY $BENCHMARK_PROCESS $BENCHMARK_GPU"; [ -d "$TMPDIR" ] && umask',
			{processesPerGpu: 2},
		);
		const umask = `0${process.umask(0o22).toString(8).padStart(3, '0')}`;
		process.umask(Number.parseInt(umask, 8));
		expect(folder.read('proc_0_gpu_0/stdout.log')).toBe(`0 1 0 0\n${umask}\n`);
		expect(folder.read('proc_1_gpu_0/stdout.log')).toBe(`0 1 1 0\n${umask}\n`);
	});

	it('a folder with % and spaces in its name', async () => {
		const {outcome} = await launchShell('true', {});
		expect(outcome.kind).toBe('completed');
		using odd = new LaunchFolder();
		const strange = await launch(Object.assign(odd, {out: path.join(odd.root, 'a %h b%q{HOME}')}), {
			profiler,
			timings,
			options: {},
		});
		expect(strange.outcome.kind).toBe('completed');
	});

	it('exits 3: failed, with its last words, and the report is kept', async () => {
		const {outcome} = await launchShell('echo "no such model" >&2; exit 3');
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'program-exit',
			exitCode: 3,
			signal: null,
			tail: 'no such model',
			report: 'report.nsys-rep',
		});
		await exportOf('proc_0_gpu_0');
	});

	it.each(['SEGV', 'KILL', 'TERM', 'INT'])('killed by SIG%s: the signal is told', async (name) => {
		const {outcome} = await launchShell(`kill -${name} $$; sleep 5`);
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'program-signal',
			exitCode: null,
			signal: `SIG${name}`,
			report: 'report.nsys-rep',
		});
	});

	it('a bad interpreter: the program was not started', async () => {
		const script = folder.script('bad.sh', '#!/no/such/interpreter\n');
		const {outcome} = await launch(folder, {profiler, timings, options: {programArgv: [script]}});
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'program-not-started',
			tail: expect.stringContaining('bad.sh') as string,
		});
	});

	it('hangs past its timeout: ended, and the report is kept', async () => {
		const {outcome} = await launchShell('sleep 1000', {timeoutSeconds: 0.5});
		expect(outcome).toMatchObject({kind: 'timed-out', report: 'report.nsys-rep'});
		await exportOf('proc_0_gpu_0');
	});

	it('ignores SIGTERM: killed', async () => {
		const {outcome} = await launchShell("trap '' TERM; while :; do sleep 0.1; done", {
			timeoutSeconds: 0.5,
		});
		expect(outcome).toMatchObject({kind: 'timed-out', report: 'report.nsys-rep'});
	});

	it('leaves grandchildren that only sleep, also with an emptied environment: ended', async () => {
		const {outcome} = await launchShell(
			'sleep 1000 & env -i sleep 1000 & setsid sleep 1000 & exit 0',
		);
		expect(outcome).toMatchObject({kind: 'completed', report: 'report.nsys-rep'});
	});

	it('prints 100 MB: nsys carries none of it', async () => {
		const {outcome} = await launchShell('yes 0123456789abcdef | head -c 100000000');
		expect(outcome.kind).toBe('completed');
		expect(statSync(path.join(folder.out, 'proc_0_gpu_0/stdout.log')).size).toBe(100_000_000);
		expect(statSync(path.join(folder.out, 'proc_0_gpu_0/nsys.log')).size).toBeLessThan(20_000);
	});

	it('an argument that nsys refuses: its words, and no second attempt', async () => {
		const {outcome} = await launchShell('true', {nsysArguments: ['--no-such-option']});
		expect(outcome).toMatchObject({
			kind: 'failed',
			reason: 'profiler-not-started',
			message: 'The profiler refused its arguments.',
			tail: expect.stringContaining('no-such-option') as string,
		});
	});

	it('the user may ask for sampling, which we leave out', async () => {
		const {outcome} = await launchShell('sleep 0.2', {nsysArguments: ['--sample=process-tree']});
		expect(outcome.kind).toBe('completed');
	});
});

describe('stopping under nsys', () => {
	it('once: the program gets the signal, its report is kept', async () => {
		const stop = new StopSwitch();
		const {outcome} = await launchShell(
			"trap 'echo got INT; exit 0' INT; echo ready; while :; do sleep 0.1; done",
			{},
			{stop, onRunning: raiseWhenReady(stop, 1)},
		);
		expect(outcome).toMatchObject({kind: 'cancelled', report: 'report.nsys-rep'});
		expect(folder.read('proc_0_gpu_0/stdout.log')).toBe('ready\ngot INT\n');
		await exportOf('proc_0_gpu_0');
	});

	it('once, and it does not listen: killed after the grace, its report is kept', async () => {
		const stop = new StopSwitch();
		const {outcome} = await launchShell(
			"trap '' INT; echo ready; while :; do sleep 0.1; done",
			{},
			{stop, onRunning: raiseWhenReady(stop, 1)},
		);
		expect(outcome).toMatchObject({kind: 'cancelled', report: 'report.nsys-rep'});
	});

	it('twice: everything ends at once', async () => {
		const stop = new StopSwitch();
		const {outcomes} = await launchShell(
			"trap '' INT TERM; setsid sleep 1000 & echo ready; while :; do sleep 0.1; done",
			{processesPerGpu: 2},
			{stop, onRunning: raiseWhenReady(stop, 2)},
		);
		expect(outcomes.get('proc_0_gpu_0')).toMatchObject({kind: 'cancelled', report: null});
		expect(['cancelled', 'skipped']).toContain(outcomes.get('proc_1_gpu_0')?.kind);
	});
});

describe('doctor', () => {
	it('sees that this nsys works', async () => {
		expect(await checkNsys(profiler.path)).toMatchObject({works: true});
	});

	it('says which step failed: a nsys alone, without its importer', async () => {
		// A copy of the target side only, as a machine with Nsight Compute alone has it.
		const {cpSync, realpathSync} = await import('node:fs');
		const target = path.dirname(realpathSync(profiler.path));
		const copy = path.join(folder.root, path.basename(target));
		cpSync(target, copy, {recursive: true});
		expect(await checkNsys(path.join(copy, 'nsys'))).toMatchObject({
			works: false,
			step: 'import',
			next: expect.stringContaining('npm run nsys') as string,
		});
	});
});
