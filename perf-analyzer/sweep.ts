/**
 * Measures a plan, one perf_analyzer after another, and reads what each left. A point that dies, hangs or prints nonsense
 * costs itself alone. `triton sweep` runs one plan; `triton instances` runs one for each variant, each in a folder:
 *
 *     const store = SweepStore.open({folder, mode, plan, command, analyzer, modelConfig});
 *     const {points, interrupted} = await runSweep(plan, {store, analyzer, run, ...});
 *
 * Nothing is spawned here: `run` is launcher/run-program.ts, given by cli.
 */

import {existsSync, mkdirSync, renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ProgramEnd, ProgramOrder} from '../base/program-run.ts';
import type {SloLimit} from '../schemas/study-answers.ts';
import type {StudyPoint} from '../schemas/study.ts';
import type {PointOutcome, SweepPlan, SweepRecord} from '../schemas/sweep.ts';
import {describePointFailure} from './point-failure.ts';
import {readPoint} from './read-point.ts';
import {slimExport} from './slim-export.ts';
import {
	countWarmup,
	exportOption,
	formatCommand,
	pointCommand,
	pointFiles,
	warmupCommand,
	type AddedInput,
	type AnalyzerAbilities,
} from './sweep-plan.ts';
import {attemptFolder, isMeasured, sweepFiles, type SweepStore} from './sweep-store.ts';

export interface SweepSurroundings extends AddedInput {
	readonly store: SweepStore;
	readonly analyzer: AnalyzerAbilities;
	/** Resolves when nothing of the program is left. */
	readonly run: (order: ProgramOrder) => Promise<ProgramEnd>;
	readonly isStopped: () => boolean;
	readonly pointTimeoutMs: number;
	/** Request exports keep their tensors, however large they are. */
	readonly keepTensors: boolean;
	readonly slo: readonly SloLimit[];
	/** @param place of the point, from 1 */
	readonly onStart?: (record: SweepRecord, place: number) => void;
	readonly onEnd?: (record: SweepRecord, place: number, point: StudyPoint) => void;
}

export interface SweepEnd {
	/** In the plan's order: all that were tried, in this call or an earlier one. */
	readonly points: readonly StudyPoint[];
	/** Before all were tried. */
	readonly interrupted: boolean;
}

const writeCommand = (folder: string, command: readonly string[]): void =>
	writeFileSync(
		path.join(folder, pointFiles.command),
		`${formatCommand(['cd', folder])}\n${formatCommand(command)}\n`,
	);

/** What an attempt that was cut off has left is kept, beside: perf_analyzer refuses to write over an export. */
const makePointFolder = (folder: string, attempts: number): void => {
	if (existsSync(folder)) {
		renameSync(folder, attemptFolder(folder, Math.max(1, attempts)));
	}

	mkdirSync(folder, {recursive: true});
};

const read = (
	plan: SweepPlan,
	record: SweepRecord,
	{store, slo}: SweepSurroundings,
	outcome: PointOutcome | null,
): StudyPoint =>
	readPoint({
		folder: store.folderOf(record),
		shown: `${sweepFiles.points}/${record.folder}`,
		plan,
		point: record,
		slo,
		exportExpected: store.recordOf(record.folder).command?.includes(exportOption) === true,
		outcome,
	});

const concludePoint = (
	plan: SweepPlan,
	record: SweepRecord,
	surroundings: SweepSurroundings,
	end: ProgramEnd,
	startedAt: string,
): PointOutcome => {
	const folder = surroundings.store.folderOf(record);
	if (!surroundings.keepTensors) {
		slimExport(path.join(folder, pointFiles.export));
	}

	const {exitCode, signal, wallSeconds} = end;
	const ending = {startedAt, wallSeconds, exitCode, signal};
	if (end.kind === 'timed-out') {
		return {kind: 'timed-out', ...ending, limitSeconds: surroundings.pointTimeoutMs / 1000};
	}

	const point = read(plan, record, surroundings, null);
	return point.status === 'failed'
		? {kind: 'failed', ...ending, message: describePointFailure(folder, end, point)}
		: {kind: 'measured', ...ending};
};

const runWarmup = async (
	plan: SweepPlan,
	record: SweepRecord,
	{store, analyzer, run, pointTimeoutMs, input}: SweepSurroundings,
): Promise<ProgramEnd | undefined> => {
	const argv = warmupCommand(plan, record, analyzer, {input});
	const cwd = store.folderOf(record);
	const log = path.join(cwd, pointFiles.warmup);
	// Its window may well not be stable: how it ends tells nothing.
	return argv === null || countWarmup(plan, record) === 0
		? undefined
		: run({argv, cwd, stdout: log, stderr: log, timeoutMs: pointTimeoutMs});
};

/** @returns undefined where the user ended it: the point then counts as not measured */
const measurePoint = async (
	plan: SweepPlan,
	record: SweepRecord,
	surroundings: SweepSurroundings,
): Promise<PointOutcome | undefined> => {
	const {store, analyzer, run, input, pointTimeoutMs: timeoutMs} = surroundings;
	const cwd = store.folderOf(record);
	const argv = pointCommand(plan, record, analyzer, {input});
	makePointFolder(cwd, record.attempts);
	writeCommand(cwd, argv);
	store.recordStart(record.folder, argv);
	const warmup = await runWarmup(plan, record, surroundings);
	if (warmup?.kind === 'stopped') {
		return undefined;
	}

	const startedAt = new Date().toISOString();
	const stdout = path.join(cwd, pointFiles.stdout);
	const end = await run({argv, cwd, stdout, stderr: path.join(cwd, pointFiles.stderr), timeoutMs});
	return end.kind === 'stopped'
		? undefined
		: concludePoint(plan, record, surroundings, end, startedAt);
};

/** perf_analyzer looks at ten windows at most for three that are stable; each call of ours has three. */
const measureUntilStable = async (
	plan: SweepPlan,
	folder: string,
	surroundings: SweepSurroundings,
): Promise<PointOutcome | undefined> => {
	for (let tries = 1; ; tries++) {
		const record = surroundings.store.recordOf(folder);
		const outcome = await measurePoint(plan, record, surroundings);
		const isLast = tries >= plan.tries || surroundings.isStopped();
		if (outcome?.kind !== 'measured' || isLast) {
			return outcome;
		}

		if (read(plan, record, surroundings, outcome).status !== 'unstable') {
			return outcome;
		}
	}
};

/** Points that have numbers are not measured again. @throws ToolError when the disk refuses */
export const runSweep = async (
	plan: SweepPlan,
	surroundings: SweepSurroundings,
): Promise<SweepEnd> => {
	const {store, isStopped, onStart, onEnd} = surroundings;
	for (const [index, record] of store.points.entries()) {
		if (isMeasured(record)) {
			continue;
		}

		if (isStopped()) {
			break;
		}

		onStart?.(record, index + 1);
		const outcome = await measureUntilStable(plan, record.folder, surroundings);
		if (outcome === undefined) {
			break;
		}

		store.recordOutcome(record.folder, outcome);
		const ended = store.recordOf(record.folder);
		onEnd?.(ended, index + 1, read(plan, ended, surroundings, outcome));
	}

	const tried = store.points.filter(({outcome}) => outcome !== null);
	const interrupted = tried.length < store.points.length;
	store.finish(interrupted ? 'interrupted' : 'done');
	return {
		points: tried.map((record) => read(plan, record, surroundings, record.outcome)),
		interrupted,
	};
};
