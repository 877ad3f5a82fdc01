/** GPU clocks around a run, whatever becomes of it. The real command; GPUs behind a fake nvidia-smi, and no real card. */

import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {readJsonFile} from '../../schemas/json-file.ts';
import {Manifest} from '../../schemas/manifest.ts';
import {
	ClockSmi,
	describeWithoutGpu,
	everySetting,
	makeClockGpu,
	processesOf,
	settingsOf,
	startGuarded,
	type ClockGpu,
} from '../support/clock-smi.ts';
import {projectRoot, runBenchmark, temporaryFolder, until} from '../support/command.ts';
import {h100Pair590} from '../support/recorded-hopper-gpus.ts';
import {a100Of470, geforce470, laptop} from '../support/recorded-older-gpus.ts';

const fiveStages = path.join(projectRoot, 'samples/python/five_stages.py');
const program = [fiveStages, '--wait', '-n', '4'];

/** Set lower than it can be, so that what is restored is told from what is usual. */
const loweredA100 = (given: Partial<ClockGpu> = {}): ClockGpu =>
	makeClockGpu(a100Of470, {
		...given,
		values: {
			persistence_mode: 'Disabled',
			'power.limit': '250.00',
			'clocks.applications.graphics': '900',
			...given.values,
		},
	});

interface Bench {
	readonly smi: ClockSmi;
	readonly out: string;
	readonly before: readonly unknown[];
	/** Of our command, without what is run. */
	readonly argv: (...options: readonly string[]) => readonly string[];
	readonly options: {readonly env: Readonly<Record<string, string>>};
}

const makeBench = (...gpus: readonly ClockGpu[]): Bench => {
	const folder = temporaryFolder('clocks');
	const smi = new ClockSmi(folder, gpus);
	const out = path.join(folder, 'out');
	return {
		smi,
		out,
		before: smi.read().map(settingsOf),
		argv: (...options) => ['--profiler', 'builtin', '-o', out, ...options],
		options: {env: {...smi.env, XDG_STATE_HOME: folder}},
	};
};

const expectRestored = ({smi, before}: Bench): void => {
	expect(smi.read().map(settingsOf)).toEqual(before);
	expect(smi.recorded()).toEqual([]);
	expect(processesOf(smi)).toEqual([]);
};

const readClocks = (out: string) => readJsonFile(Manifest, path.join(out, 'run.json')).clocks;

