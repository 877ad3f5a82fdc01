/**
 * Watches GPUs for the length of a run, by one nvidia-smi that is asked once and answers at each interval: starting one
 * per moment would cost the measured programs a core and a driver lock every time.
 *
 * Nothing that goes wrong here ends a run: what cannot be known is left out, and the end says why.
 */

import {existsSync} from 'node:fs';
import path from 'node:path';
import type {GpuSample} from '../schemas/gpu-sample.ts';
import {defaultSmi, type SmiOptions} from './ask-nvidia-smi.ts';
import {
	findZoneOffset,
	parseSmiTime,
	parseTelemetryLine,
	telemetryFields,
	type TelemetryName,
} from './gpu-telemetry-fields.ts';
import {queryArguments, queryGpus, type GpuQuery} from './query-gpus.ts';
import {TelemetryChild} from './telemetry-child.ts';

export interface TelemetryOrder extends SmiOptions {
	/** UUIDs of the physical GPUs to watch (not of MIG instances, of which nvidia-smi tells nothing); empty: all. */
	readonly gpus: readonly string[];
	readonly intervalMs: number;
	readonly onSample: (sample: GpuSample) => void;
	/** For tests: nanoseconds since 1970. */
	readonly readClock?: () => bigint;
	/** For tests: from asking nvidia-smi to end until it is killed. */
	readonly graceMs?: number;
	/** For tests: where stdbuf is searched. */
	readonly searchPath?: string;
}

export interface TelemetryEnd {
	readonly samples: number;
	/** It was not we who ended it: from some moment on there are no samples. Its ending: "exit code 15". */
	readonly died: string | null;
	/** How often it ended by itself and was started again. */
	readonly restarts: number;
	/** The first lines that were no samples: "Unable to determine the device handle for GPU 0000:02:00.0: ...". */
	readonly words: readonly string[];
}

export type TelemetryStart =
	| {
			readonly kind: 'running';
			readonly telemetry: GpuTelemetry;
			/** What this driver does not tell. */
			readonly refused: readonly TelemetryName[];
	  }
	/** No driver, no nvidia-smi, no GPU. */
	| {readonly kind: 'unavailable'; readonly reason: string};

const defaultGraceMs = 1000;
const mostWords = 5;
/** A driver that gives up again and again is not asked for ever. */
const mostRestarts = 10;

const readSystemClock = (): bigint => BigInt(Date.now()) * 1_000_000n;

const findStdbuf = (searchPath: string): string | undefined =>
	searchPath
		.split(':')
		.filter((folder) => folder !== '')
		.map((folder) => path.join(folder, 'stdbuf'))
		.find((file) => existsSync(file));

export class GpuTelemetry {
	readonly #order: TelemetryOrder;
	readonly #fields: GpuQuery<TelemetryName>['fields'];
	readonly #zoneOffsetNs: bigint;
	readonly #words: string[] = [];
	#stdbuf: string | undefined;
	#child: TelemetryChild;
	#samples = 0;
	/** Of the child that runs now. */
	#childSamples = 0;
	#restarts = 0;
	#died: string | null = null;
	#isEnding = false;

	constructor(
		order: TelemetryOrder,
		fields: GpuQuery<TelemetryName>['fields'],
		zoneOffsetNs: bigint,
	) {
		this.#order = order;
		this.#fields = fields;
		this.#zoneOffsetNs = zoneOffsetNs;
		this.#stdbuf = findStdbuf(order.searchPath ?? process.env['PATH'] ?? '');
		this.#child = this.#start();
	}

	/** null where it could not be started. */
	get pid(): number | null {
		return this.#child.pid;
	}

	/** It ended by itself and is not started again. */
	get hasDied(): boolean {
		return this.#died !== null;
	}

	async stop(): Promise<TelemetryEnd> {
		this.#isEnding = true;
		if (this.#died === null) {
			await this.#child.end(this.#order.graceMs ?? defaultGraceMs);
		}

		return {
			samples: this.#samples,
			died: this.#died,
			restarts: this.#restarts,
			words: this.#words,
		};
	}

	#start(): TelemetryChild {
		const {command = defaultSmi, gpus, intervalMs, env} = this.#order;
		this.#childSamples = 0;
		return new TelemetryChild({
			argv: [
				// Into a pipe it would print 4 KiB at a time, and lose what it holds when it is ended.
				...(this.#stdbuf === undefined ? [] : [this.#stdbuf, '-oL']),
				command,
				...queryArguments(this.#fields),
				'-lms',
				String(intervalMs),
				...(gpus.length === 0 ? [] : ['-i', gpus.join(',')]),
			],
			env,
			onLine: (line) => this.#read(line),
			onEnd: (ending) => this.#handleEnd(ending),
		});
	}

	#read(line: string): void {
		const arrivedUnixNs = (this.#order.readClock ?? readSystemClock)();
		const zoneOffsetNs = this.#zoneOffsetNs;
		const sample = parseTelemetryLine(line, this.#fields, {arrivedUnixNs, zoneOffsetNs});
		if (sample !== null) {
			this.#samples++;
			this.#childSamples++;
			this.#order.onSample(sample);
		} else if (line.trim() !== '' && this.#words.length < mostWords) {
			this.#words.push(line.trim());
		}
	}

	/** One that told something before is started again: a driver can have a bad moment. One that told nothing is not. */
	#handleEnd(ending: string): void {
		if (this.#isEnding) {
			return;
		}

		const toldNothing = this.#childSamples === 0;
		if (toldNothing && this.#stdbuf !== undefined) {
			// stdbuf may be there without its library: once more without it.
			this.#stdbuf = undefined;
			this.#child = this.#start();
		} else if (toldNothing || this.#restarts >= mostRestarts) {
			this.#died = ending;
		} else {
			this.#restarts++;
			this.#child = this.#start();
		}
	}
}

/** Finds out what this driver tells, then watches. Never throws. */
export const startGpuTelemetry = async (order: TelemetryOrder): Promise<TelemetryStart> => {
	const {fields, refused, rows, failure} = await queryGpus(telemetryFields, order);
	const arrivedUnixNs = (order.readClock ?? readSystemClock)();
	if (!rows.some(({uuid}) => uuid !== null)) {
		return {kind: 'unavailable', reason: failure ?? 'it tells of no GPU'};
	}

	const toolUnixNs = rows
		.map(({timestamp}) => parseSmiTime(timestamp))
		.find((time) => time !== null);
	const offset = toolUnixNs === undefined ? 0n : findZoneOffset(toolUnixNs, arrivedUnixNs);
	return {kind: 'running', telemetry: new GpuTelemetry(order, fields, offset), refused};
};
