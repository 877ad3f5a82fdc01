/** `sweep.json` of a sweep's folder: made, taken up again, and kept up to date. */

import {existsSync, readdirSync, rmSync, statSync} from 'node:fs';
import path from 'node:path';
import {assert} from '../base/assert.ts';
import {UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {readJsonFile, writeJsonFile} from '../schemas/json-file.ts';
import {
	SweepManifest,
	SweepPlan,
	type PointOutcome,
	type SweepPoint,
	type SweepRecord,
} from '../schemas/sweep.ts';

/** In the sweep's folder. */
export const sweepFiles = {
	manifest: 'sweep.json',
	study: 'study.json',
	/** What perf_analyzer sends, where its own random data would not do (random-input.ts). */
	input: 'random-input.json',
	/** Holds a folder for each point. */
	points: 'points',
} as const;

/**
 * What to do where the folder holds a sweep already. 'auto' goes on with an unfinished one of the same plan; 'resume' takes
 * a finished one too, and one whose surroundings have changed; 'fresh' removes it.
 */
export type SweepMode = 'auto' | 'resume' | 'fresh';

export interface SweepOrder {
	readonly folder: string;
	readonly mode: SweepMode;
	readonly plan: SweepPlan;
	/** Our command line. */
	readonly command: readonly string[];
	readonly analyzer: SweepManifest['analyzer'];
	readonly modelConfig: string | null;
}

export const isMeasured = ({outcome}: SweepRecord): boolean => outcome?.kind === 'measured';

const startManifest = ({plan, command, analyzer, modelConfig}: SweepOrder): SweepManifest => ({
	formatVersion: 1,
	status: 'running',
	command: [...command],
	startedAt: new Date().toISOString(),
	endedAt: null,
	analyzer,
	modelConfig,
	plan,
	points: plan.points.map((point) => ({...point, attempts: 0, command: null, outcome: null})),
});

const describeProgress = ({points}: SweepManifest): string =>
	`${points.filter(isMeasured).length} of ${plural(points.length, 'point')}`;

/** What is no longer as it was when the first points were measured; undefined where nothing is. */
const findChange = (found: SweepManifest, order: SweepOrder): string | undefined => {
	if (found.analyzer.version !== order.analyzer.version) {
		return `perf_analyzer was ${found.analyzer.version} and is now ${order.analyzer.version}`;
	}

	const known = found.modelConfig !== null && order.modelConfig !== null;
	return known && found.modelConfig !== order.modelConfig
		? `the server's configuration of ${order.plan.model} is another one now`
		: undefined;
};

const checkResumable = (found: SweepManifest, order: SweepOrder): void => {
	const anew = '--fresh removes it and measures all points anew; or choose another folder with -o.';
	const same = JSON.stringify(found.plan) === JSON.stringify(SweepPlan.parse(order.plan));
	if (!same) {
		throw new UserError(`${order.folder} holds another sweep (${describeProgress(found)})`, {
			next: `${anew} It was: benchmark ${found.command.join(' ')}`,
		});
	}

	if (order.mode === 'resume') {
		return;
	}

	if (found.status === 'done') {
		throw new UserError(`${order.folder} holds this sweep, finished`, {
			next: `${anew} --resume shows it, and measures again the points that failed.`,
		});
	}

	const change = findChange(found, order);
	if (change !== undefined) {
		throw new UserError(`${order.folder} holds this sweep, unfinished, but ${change}`, {
			next: `${anew} --resume goes on all the same.`,
		});
	}
};

const removeSweep = ({folder}: SweepOrder, found: SweepManifest): void => {
	// The manifest last: were we killed, it would still say whose the folders are.
	for (const {folder: point, attempts} of found.points) {
		for (const name of [point, ...listAttempts(point, attempts)]) {
			rmSync(path.join(folder, sweepFiles.points, name), {recursive: true, force: true});
		}
	}

	rmSync(path.join(folder, sweepFiles.study), {force: true});
	rmSync(path.join(folder, sweepFiles.input), {force: true});
	rmSync(path.join(folder, sweepFiles.manifest), {force: true});
};

/** Whether a folder is a sweep's, or holds those of several instance counts. */
export const holdsSweeps = (folder: string): boolean =>
	statSync(folder, {throwIfNoEntry: false})?.isDirectory() === true &&
	['.', ...readdirSync(folder)].some((name) =>
		existsSync(path.join(folder, name, sweepFiles.manifest)),
	);

/** Where the files of an attempt that came to nothing are kept. */
export const attemptFolder = (folder: string, attempt: number): string =>
	`${folder}.attempt-${attempt}`;

const listAttempts = (folder: string, attempts: number): readonly string[] =>
	Array.from({length: attempts}, (_, index) => attemptFolder(folder, index + 1));

export class SweepStore {
	readonly folder: string;
	#manifest: SweepManifest;

	private constructor(folder: string, manifest: SweepManifest) {
		this.folder = folder;
		this.#manifest = manifest;
	}

	/**
	 * Writes at once.
	 * @throws UserError where the folder holds what must not be mixed with this, ToolError when the disk refuses
	 */
	static open(order: SweepOrder): SweepStore {
		const file = path.join(order.folder, sweepFiles.manifest);
		const found = existsSync(file) ? readJsonFile(SweepManifest, file) : undefined;
		if (found !== undefined && order.mode === 'fresh') {
			removeSweep(order, found);
		} else if (found !== undefined) {
			checkResumable(found, order);
		}

		const kept = order.mode === 'fresh' ? undefined : found;
		const manifest = kept ?? startManifest(order);
		const store = new SweepStore(order.folder, {...manifest, status: 'running', endedAt: null});
		store.#write();
		return store;
	}

	get points(): readonly SweepRecord[] {
		return this.#manifest.points;
	}

	get measured(): number {
		return this.points.filter(isMeasured).length;
	}

	/** As it is now. */
	recordOf(folder: string): SweepRecord {
		const record = this.points.find((candidate) => candidate.folder === folder);
		assert(record, `there is no point ${folder}`);
		return record;
	}

	/** Where a point's files are. */
	folderOf({folder}: SweepPoint): string {
		return path.join(this.folder, sweepFiles.points, folder);
	}

	recordStart(folder: string, command: readonly string[]): void {
		this.#change(folder, (record) => ({
			...record,
			attempts: record.attempts + 1,
			command: [...command],
			outcome: null,
		}));
	}

	recordOutcome(folder: string, outcome: PointOutcome): void {
		this.#change(folder, (record) => ({...record, outcome}));
	}

	finish(status: 'done' | 'interrupted'): void {
		this.#manifest = {...this.#manifest, status, endedAt: new Date().toISOString()};
		this.#write();
	}

	#change(folder: string, change: (record: SweepRecord) => SweepRecord): void {
		const points = this.#manifest.points.map((record) =>
			record.folder === folder ? change(record) : record,
		);
		this.#manifest = {...this.#manifest, points};
		this.#write();
	}

	#write(): void {
		writeJsonFile(SweepManifest, path.join(this.folder, sweepFiles.manifest), this.#manifest);
	}
}
