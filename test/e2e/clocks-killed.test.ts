/**
 * GPU clocks after the launcher or its guardian is killed, and with several runs on one GPU. The real command; GPUs behind a
 * fake nvidia-smi, and no real card.
 */

import {setTimeout as delay} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {
	ClockSmi,
	describeWithoutGpu,
	makeClockGpu,
	processesOf,
	settingsOf,
	startGuarded,
} from '../support/clock-smi.ts';
import {runBenchmark, temporaryFolder, until, type Running} from '../support/command.ts';
import {seededRandom} from '../support/random-moments.ts';
import {a100Of470} from '../support/recorded-older-gpus.ts';

/** Set lower than it can be, so that what is restored is told from what is usual. */
const makeBench = (delayMs: number) => {
	const folder = temporaryFolder('clocks');
	const smi = new ClockSmi(folder, [
		makeClockGpu(a100Of470, {
			delayMs,
			values: {
				persistence_mode: 'Disabled',
				'power.limit': '250.00',
				'clocks.applications.graphics': '900',
			},
		}),
	]);
	const [before] = smi.read().map(settingsOf);
	let runs = 0;
	return {
		smi,
		expectRestored: (): void => {
			expect(smi.read().map(settingsOf)).toEqual([before]);
			expect(smi.recorded()).toEqual([]);
			expect(processesOf(smi)).toEqual([]);
		},
		/** Each in a folder of its own. */
		start: (...argv: readonly string[]): Running =>
			startGuarded(['--profiler', 'builtin', '-o', `${folder}/out_${runs++}`, ...argv], {
				env: smi.env,
			}),
		doctor: async () => runBenchmark(['doctor', '--restore'], {env: smi.env}),
	};
};

const allGone = async (smi: ClockSmi): Promise<void> =>
	until(() => processesOf(smi).length === 0, 'the end of all processes');

const commandsToSet = 5;

/** Killed when so many commands have taken effect, and some ms later: within the next one, as it takes 60 ms itself. */
const seed = 20_261_121;
const random = seededRandom(seed);
const moments = Array.from({length: 10}, (_, trial) => ({
	// Each phase once: from before the first command to within the last one that restores.
	commands: trial,
	laterMs: Math.floor(random() * 150),
}));

describeWithoutGpu(`a launcher that is killed (seed ${seed})`, () => {
	it.each(moments)(
		'after $commands commands and $laterMs ms leaves the GPU as it was, and no process',
		async ({commands, laterMs}) => {
			const {smi, start, expectRestored} = makeBench(60);
			const {child, ended} = start('-m', 'sleep', '0.3');
			await until(() => smi.sent().length >= commands, `${commands} commands`);
			await delay(laterMs);
			child.kill('SIGKILL');
			await ended;
			await allGone(smi);
			expectRestored();
		},
	);

	it('leaves a command that is under way its time, and restores after it', async () => {
		const {smi, start, expectRestored} = makeBench(0);
		const {child, ended} = start('-m', 'sleep', '60');
		await until(() => smi.sent().length >= 1, 'the first command');
		smi.teach({delayMs: 2000});
		await until(() => smi.begun().includes('0 -lgc 1410,1410'), 'the lock');
		child.kill('SIGKILL');
		await ended;
		smi.teach({delayMs: 0});
		await allGone(smi);
		expect(smi.sent().filter((line) => line.includes('gc'))).toEqual([
			'0 -lgc 1410,1410',
			'0 -rgc',
		]);
		expectRestored();
	});

	it('leaves it as it was also where its guardian is killed, once doctor --restore has run', async () => {
		const {smi, start, expectRestored, doctor} = makeBench(0);
		const {child, ended} = start('-m', 'sleep', '60');
		await until(() => smi.sent().length === commandsToSet, 'all commands');
		const guardians = processesOf(smi).filter(
			(line) => line.includes('--ended=') && line.includes('trap'),
		);
		expect(guardians).toHaveLength(1);
		process.kill(Number.parseInt(guardians[0] ?? '', 10), 'SIGKILL');
		child.kill('SIGKILL');
		await ended;
		await allGone(smi);
		// Killed while it wrote, it leaves what it wrote unfinished beside; restoring removes that too.
		const records = smi.recorded().filter((name) => name.endsWith('.json'));
		expect(records).toEqual(['GPU-a1000000.json']);
		expect(smi.read()[0]?.locked.graphics).toBe('1410,1410');

		const {exitCode, stdout} = await doctor();
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/GPU 0: restored application-clocks, .*, persistence\n/);
		expectRestored();
	});

	it('restores by itself where its guardian was killed before', async () => {
		const {smi, start, expectRestored} = makeBench(0);
		const {ended} = start('-m', 'sleep', '1');
		await until(() => smi.sent().length === commandsToSet, 'all commands');
		const guardian = processesOf(smi).find((line) => line.includes('trap'));
		process.kill(Number.parseInt(guardian ?? '', 10), 'SIGKILL');
		await ended;
		expectRestored();
	});
});

describeWithoutGpu('two runs on one GPU', () => {
	it('restore what the first one found, when the last one ends', async () => {
		const {smi, start, expectRestored, doctor} = makeBench(0);
		const first = start('-m', 'sleep', '60');
		await until(() => smi.sent().length === commandsToSet, 'the first run');
		const second = start('--lock-clocks', '1200', 'sleep', '60');
		await until(() => smi.sent().includes('0 -lgc 1200,1200'), 'the second run');

		// Neither is to be disturbed.
		const asked = await doctor();
		expect(asked).toMatchObject({exitCode: 0});
		expect(asked.stdout).toMatch(/GPU 0: in use by 2 runs \(process \d+, \d+\)/);

		first.child.kill('SIGINT');
		const {stderr} = await first.ended;
		expect(stderr).toMatch(/GPU 0 keeps its clocks: another run still needs them/);
		expect(smi.read()[0]?.locked.graphics).toBe('1200,1200');
		expect(smi.recorded()).toHaveLength(1);

		second.child.kill('SIGINT');
		expect((await second.ended).stderr).toMatch(
			/were set by 1 other run \(process \d+\) to something else/,
		);
		expectRestored();
	});

	it('do so also where the first one is killed, and where both are', async () => {
		const {smi, start, expectRestored} = makeBench(0);
		const first = start('-m', 'sleep', '60');
		await until(() => smi.sent().length === commandsToSet, 'the first run');
		const second = start('-m', 'sleep', '60');
		await until(() => smi.sent().length === 2 * commandsToSet, 'the second run');
		first.child.kill('SIGKILL');
		await first.ended;
		await until(
			() => !processesOf(smi).some((line) => line.includes(`--ended=${first.child.pid}:`)),
			'its guardian',
		);
		expect(smi.read()[0]?.locked.graphics).toBe('1410,1410');
		second.child.kill('SIGKILL');
		await second.ended;
		await allGone(smi);
		expectRestored();
	});
});
