/**
 * The two streams. Results go to stdout; all else (progress, warnings, errors) to stderr, so that a pipe gets results only.
 */

import {styleText} from 'node:util';

export const logLevels = ['error', 'warning', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface TerminalStream {
	/** @param done called when the text has gone, or will never go */
	write(text: string, done?: () => void): unknown;
	readonly isTTY?: boolean;
	readonly columns?: number;
	/** What the last write failed with, if it did. */
	readonly errored?: Error | null;
}

export interface Streams {
	readonly out: TerminalStream;
	readonly err: TerminalStream;
}

/** Text decoration, or none where the stream is no terminal or NO_COLOR is set. */
export type Decorate = (style: 'bold' | 'dim' | 'red' | 'yellow' | 'green', text: string) => string;

const plain: Decorate = (_style, text) => text;
const coloured: Decorate = (style, text) => styleText(style, text);

const decoratorOf = (stream: TerminalStream, env: NodeJS.ProcessEnv): Decorate =>
	stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' ? coloured : plain;

/** Lines at the bottom of stderr that are drawn again and again. */
export interface LiveLines {
	clear(): void;
	draw(): void;
}

export class Terminal {
	readonly streams: Streams;
	/** For what goes to stdout. */
	readonly decorateOut: Decorate;
	/** For what goes to stderr. */
	readonly decorate: Decorate;
	/** Set while lines are live: messages go above them. */
	liveLines: LiveLines | undefined;
	private level: LogLevel = 'info';

	constructor(streams: Streams, env: NodeJS.ProcessEnv) {
		this.streams = streams;
		this.decorateOut = decoratorOf(streams.out, env);
		this.decorate = decoratorOf(streams.err, env);
	}

	setLevel(level: LogLevel): void {
		this.level = level;
	}

	/** Whether lines on stderr may be redrawn. */
	get live(): boolean {
		return this.streams.err.isTTY === true && this.shows('info');
	}

	shows(level: LogLevel): boolean {
		return logLevels.indexOf(level) <= logLevels.indexOf(this.level);
	}

	/** A result: stdout. */
	print(text: string): void {
		this.streams.out.write(`${text}\n`);
	}

	/**
	 * A piece of a long result: stdout, no faster than its reader takes it.
	 * @returns false where nobody takes any more
	 */
	write(text: string): Promise<boolean> {
		const {out} = this.streams;
		return new Promise((resolve) => {
			const wantsMore = out.write(text, () => resolve(true));
			if (out.errored) {
				resolve(false);
			} else if (wantsMore !== false) {
				resolve(true);
			}
		});
	}

	/** A message: stderr. */
	say(level: LogLevel, text: string): void {
		if (this.shows(level)) {
			this.liveLines?.clear();
			this.streams.err.write(`${text}\n`);
			this.liveLines?.draw();
		}
	}
}