describeWithoutGpu('-m', () => {
	it('sets all before the program starts and restores it after, in the opposite order', async () => {
		const bench = makeBench(loweredA100({autoBoost: 'On', supports: everySetting, slowness: 3}));
		const ended = await runBenchmark(bench.argv('-m', ...program), bench.options);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/-m: set persistence, .* of 1 GPU, graphics clock 1410 MHz/);
		expect(bench.smi.sent()).toEqual([
			...['0 -pm 1', '0 --auto-boost-default=0', '0 -pl 400', '0 -lgc 1410,1410'],
			...['0 -lmc 1215,1215', '0 -ac 1215,1410'],
			...['0 -ac 1215,900', '0 -rmc', '0 -rgc', '0 -pl 250'],
			...['0 --auto-boost-default=1', '0 -pm 0'],
		]);
		expectRestored(bench);
		expect(readClocks(bench.out)).toMatchObject({
			requested: 'maximize',
			gpus: [
				{
					uuid: 'GPU-a1000000',
					before: {persistence: false, powerLimitWatts: 250, autoBoost: true},
					targetMhz: 1410,
					// It was waited for.
					toldMhz: 1410,
				},
			],
		});
		expect(readClocks(bench.out)?.gpus[0]?.commands.map(({outcome}) => outcome)).toEqual(
			Array.from({length: 6}, () => 'done'),
		);
	});

	it('touches only the GPUs that the run uses', async () => {
		const bench = makeBench(makeClockGpu(h100Pair590), makeClockGpu(h100Pair590, {}, 1));
		const ended = await runBenchmark(bench.argv('-m', '-go', '1', ...program), bench.options);
		expect(ended.exitCode).toBe(0);
		expect(bench.smi.sent().length).toBeGreaterThan(0);
		expect(bench.smi.sent().filter((line) => !line.startsWith('1 '))).toEqual([]);
		expectRestored(bench);
	});

	it('restores after a program that fails', async () => {
		const bench = makeBench(loweredA100());
		const ended = await runBenchmark(bench.argv('-m', 'sh', '-c', 'exit 5'), bench.options);
		expect(ended.exitCode).toBe(3);
		expect(bench.smi.sent()).toContain('0 -lgc 1410,1410');
		expectRestored(bench);
	});

	it('skips what a GPU does not have, as a detail', async () => {
		const bench = makeBench(makeClockGpu(geforce470, {supports: ['power', 'graphics']}));
		const argv = bench.argv('-m', '-ll', 'debug', ...program);
		const ended = await runBenchmark(argv, bench.options);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/GPU 0 has no memory-clock: Setting locked Memory clocks is not/);
		expect(ended.stderr).not.toMatch(/warning:.*clock/);
		expect(bench.smi.sent()).toEqual(['0 -pl 350', '0 -lgc 2280,2280', '0 -rgc', '0 -pl 250']);
		expectRestored(bench);
	});

	it('goes on without permission, and says what root has to type', async () => {
		const denies = ['persistence', 'power', 'graphics', 'memory', 'applications'];
		const bench = makeBench(loweredA100({denies}));
		const ended = await runBenchmark(bench.argv('-m', ...program), bench.options);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/warning: .*Insufficient Permissions/);
		expect(ended.stderr).toMatch(/sudo nvidia-smi -i GPU-a1000000 -lgc 1410,1410\n/);
		expect(ended.stderr).toMatch(/after it:\n(.*\n)*.*sudo nvidia-smi -i GPU-a1000000 -rgc\n/);
		expect(bench.smi.sent()).toEqual([]);
		expectRestored(bench);
		const commands = readClocks(bench.out)?.gpus[0]?.commands ?? [];
		expect(new Set(commands.map(({outcome}) => outcome))).toEqual(new Set(['no-permission']));
	});

	it('warns once where there is no GPU, and goes on', async () => {
		const bench = makeBench();
		const ended = await runBenchmark(bench.argv('-m', ...program), bench.options);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr.match(/warning: -m: no GPU is known/g)).toHaveLength(1);
	});

	it('touches nothing where nothing can be recorded', async () => {
		const bench = makeBench(loweredA100());
		writeFileSync(bench.smi.records, 'a file');
		const ended = await runBenchmark(bench.argv('-m', ...program), bench.options);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(/no clocks are set: .*BENCHMARK_CLOCK_RECORDS=/);
		expect(bench.smi.sent()).toEqual([]);
	});

	it('touches nothing for a run whose folder another one has: that one may be measuring on the GPU', async () => {
		const bench = makeBench(loweredA100());
		const first = startGuarded(bench.argv('sleep', '60'), bench.options);
		await until(() => existsSync(path.join(bench.out, 'run.json')), 'the first run');
		const ended = await runBenchmark(bench.argv('-m', ...program), bench.options);
		first.child.kill('SIGINT');
		await first.ended;
		expect(ended.stderr).toContain('is in use by another run');
		expect(ended.exitCode).toBe(2);
		expect(bench.smi.sent()).toEqual([]);
	});

	it.each([
		['first', 0],
		['fourth', 3],
	])('restores after Ctrl-C at its %s command', async (_name, count) => {
		const bench = makeBench(loweredA100({delayMs: 100}));
		const running = startGuarded(bench.argv('-m', 'sleep', '60'), bench.options);
		await until(() => bench.smi.sent().length > count, 'a command');
		running.child.kill('SIGINT');
		const ended = await running.ended;
		expect(ended.exitCode).toBe(130);
		expectRestored(bench);
	});

	it('restores after Ctrl-C while the program runs', async () => {
		const bench = makeBench(loweredA100());
		const running = startGuarded(bench.argv('-m', 'sleep', '60'), bench.options);
		await until(
			() => processesOf(bench.smi).some((line) => /^\d+ \S*sleep 60/.test(line)),
			'the program',
		);
		running.child.kill('SIGINT');
		expect((await running.ended).exitCode).toBe(130);
		expect(bench.smi.sent()).toHaveLength(10);
		expectRestored(bench);
	});
});

