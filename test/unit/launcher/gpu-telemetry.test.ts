/** One nvidia-smi that is watched for the length of a run: what it tells, and all the ways in which it stops telling. */

import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {GpuMetricsFile} from '../../../launcher/gpu-metrics-file.ts';
import {listForeignGpuProcesses} from '../../../launcher/gpu-processes.ts';
import {findZoneOffset, parseSmiTime} from '../../../launcher/gpu-telemetry-fields.ts';
import {
	startGpuTelemetry,
	type GpuTelemetry,
	type TelemetryOrder,
} from '../../../launcher/gpu-telemetry.ts';
import {pollUntil} from '../../../launcher/poll.ts';
import {isRunning} from '../../../launcher/process-table.ts';
import {decodeEventReasons, type GpuSample} from '../../../schemas/gpu-sample.ts';
import {parseGpuSamples} from '../../../schemas/gpu-samples-csv.ts';
import {gpuSample} from '../../support/gpu-samples.ts';
import {FakeSmi} from '../../support/fake-smi.ts';
import {h100Pair590, h200Mig580} from '../../support/recorded-hopper-gpus.ts';
import {a100Of470} from '../../support/recorded-older-gpus.ts';
import {lostGpu} from '../../support/recorded-smi.ts';

let folder: string;
let samples: GpuSample[];
let running: GpuTelemetry | undefined;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'telemetry-'));
	samples = [];
	running = undefined;
});
afterEach(async () => {
	await running?.stop();
	rmSync(folder, {recursive: true, force: true});
});

const toNs = (time: string): bigint => BigInt(Date.parse(time)) * 1_000_000n;
/** A little after what the recordings say. */
const now = toNs('2026-07-14T08:12:54Z');

const start = async (
	{command}: FakeSmi,
	order: Partial<TelemetryOrder> = {},
): Promise<GpuTelemetry> => {
	const started = await startGpuTelemetry({
		command,
		gpus: [],
		intervalMs: 100,
		onSample: (sample) => samples.push(sample),
		readClock: () => now,
		graceMs: 200,
		...order,
	});
	if (started.kind !== 'running') {
		throw new Error(started.reason);
	}

	running = started.telemetry;
	return running;
};

const waitFor = async (isThere: () => boolean): Promise<void> => {
	await pollUntil(() => (isThere() ? true : undefined), 5);
};
const waitForSamples = async (count: number): Promise<void> =>
	waitFor(() => samples.length >= count);
const countLoops = ({askedFile}: FakeSmi): number =>
	readFileSync(askedFile, 'utf8').split(' -lms ').length - 1;

