/** What the terminal shows of a sweep: a line for each point as it ends, and the one that runs where lines can be redrawn. */

import {createLogUpdate} from 'log-update';
import {formatElapsed, formatMilliseconds, formatRate} from '../report/format.ts';
import type {StudyPoint} from '../schemas/study.ts';
import type {SweepPoint, SweepRecord} from '../schemas/sweep.ts';
import type {Terminal} from './terminal.ts';

const redrawMs = 200;

const loadNames = {
	concurrency: 'concurrency',
	'request-rate': 'rate',
	schedule: 'schedule',
} as const;

/** "concurrency 4  batch 8  grpc  system  repeat 2": what does not vary is left out. */
const namePoint = (point: SweepPoint, all: readonly SweepPoint[]): string => {
	const varies = (read: (other: SweepPoint) => unknown): boolean => new Set(all.map(read)).size > 1;
	const {load, batchSize, protocol, sharedMemory, repeat} = point;
	const value = load.kind === 'schedule' ? '' : ` ${load.value}`;
	return [
		`${loadNames[load.kind]}${value}`,
		...(varies((other) => other.batchSize) ? [`batch ${batchSize}`] : []),
		...(varies((other) => other.protocol) ? [protocol] : []),
		...(varies((other) => other.sharedMemory) ? [`shared memory ${sharedMemory}`] : []),
		...(varies((other) => other.repeat) ? [`repeat ${repeat}`] : []),
	].join('  ');
};

const describeEnd = (
	{client, status, reasons}: StudyPoint,
	elapsed: string,
	{decorate}: Terminal,
): string => {
	if (status === 'failed') {
		const why = reasons.find(({code}) => code === 'timed-out' || code === 'point-failed');
		return `${decorate('red', 'failed')}  ${why?.message ?? ''}  ${elapsed}`;
	}

	return [
		decorate(status === 'stable' ? 'green' : 'yellow', status),
		...(client.throughput === undefined ? [] : [`${formatRate(client.throughput)} infer/s`]),
		...(client.mean === undefined ? [] : [`mean ${formatMilliseconds(client.mean)} ms`]),
		...(reasons.some(({code}) => code === 'export-lost')
			? [decorate('yellow', 'export lost')]
			: []),
		elapsed,
	].join('  ');
};

export class SweepProgress {
	private readonly terminal: Terminal;
	private readonly points: readonly SweepPoint[];
	private readonly redraw: ReturnType<typeof createLogUpdate> | undefined;
	private readonly timer: NodeJS.Timeout | undefined;
	private running:
		{readonly text: string; readonly startedAt: number; readonly attempts: number} | undefined;

	constructor(terminal: Terminal, points: readonly SweepPoint[]) {
		this.terminal = terminal;
		this.points = points;
		if (terminal.live) {
			const redraw = createLogUpdate(process.stderr, {showCursor: true});
			this.redraw = redraw;
			terminal.liveLines = {clear: () => redraw.clear(), draw: () => this.draw()};
			this.timer = setInterval(() => this.draw(), redrawMs);
		}
	}

	private describe(record: SweepRecord, place: number): string {
		const all = String(this.points.length);
		const number = `${String(place).padStart(all.length)}/${all}`;
		return `${number}  ${namePoint(record, this.points)}`;
	}

	showStart(record: SweepRecord, place: number): void {
		const {attempts} = record;
		this.running = {text: this.describe(record, place), startedAt: performance.now(), attempts};
		this.draw();
	}

	showEnd(record: SweepRecord, place: number, point: StudyPoint): void {
		const {startedAt = performance.now(), attempts = record.attempts} = this.running ?? {};
		this.running = undefined;
		const tries = record.attempts - attempts;
		const seconds = formatElapsed((performance.now() - startedAt) / 1000);
		const elapsed = tries > 1 ? `${seconds} (measured ${tries} times)` : seconds;
		const end = describeEnd(point, elapsed, this.terminal);
		this.terminal.say('info', `${this.describe(record, place)}  ${end}`);
	}

	private draw(): void {
		const {running} = this;
		if (running !== undefined) {
			const seconds = (performance.now() - running.startedAt) / 1000;
			this.redraw?.(`${running.text}  ${formatElapsed(seconds)}`);
		}
	}

	[Symbol.dispose](): void {
		clearInterval(this.timer);
		this.redraw?.clear();
		this.terminal.liveLines = undefined;
	}
}
