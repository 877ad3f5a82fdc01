/**
 * One nvidia-smi that prints a line per GPU and moment until it is ended. It must outlive no one: ended when we exit, and
 * should we be killed, the first line that nobody reads ends it (SIGPIPE), or the reaper does (gpu-watch.ts).
 */

import {spawn, type ChildProcessByStdio} from 'node:child_process';
import type {Readable} from 'node:stream';
import {smiEnvironment} from './ask-nvidia-smi.ts';

export interface TelemetryChildOrder {
	readonly argv: readonly string[];
	/** Variables for it on top of our own. */
	readonly env?: Readonly<Record<string, string>> | undefined;
	/** Every whole line of either output. */
	readonly onLine: (line: string) => void;
	/** Once, when it has ended and all its words were told. */
	readonly onEnd: (ending: string) => void;
}

/** Cuts a stream into lines; the last, unfinished one waits for its rest, and is nobody's when none comes. */
const readLines = (stream: Readable, onLine: (line: string) => void): void => {
	let rest = '';
	stream.setEncoding('utf8').on('data', (chunk: string) => {
		const lines = (rest + chunk).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) {
			onLine(line);
		}
	});
};

type Child = ChildProcessByStdio<null, Readable, Readable>;

export class TelemetryChild {
	readonly #child: Child;
	readonly #ended: Promise<void>;
	readonly #killOnExit = (): void => {
		this.#child.kill('SIGKILL');
	};

	constructor({argv, env = {}, onLine, onEnd}: TelemetryChildOrder) {
		const [file = '', ...rest] = argv;
		// Detached: Ctrl-C in a terminal is ours to answer; what happens until the programs have ended is wanted still.
		this.#child = spawn(file, rest, {
			env: {...process.env, ...env, ...smiEnvironment},
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		readLines(this.#child.stdout, onLine);
		readLines(this.#child.stderr, onLine);
		process.on('exit', this.#killOnExit);
		this.#ended = new Promise((resolve) => {
			let failure: string | null = null;
			this.#child.once('error', (error) => {
				failure = error.message;
			});
			this.#child.once('close', (code, signal) => {
				process.off('exit', this.#killOnExit);
				onEnd(failure ?? (signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`));
				resolve();
			});
		});
	}

	/** null where it could not be started. */
	get pid(): number | null {
		return this.#child.pid ?? null;
	}

	/** Asks it to end, then kills it; one that waits for a broken driver for ever is left to itself. */
	async end(graceMs: number): Promise<void> {
		for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
			this.#child.kill(signal);
			if (await this.#endsWithin(graceMs)) {
				return;
			}
		}

		process.off('exit', this.#killOnExit);
		this.#child.stdout.destroy();
		this.#child.stderr.destroy();
		this.#child.unref();
	}

	async #endsWithin(ms: number): Promise<boolean> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<false>((resolve) => {
			timer = setTimeout(() => resolve(false), ms);
		});
		try {
			return await Promise.race([this.#ended.then(() => true as const), late]);
		} finally {
			clearTimeout(timer);
		}
	}
}