describe('samples', () => {
	it('come per GPU and moment, with the tool’s time and ours', async () => {
		const smi = new FakeSmi(folder, h100Pair590);
		smi.loop(1, 'row 2026/07/14 08:12:53.900', 'row 2026/07/14 08:12:54.000');
		const telemetry = await start(smi);
		await waitForSamples(4);
		expect(samples.map(({gpu, unixNs}) => [gpu, unixNs])).toEqual([
			['GPU-aaaaaaaa', toNs('2026-07-14T08:12:53.900Z')],
			['GPU-bbbbbbbb', toNs('2026-07-14T08:12:53.900Z')],
			['GPU-aaaaaaaa', toNs('2026-07-14T08:12:54.000Z')],
			['GPU-bbbbbbbb', toNs('2026-07-14T08:12:54.000Z')],
		]);
		expect(samples[0]).toMatchObject({
			arrivedUnixNs: now,
			eventReasons: 0x4,
			values: {instant_power_watts: 588.39, power_watts: 629.45, gpu_percent: 100},
		});
		expect(await telemetry.stop()).toEqual({samples: 4, died: null, restarts: 0, words: []});
	});

	it('have null for what is not told: MIG, an old driver, a value that fails for a moment', async () => {
		const mig = new FakeSmi(mkdtempSync(path.join(folder, 'mig-')), h200Mig580);
		mig.loop(1, 'row 2026/07/14 08:12:54.000 ~ power.draw.instant=[Unknown Error]');
		await start(mig);
		await waitForSamples(1);
		expect(samples[0]?.values).toMatchObject({
			gpu_percent: null,
			decoder_percent: null,
			instant_power_watts: null,
			power_watts: 89.93,
			corrected_ecc_errors: 0,
		});
		await running?.stop();

		const old = new FakeSmi(mkdtempSync(path.join(folder, 'old-')), a100Of470);
		old.loop(1, 'row 2026/07/14 08:12:54.000');
		await start(old);
		await waitForSamples(2);
		expect(samples[1]?.values).toMatchObject({instant_power_watts: null, sm_clock_mhz: 1080});
		expect(decodeEventReasons(samples[1]?.eventReasons ?? 0)).toEqual(['power_cap', 'thermal']);
	});

	it.each([
		['-1', '-1', '-1'],
		['4294967295', '4294967295', '4294967295'],
		['18446744073709551615', '18446744073709551.62', '18446744073709551615'],
	])('have null for an "unknown" that is spelled as a number: %s', async (whole, watts, clock) => {
		const smi = new FakeSmi(folder, h100Pair590);
		const odd = [
			`power.draw.instant=${watts}`,
			`utilization.gpu=${whole}`,
			`temperature.memory=${whole === '-1' ? '-273' : whole}`,
			`clocks.current.sm=${clock}`,
			`memory.used=${whole}`,
		].join(' ~ ');
		smi.loop(1, `row 2026/07/14 08:12:54.000 ~ ${odd}`);
		await start(smi);
		await waitForSamples(1);
		expect(samples[0]?.values).toMatchObject({
			instant_power_watts: null,
			gpu_percent: null,
			memory_temperature_celsius: null,
			sm_clock_mhz: null,
			memory_used_mib: null,
			power_watts: 629.45,
			temperature_celsius: 59,
		});
	});

	it('are not made of messages, cut lines or GPUs that are lost; what was said is kept', async () => {
		const smi = new FakeSmi(folder, h200Mig580);
		smi.loop(
			1,
			'row 2026/07/14 08:12:53.900',
			`say ${lostGpu}`,
			'row [GPU is lost] ~ uuid=[GPU is lost]',
			'say 2026/07/14 08:12:53.950, GPU-0000',
			'row 2026/07/14 08:12:54.000',
			'part 2026/07/14 08:12:54.100, GPU-00000000-0000',
		);
		const telemetry = await start(smi);
		await waitForSamples(2);
		const {samples: count, words} = await telemetry.stop();
		expect(count).toBe(2);
		expect(words).toHaveLength(3);
		expect(words[0]).toBe(lostGpu);
	});

	it('whose time is not told have the time of their arrival', async () => {
		const smi = new FakeSmi(folder, h200Mig580);
		smi.loop(1, 'row [Unknown Error]');
		await start(smi);
		await waitForSamples(1);
		expect(samples[0]?.unixNs).toBe(now);
	});

	it('of a tool that ignores our zone are put right', async () => {
		const smi = new FakeSmi(folder, h100Pair590);
		smi.loop(1, 'row 2026/07/14 08:12:54.000');
		// The recorded answer to the first question is from 08:12:53.100, in Kathmandu then.
		const clock = toNs('2026-07-14T02:27:54Z');
		await start(smi, {readClock: () => clock});
		await waitForSamples(1);
		expect(samples[0]?.unixNs).toBe(toNs('2026-07-14T02:27:54Z'));
	});
});

