/** Variant by variant: the server brought to it, its sweep run in a folder of its own. */

import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {ToolError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import type {PerfAnalyzer} from '../launcher/find-perf-analyzer.ts';
import {runProgram} from '../launcher/run-program.ts';
import type {ServerRoom} from '../launcher/server-process.ts';
import type {StopSwitch} from '../launcher/stop-signal.ts';
import {labelOf, slugOf, type InstanceVariant} from '../perf-analyzer/instance-variant.ts';
import {isMeasured, sweepFiles, SweepStore, type SweepMode} from '../perf-analyzer/sweep-store.ts';
import {runSweep, type SweepSurroundings} from '../perf-analyzer/sweep.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import type {StudyPoint} from '../schemas/study.ts';
import {SweepManifest, SweepPlan} from '../schemas/sweep.ts';
import type {InstanceHost} from './instance-host.ts';
import {prepareInput} from './sweep-input.ts';
import {SweepProgress} from './sweep-progress.ts';
import type {Terminal} from './terminal.ts';
import type {SweepRequest} from './triton-sweep-options.ts';

/** From asking perf_analyzer to end until it is killed. */
const graceMs = 3000;

export interface SeriesOptions {
	readonly request: SweepRequest;
	readonly variants: readonly InstanceVariant[];
	readonly host: InstanceHost;
	readonly room: ServerRoom;
	readonly analyzer: PerfAnalyzer;
	readonly stop: StopSwitch;
	readonly terminal: Terminal;
	/** Our command line. */
	readonly command: readonly string[];
}

export interface VariantResult {
	readonly variant: InstanceVariant;
	readonly plan: SweepPlan;
	readonly points: readonly StudyPoint[];
	/** Why it is not complete; undefined where it is, or where the user stopped. */
	readonly failure: ToolError | undefined;
}

export const planVariant = ({plan}: SweepRequest, variant: InstanceVariant): SweepPlan => ({
	...plan,
	label: labelOf(variant),
	model: variant.model,
	device: variant.device,
	instances: variant.instances,
});

const folderOf = ({outputFolder}: SweepRequest, variant: InstanceVariant): string =>
	path.join(outputFolder, slugOf(variant));

/** Of the same plan, with numbers for every point: then no server is needed. */
const isComplete = (folder: string, plan: SweepPlan): boolean => {
	const file = path.join(folder, sweepFiles.manifest);
	if (!existsSync(file)) {
		return false;
	}

	const found = readJsonFile(SweepManifest, file);
	return (
		JSON.stringify(found.plan) === JSON.stringify(SweepPlan.parse(plan)) &&
		found.points.every(isMeasured)
	);
};

/** A finished variant is shown again, and what failed in it measured again. */
const chooseMode = (folder: string, {mode}: SweepRequest): SweepMode => {
	const file = path.join(folder, sweepFiles.manifest);
	return mode === 'auto' && existsSync(file) && readJsonFile(SweepManifest, file).status === 'done'
		? 'resume'
		: mode;
};

const surround = (
	{request, host, room, analyzer, stop}: SeriesOptions,
	store: SweepStore,
	progress: SweepProgress,
	input: string | null,
): SweepSurroundings => ({
	...{store, analyzer, input},
	run: (order) => runProgram(order, {stop, token: room.programToken, graceMs}),
	isStopped: () => stop.level !== 'none' || host.findDeath() !== undefined,
	pointTimeoutMs: request.pointTimeoutMs,
	keepTensors: request.keepTensors,
	slo: request.slo,
	onStart: (record, place) => progress.showStart(record, place),
	onEnd: (record, place, point) => progress.showEnd(record, place, point),
});

interface VariantWork {
	readonly options: SeriesOptions;
	readonly variant: InstanceVariant;
	readonly plan: SweepPlan;
	readonly folder: string;
}

const openStore = ({options, plan, folder}: VariantWork, config: string | null): SweepStore => {
	const {request, analyzer, command} = options;
	return SweepStore.open({
		...{folder, plan, command},
		mode: chooseMode(folder, request),
		analyzer: {path: analyzer.path, version: analyzer.version},
		modelConfig: config === null ? null : createHash('sha256').update(config).digest('hex'),
	});
};

const sweepVariant = async (
	{options, plan}: VariantWork,
	store: SweepStore,
	config: string | null,
): Promise<readonly StudyPoint[]> => {
	const {analyzer, terminal} = options;
	const input = prepareInput(plan, store, analyzer, {config, terminal});
	using progress = new SweepProgress(terminal, plan.points);
	return (await runSweep(plan, surround(options, store, progress, input))).points;
};

/** @returns undefined where the user stopped before anything was measured */
const measureVariant = async (work: VariantWork): Promise<VariantResult | undefined> => {
	const {options, variant, plan} = work;
	const {host} = options;
	const brought = await host.bring(variant);
	if (brought.kind === 'stopped') {
		return undefined;
	}

	if (brought.kind === 'failed') {
		return {variant, plan, points: [], failure: brought.error};
	}

	const store = openStore(work, brought.config.text);
	const points = await sweepVariant(work, store, brought.config.text);
	const failed = store.points.filter((record) => record.outcome !== null && !isMeasured(record));
	const failure =
		host.findDeath() ??
		(failed.length === 0
			? undefined
			: new ToolError(`${plural(failed.length, 'point')} of ${store.points.length} failed`, {
					next: `${store.folder} has what perf_analyzer wrote; the same command measures them again.`,
				}));
	return {variant, plan, points, failure};
};

/** Complete already, in an earlier call: read again. */
const readVariant = async (work: VariantWork): Promise<VariantResult> => {
	const points = await sweepVariant(work, openStore(work, null), null);
	return {variant: work.variant, plan: work.plan, points, failure: undefined};
};

const nameSources = ({variant, ...result}: VariantResult): VariantResult => ({
	...result,
	variant,
	points: result.points.map((point) => ({
		...point,
		sources: point.sources.map((source) => ({
			...source,
			file: `${slugOf(variant)}/${source.file}`,
		})),
	})),
});

/** Ends at the first variant that is not begun when the user stops. @throws UserError, ToolError of a folder that is no place */
export const runSeries = async (options: SeriesOptions): Promise<readonly VariantResult[]> => {
	const {request, variants, stop, terminal} = options;
	const results: VariantResult[] = [];
	for (const [index, variant] of variants.entries()) {
		const [plan, folder] = [planVariant(request, variant), folderOf(request, variant)];
		const work = {options, variant, plan, folder};
		const title = `${index + 1}/${variants.length} ${labelOf(variant)}`;
		if (request.mode !== 'fresh' && isComplete(folder, plan)) {
			terminal.say('info', `${title}: measured already`);
			results.push(nameSources(await readVariant(work)));
			continue;
		}

		if (stop.level !== 'none') {
			continue;
		}

		terminal.say('info', `${title}: ${plural(plan.points.length, 'point')}`);
		const result = await measureVariant(work);
		if (result !== undefined) {
			results.push(nameSources(result));
			sayFailure(result, terminal);
		}
	}

	return results;
};

const sayFailure = ({failure}: VariantResult, terminal: Terminal): void => {
	if (failure !== undefined) {
		const {ending, tail = '', next} = failure.failure;
		const end = ending === undefined ? '' : ` (${ending})`;
		const words = [...tail.split('\n').filter((line) => line !== ''), ...(next ? [next] : [])];
		terminal.say(
			'error',
			[`  failed: ${failure.message}${end}`, ...words.map((line) => `    ${line}`)].join('\n'),
		);
	}
};