describeWithoutGpu('--lock-clocks', () => {
	it('holds once around all repeats', async () => {
		const bench = makeBench(loweredA100());
		const argv = bench.argv('--lock-clocks', 'base', '--repeat', 'auto', '--max-time', '1s');
		const ended = await runBenchmark([...argv, ...program], bench.options);
		expect(ended.exitCode).toBe(0);
		expect(bench.smi.sent()).toEqual(['0 -pm 1', '0 -lgc 1095,1095', '0 -rgc', '0 -pm 0']);
		expect(readClocks(bench.out)?.requested).toBe('base');
		expectRestored(bench);
	});

	it('holds once around both sides of ab', async () => {
		const bench = makeBench(loweredA100());
		const sides = ['--rounds', '3', '--a', program.join(' '), '--b', program.join(' ')];
		const argv = ['ab', ...bench.argv('--lock-clocks', '1200', ...sides)];
		const ended = await runBenchmark(argv, bench.options);
		expect(ended.exitCode).toBe(0);
		expect(bench.smi.sent()).toEqual(['0 -pm 1', '0 -lgc 1200,1200', '0 -rgc', '0 -pm 0']);
		expect(readClocks(path.join(bench.out, 'b'))).toEqual(readClocks(path.join(bench.out, 'a')));
		expectRestored(bench);
	});

	it.each([
		['base', geforce470, /does not tell its base clock[^]*--lock-clocks 1710/],
		['max', laptop, /does not tell its highest clock[^]*--lock-clocks/],
		['9000', a100Of470, /highest clock of GPU 0 .* is 1410/],
	])(
		'%s that a GPU does not have ends it, with earlier results kept',
		async (clock, gpu, words) => {
			const bench = makeBench(makeClockGpu(gpu));
			const first = await runBenchmark(bench.argv(...program), bench.options);
			expect(first.exitCode).toBe(0);
			const ended = await runBenchmark(
				bench.argv('--lock-clocks', clock, ...program),
				bench.options,
			);
			expect(ended.exitCode).toBe(2);
			expect(ended.stderr).toMatch(words);
			expect(bench.smi.sent()).toEqual([]);
			expect(existsSync(path.join(bench.out, 'benchmark_mean.json'))).toBe(true);
			expectRestored(bench);
		},
	);

	it('says that base is the highest clock, where it is', async () => {
		const bench = makeBench(makeClockGpu(h100Pair590));
		const argv = bench.argv('--lock-clocks', 'base', ...program);
		const ended = await runBenchmark(argv, bench.options);
		expect(ended.stderr).toMatch(
			/warning: The base clock that GPU 0 tells is its highest, 1980 MHz/,
		);
		expectRestored(bench);
	});

	it.each([
		[['--lock-clocks', 'fast'], /takes base, max or a number of MHz, not "fast"/],
		[['--lock-clocks', '0'], /not "0"/],
		[['--lock-clocks', '1200,1300'], /not "1200,1300"/],
		[['-m', '--lock-clocks', 'base'], /both set the graphics clock/],
		[['--dry-run'], /neither is given/],
		[['-m', '--dry-run', '--json'], /not JSON/],
	])('refuses %j', async (options, words) => {
		const bench = makeBench(loweredA100());
		const ended = await runBenchmark(bench.argv(...options, 'true'), bench.options);
		expect(ended.exitCode).toBe(2);
		expect(ended.stderr).toMatch(words);
		expect(bench.smi.sent()).toEqual([]);
	});
});

