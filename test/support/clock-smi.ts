/**
 * GPUs that can be changed, behind a fake nvidia-smi. Nothing here can reach a real card: where this machine has one, or a
 * real nvidia-smi that a command might find, no test runs.
 *
 * Its words are recorded ones. Done: github.com/waggle-sensor, nvidia-smi notes (-pm, -pl, -lgc), the Holoscan guide of
 * docs.nvidia.com (-lmc), developer.nvidia.com/blog "Increase Performance with GPU Boost and K80 Autoboost" (-ac).
 * Unsupported, with exit code 0: K80 and -lgc, GeForce and -lmc, laptops and -pl, GTX 10 and -ac in public issues.
 * Without permission, exit code 4: "Return value" of the nvidia-smi manual, and runs on shared clusters with A100.
 */

import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, it, onTestFinished} from 'vitest';
import {listProcesses} from '../../launcher/process-table.ts';
import {startBenchmark} from './command.ts';
import type {SmiRecording} from './recorded-smi.ts';

const realPlaces = (): readonly string[] => [
	...['/dev/nvidiactl', '/dev/nvidia0', '/dev/dxg', '/proc/driver/nvidia'],
	...(process.env['PATH'] ?? '').split(':').map((folder) => path.join(folder, 'nvidia-smi')),
];

/** What stands for a real card; undefined: there is none. */
export const findRealGpu = (): string | undefined =>
	realPlaces().find((place) => existsSync(place));

/** A suite that changes GPU settings; beside a real card one skipped test that says so. */
export const describeWithoutGpu = (name: string, body: () => void): void => {
	const real = findRealGpu();
	describe(name, () => {
		if (real === undefined) {
			body();
		} else {
			it('changes GPU settings', ({skip}) => skip(`a real GPU might be changed: ${real} is there`));
		}
	});
};

/** As the fake keeps it. */
export interface ClockGpu {
	/** What --query-gpu tells, by field. */
	values: Record<string, string>;
	/** "On", "Off" or "N/A". */
	autoBoost: string;
	locked: {graphics: string | null; memory: string | null};
	/** Settings that it has: see everySetting. */
	supports?: string[];
	/** Settings that this user may not change. */
	denies?: string[];
	/** Flags that fail for no reason. */
	broken?: string[];
	/** Before a command takes effect. */
	delayMs?: number;
	/** Queries for which a new clock is not told yet. */
	slowness?: number;
}

export const everySetting = ['persistence', 'power', 'graphics', 'memory', 'applications', 'boost'];

/** A recorded GPU that is set as drivers come: persistence off, no lock. */
export const makeClockGpu = (
	{values}: SmiRecording,
	given: Partial<ClockGpu> = {},
	at = 0,
): ClockGpu => {
	const own = Object.fromEntries(
		Object.entries(values).map(([field, cells]) => [field, cells[at] ?? '']),
	);
	return {
		autoBoost: 'N/A',
		locked: {graphics: null, memory: null},
		supports: everySetting.filter((setting) => setting !== 'boost'),
		...given,
		values: {
			...own,
			'clocks.max.graphics': own['clocks.max.sm'] ?? '[N/A]',
			'clocks.current.graphics': own['clocks.current.sm'] ?? '[N/A]',
			...given.values,
		},
	};
};

export class ClockSmi {
	readonly folder: string;
	/** Of the records of what is to be restored. */
	readonly records: string;
	/** For the commands under test. */
	readonly env: Readonly<Record<string, string>>;
	readonly #state: string;

	/** @param root a new folder is made there. @throws Error beside a real card */
	constructor(root: string, gpus: readonly ClockGpu[]) {
		const real = findRealGpu();
		if (real !== undefined) {
			throw new Error(`a real GPU might be changed: ${real} is there`);
		}

		this.folder = path.join(root, 'smi');
		this.records = path.join(root, 'records');
		this.#state = path.join(this.folder, 'state.json');
		mkdirSync(this.folder);
		const script = path.resolve(import.meta.dirname, 'fake-clock-smi.mjs');
		writeFileSync(
			path.join(this.folder, 'nvidia-smi'),
			`#!/bin/sh\nFAKE_CLOCK_SMI='${this.folder}' exec '${process.execPath}' '${script}' "$@"\n`,
			{mode: 0o755},
		);
		this.env = {
			PATH: `${this.folder}:${process.env['PATH'] ?? ''}`,
			BENCHMARK_CLOCK_RECORDS: this.records,
		};
		this.write(gpus);
	}

	get command(): string {
		return path.join(this.folder, 'nvidia-smi');
	}

	/** As they are now. */
	read(): readonly ClockGpu[] {
		return (JSON.parse(readFileSync(this.#state, 'utf8')) as {gpus: ClockGpu[]}).gpus;
	}

	write(gpus: readonly ClockGpu[]): void {
		writeFileSync(this.#state, JSON.stringify({gpus}));
	}

	/** Changes how the GPUs behave, not how they are set. */
	teach(given: Partial<Pick<ClockGpu, 'denies' | 'broken' | 'delayMs'>>): void {
		this.write(this.read().map((gpu) => ({...gpu, ...given})));
	}

	/** Commands that changed something: "<index> -pm 1", in order. */
	sent(): readonly string[] {
		return this.#lines('sent');
	}

	/** The same, when they are heard: they take effect after the GPU's delay. */
	begun(): readonly string[] {
		return this.#lines('begun');
	}

	#lines(name: string): readonly string[] {
		const file = path.join(this.folder, name);
		return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
	}

	/** Files of records: what is still to be restored. */
	recorded(): readonly string[] {
		return existsSync(this.records) ? readdirSync(this.records) : [];
	}
}

/** What a restored GPU must have again. */
export const settingsOf = ({values, autoBoost, locked}: ClockGpu): unknown => ({
	persistence: values['persistence_mode'],
	power: Number(values['power.limit']),
	graphics: values['clocks.applications.graphics'],
	memory: values['clocks.applications.memory'],
	autoBoost,
	locked,
});

/** Guardians, programs, all that was started with this fake in its PATH. */
export const processesOf = ({folder}: ClockSmi): readonly string[] =>
	listProcesses().flatMap(({pid}) => {
		try {
			const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
			const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
			return environment.includes(folder) ? [`${pid} ${words}`] : [];
		} catch {
			// It ended meanwhile.
			return [];
		}
	});

/** A run that does not outlive its test, also where that fails: its guardian then restores. */
export const startGuarded: typeof startBenchmark = (argv, options) => {
	const running = startBenchmark(argv, options);
	onTestFinished(() => {
		running.child.kill('SIGKILL');
	});
	return running;
};
