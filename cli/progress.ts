/**
 * What the terminal shows while workers run: one line each, redrawn, where stderr is a terminal; otherwise one plain line
 * as each worker ends.
 */

import {createLogUpdate} from 'log-update';
import type {WorkerPhase} from '../launcher/run-workers.ts';
import {plural} from '../base/plural.ts';
import {formatElapsed} from '../report/format.ts';
import type {WorkerOutcome} from '../schemas/manifest.ts';
import type {Terminal} from './terminal.ts';

interface Line {
	readonly name: string;
	phase: WorkerPhase;
	/** null until the first one ends, or where the program does not tell. */
	batches: number | null;
	/** performance.now() at its start; null before. */
	startedAt: number | null;
	outcome: WorkerOutcome | null;
}

const redrawMs = 100;
/** Lines kept free for the shell's prompt and our own messages. */
const spareRows = 3;

export class Progress {
	readonly #terminal: Terminal;
	readonly #lines: readonly Line[];
	readonly #redraw: ReturnType<typeof createLogUpdate> | undefined;
	readonly #timer: NodeJS.Timeout | undefined;

	constructor(terminal: Terminal, names: readonly string[]) {
		this.#terminal = terminal;
		this.#lines = names.map((name) => ({
			name,
			phase: 'waiting',
			batches: null,
			startedAt: null,
			outcome: null,
		}));
		if (terminal.live) {
			const redraw = createLogUpdate(process.stderr, {showCursor: true});
			this.#redraw = redraw;
			terminal.liveLines = {clear: () => redraw.clear(), draw: () => this.#draw()};
			this.#timer = setInterval(() => this.#draw(), redrawMs);
		}
	}

	showPhase(name: string, phase: WorkerPhase, batches: number | null): void {
		const line = this.#find(name);
		line.phase = phase;
		line.batches = batches ?? line.batches;
		line.startedAt ??= phase === 'waiting' ? null : performance.now();
	}

	showEnd(name: string, outcome: WorkerOutcome): void {
		const line = this.#find(name);
		line.outcome = outcome;
		if (this.#redraw === undefined) {
			this.#terminal.say('info', formatLine(line, this.#terminal));
		}
	}

	/** Leaves the last state of every worker on the screen. */
	[Symbol.dispose](): void {
		clearInterval(this.#timer);
		this.#draw();
		this.#redraw?.done();
		this.#terminal.liveLines = undefined;
	}

	#find(name: string): Line {
		const line = this.#lines.find((candidate) => candidate.name === name);
		if (line === undefined) {
			throw new Error(`no worker is called ${name}`);
		}

		return line;
	}

	#draw(): void {
		const rows = Math.max(1, (process.stderr.rows || 24) - spareRows);
		const shown = chooseLines(this.#lines, rows).map((line) => formatLine(line, this.#terminal));
		const hidden = this.#lines.length - shown.length;
		this.#redraw?.([...shown, ...(hidden > 0 ? [`... and ${hidden} more`] : [])].join('\n'));
	}
}

/** All of them where they fit, else those that run before those that wait or have ended. */
const chooseLines = (lines: readonly Line[], rows: number): readonly Line[] => {
	if (lines.length <= rows) {
		return lines;
	}

	const rank = (line: Line): number =>
		line.outcome !== null ? 2 : line.phase === 'waiting' ? 1 : 0;
	return lines.toSorted((a, b) => rank(a) - rank(b)).slice(0, rows - 1);
};

const formatLine = (line: Line, terminal: Terminal): string =>
	[
		line.name.padEnd(16),
		describeState(line, terminal).padEnd(12),
		...(line.batches === null ? [] : [plural(line.batches, 'batch', 'batches')]),
		...(line.startedAt === null ? [] : [formatElapsed(elapsedSeconds(line, line.startedAt))]),
	].join('  ');

const elapsedSeconds = ({outcome}: Line, startedAt: number): number =>
	outcome !== null && 'wallSeconds' in outcome
		? outcome.wallSeconds
		: (performance.now() - startedAt) / 1000;

const describeState = ({outcome, phase}: Line, {decorate}: Terminal): string => {
	if (outcome === null) {
		return phase;
	}

	return outcome.kind === 'completed'
		? decorate('green', 'completed')
		: decorate('red', outcome.kind.replace('-', ' '));
};