describeWithoutGpu('--dry-run', () => {
	it.each([
		['run', []],
		['ab', ['--calibrate']],
	])('of %s prints what would be sent, and sends nothing', async (command, options) => {
		const bench = makeBench(loweredA100());
		const argv = [command, ...options, ...bench.argv('--lock-clocks', 'max', '--dry-run', 'true')];
		const ended = await runBenchmark(argv, bench.options);
		expect(ended.exitCode).toBe(0);
		expect(ended.stdout).toBe(`# GPU 0  NVIDIA A100-SXM4-40GB  GPU-a1000000: --lock-clocks max
nvidia-smi -i GPU-a1000000 -pm 1
nvidia-smi -i GPU-a1000000 -lgc 1410,1410
# afterwards
nvidia-smi -i GPU-a1000000 -rgc
nvidia-smi -i GPU-a1000000 -pm 0
`);
		expect(bench.smi.sent()).toEqual([]);
		expect(existsSync(bench.smi.records)).toBe(false);
		expect(existsSync(bench.out)).toBe(false);
	});

	it('warns where there is no GPU', async () => {
		const bench = makeBench();
		const ended = await runBenchmark(bench.argv('-m', '--dry-run', 'true'), bench.options);
		expect(ended).toMatchObject({exitCode: 0, stdout: ''});
		expect(ended.stderr).toMatch(/no GPU is known/);
	});
});

describeWithoutGpu('restoring that fails', () => {
	it('says what to type, and doctor --restore does it later', async () => {
		const bench = makeBench(loweredA100({broken: ['-rgc']}));
		const ended = await runBenchmark(bench.argv('-m', ...program), bench.options);
		expect(ended.exitCode).toBe(0);
		expect(ended.stderr).toMatch(
			/error: the settings of GPU 0 are not restored: .*Unknown Error. Type:\n    sudo nvidia-smi -i GPU-a1000000 -rgc\nor.*doctor --restore/,
		);
		expect(bench.smi.recorded()).toEqual(['GPU-a1000000.json']);
		expect(processesOf(bench.smi)).toEqual([]);

		const told = await runBenchmark(['doctor'], bench.options);
		expect(told.stdout).toMatch(/GPU clocks +GPU 0: graphics-clock still as a run of .* set it/);
		const still = await runBenchmark(['doctor', '--restore'], bench.options);
		expect(still.exitCode).toBe(3);
		expect(still.stdout).toMatch(/sudo nvidia-smi -i GPU-a1000000 -rgc/);

		bench.smi.teach({broken: []});
		const mended = await runBenchmark(['doctor', '--restore'], bench.options);
		expect(mended).toMatchObject({exitCode: 0, stdout: 'GPU 0: restored graphics-clock\n'});
		expectRestored(bench);
		const again = await runBenchmark(['doctor', '--restore'], bench.options);
		expect(again.stdout).toBe('No GPU settings are left to restore.\n');
	});

	it('does not make the next run take what is left for what was before', async () => {
		const bench = makeBench(loweredA100({broken: ['-pl']}));
		bench.smi.teach({broken: []});
		const first = startGuarded(bench.argv('-m', ...program), bench.options);
		await until(() => bench.smi.sent().includes('0 -ac 1215,1410'), 'all set');
		bench.smi.teach({broken: ['-pl']});
		await first.ended;
		expect(bench.smi.recorded()).toHaveLength(1);

		bench.smi.teach({broken: []});
		const next = await runBenchmark(bench.argv('--lock-clocks', '900', ...program), bench.options);
		expect(next.exitCode).toBe(0);
		expectRestored(bench);
	});

	it('forgets records from before the machine was started anew', async () => {
		const bench = makeBench(loweredA100({broken: ['-rgc']}));
		await runBenchmark(bench.argv('--lock-clocks', '900', ...program), bench.options);
		const [name = ''] = bench.smi.recorded();
		const file = path.join(bench.smi.records, name);
		const text = readFileSync(file, 'utf8');
		writeFileSync(file, text.replace(/"bootId": "[^"]*"/, '"bootId": "another"'));
		const ended = await runBenchmark(['doctor', '--restore'], bench.options);
		expect(ended).toMatchObject({exitCode: 0, stdout: 'No GPU settings are left to restore.\n'});
		expect(bench.smi.recorded()).toEqual([]);
	});
});