describe('one nvidia-smi', () => {
	it('is asked for the GPUs and the interval wanted', async () => {
		const smi = new FakeSmi(folder, h100Pair590);
		smi.loop(1, 'row 2026/07/14 08:12:54.000');
		await start(smi, {gpus: ['GPU-aaaaaaaa', 'GPU-bbbbbbbb'], intervalMs: 250});
		await waitForSamples(2);
		expect(readFileSync(smi.askedFile, 'utf8')).toMatch(
			/ -lms 250 -i GPU-aaaaaaaa,GPU-bbbbbbbb\n$/,
		);
	});

	it('that dies after it told something is started again, and leaves a gap', async () => {
		const smi = new FakeSmi(folder, h200Mig580);
		smi.loop(1, 'row 2026/07/14 08:12:53.000', 'die 15');
		smi.loop(2, 'row 2026/07/14 08:12:54.000');
		const telemetry = await start(smi);
		await waitForSamples(2);
		expect(await telemetry.stop()).toMatchObject({samples: 2, died: null, restarts: 1});
	});

	it('that tells nothing at all is tried without stdbuf, and then no more', async () => {
		const smi = new FakeSmi(folder, h200Mig580);
		smi.loop(1, `say ${lostGpu}`, 'die 15');
		smi.loop(2, 'die 15');
		const telemetry = await start(smi);
		await waitFor(() => countLoops(smi) === 2 && telemetry.hasDied);
		expect(await telemetry.stop()).toEqual({
			samples: 0,
			died: 'exit code 15',
			restarts: 0,
			words: [lostGpu],
		});
	});

	it('that gives up again and again is not asked for ever', async () => {
		const smi = new FakeSmi(folder, h200Mig580);
		for (let turn = 1; turn <= 20; turn++) {
			smi.loop(turn, 'row 2026/07/14 08:12:54.000', 'die 1');
		}

		const telemetry = await start(smi, {searchPath: ''});
		await waitFor(() => telemetry.hasDied);
		expect(await telemetry.stop()).toMatchObject({samples: 11, restarts: 10, died: 'exit code 1'});
	});

	it('that does not hear is killed', async () => {
		const smi = new FakeSmi(folder, h200Mig580);
		smi.loop(1, 'deaf', 'row 2026/07/14 08:12:54.000');
		const telemetry = await start(smi);
		await waitForSamples(1);
		const pid = Number(telemetry.pid);
		expect(isRunning(pid)).toBe(true);
		expect(await telemetry.stop()).toMatchObject({died: null});
		await waitFor(() => !isRunning(pid));
	});

	it('that cannot be had is told of, with its own words', async () => {
		const smi = new FakeSmi(folder, null);
		await expect(start(smi)).rejects.toThrow(/couldn't communicate with the NVIDIA driver/);
		expect(countLoops(smi)).toBe(0);
	});

	it.each(['SIGTERM', 'SIGKILL'] as const)(
		'does not outlive a launcher that gets %s',
		async (signal) => {
			const smi = new FakeSmi(folder, h200Mig580);
			smi.loop(1, 'busy 2026/07/14 08:12:54.000, nothing');
			const module = pathToFileURL(path.resolve('launcher/gpu-telemetry.ts')).href;
			const launcher = spawn(
				process.execPath,
				[
					...['--import', 'tsx', '--input-type=module', '-e'],
					`const {startGpuTelemetry} = await import('${module}');
				process.on('SIGTERM', () => process.exit(1));
				const {telemetry} = await startGpuTelemetry(
					{command: '${smi.command}', gpus: [], intervalMs: 100, onSample: () => {}});
				console.log(telemetry.pid);`,
				],
				{stdio: ['ignore', 'pipe', 'inherit']},
			);
			const pid = await new Promise<number>((resolve) => {
				launcher.stdout.once('data', (text) => resolve(Number(text)));
			});
			expect(isRunning(pid)).toBe(true);
			launcher.kill(signal);
			await waitFor(() => !isRunning(pid));
		},
	);
});

describe('parseSmiTime and findZoneOffset', () => {
	it('read what nvidia-smi prints as UTC', () => {
		expect(parseSmiTime('2026/09/01 20:42:06.675')).toBe(1_788_295_326_675_000_000n);
		expect(['2026/13/01 20:42:06.675', '20:42', null].map(parseSmiTime)).toEqual([
			null,
			null,
			null,
		]);
	});

	it.each([
		[0, 0],
		[60, 0],
		[-60, 0],
		[3600.5, 3600],
		[-19_800 + 2, -19_800],
	])('a line that is %d s late is of a zone %d s away', (late, zone) => {
		expect(findZoneOffset(now - BigInt(late * 1e9), now)).toBe(BigInt(zone) * 1_000_000_000n);
	});
});

describe('gpu_metrics.csv', () => {
	it('holds all samples once it is closed', async () => {
		const smi = new FakeSmi(folder, h100Pair590);
		smi.loop(1, 'row 2026/07/14 08:12:53.900', 'row 2026/07/14 08:12:54.000 ~ uuid=GPU-c');
		const file = path.join(folder, 'gpu_metrics.csv');
		const metrics = new GpuMetricsFile(file);
		await start(smi, {
			onSample: (sample) => {
				samples.push(sample);
				metrics.write(sample);
			},
		});
		await waitForSamples(4);
		expect(await metrics.close()).toBeNull();
		expect(parseGpuSamples(readFileSync(file, 'utf8'))).toEqual({samples, unreadable: 0});
	});

	it('that cannot be written says so at the end', async () => {
		const metrics = new GpuMetricsFile(path.join(folder, 'none', 'gpu_metrics.csv'));
		expect(await metrics.close()).toMatch(/ENOENT/);
	});

	it('on a full disk can be flushed all the same', async () => {
		const metrics = new GpuMetricsFile('/dev/full');
		await metrics.flush();
		metrics.write(gpuSample(0, {power_watts: 1}));
		await metrics.flush();
		expect(await metrics.close()).toMatch(/ENOSPC/);
	});
});

describe('listForeignGpuProcesses', () => {
	it('tells who else computes on the GPUs', async () => {
		const smi = new FakeSmi(folder, h100Pair590);
		smi.write(
			'apps',
			[
				'GPU-aaaaaaaa, 11327, /root/tools/memhog, 2566',
				'GPU-aaaaaaaa, 11345, ./gpu_burn, with a comma, 15690',
				'GPU-bbbbbbbb, 77, [Not Found], [N/A]',
				'',
			].join('\n'),
		);
		expect(await listForeignGpuProcesses(new Set([11327]), smi)).toEqual([
			{gpu: 'GPU-aaaaaaaa', pid: 11345, name: './gpu_burn, with a comma', memoryMib: 15690},
			{gpu: 'GPU-bbbbbbbb', pid: 77, name: null, memoryMib: null},
		]);
	});

	it('without a driver nobody knows', async () => {
		expect(await listForeignGpuProcesses(new Set(), new FakeSmi(folder, null))).toBeNull();
	});
});
