/** What one call of perf_analyzer left in its folder, as one point of a study. */

import {
	closeSync,
	existsSync,
	openSync,
	readdirSync,
	readFileSync,
	readSync,
	statSync,
} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import type {SloLimit} from '../schemas/study-answers.ts';
import type {StudyPoint} from '../schemas/study.ts';
import type {Warning} from '../schemas/warning.ts';
import type {PointOutcome, SweepPlan, SweepPoint} from '../schemas/sweep.ts';
import {joinComposing} from './composing-csv.ts';
import {isCsv, parseCsv} from './csv.ts';
import {parseExport} from './export.ts';
import {joinMeasurement} from './join-points.ts';
import {judgePoint} from './judge-point.ts';
import {classifyMessage} from './messages.ts';
import {emptyPoint, type ParsedFile, type ParsedPoint} from './parsed-file.ts';
import {addReason} from './report-run.ts';
import {parseReport} from './report.ts';
import {pointFiles} from './sweep-plan.ts';

export interface ReadOrder {
	/** The point's folder. */
	readonly folder: string;
	/** The same, as the study names it. */
	readonly shown: string;
	readonly plan: SweepPlan;
	readonly point: SweepPoint;
	readonly slo: readonly SloLimit[];
	/** Whether perf_analyzer was asked for a request export: old ones have none. */
	readonly exportExpected: boolean;
	/** null: it has just ended, and is to be judged. */
	readonly outcome: PointOutcome | null;
}

/** A request is good within the limit of the highest percentile: p99=50ms, and all but a hundredth should be. */
const findGoodLimit = (slo: readonly SloLimit[]): number | null => {
	const limits = slo.filter(({percentile}) => percentile !== null);
	const highest = limits.toSorted((a, b) => (b.percentile ?? 0) - (a.percentile ?? 0))[0];
	return highest?.time ?? null;
};

const readText = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const parseExportFile = (order: ReadOrder): readonly ParsedPoint[] => {
	const file = path.join(order.folder, pointFiles.export);
	if (!existsSync(file)) {
		return [];
	}

	const descriptor = openSync(file, 'r');
	try {
		return parseExport(
			(into) => readSync(descriptor, into),
			`${order.shown}/${pointFiles.export}`,
			order.point.batchSize,
			findGoodLimit(order.slo),
		).points;
	} catch (error) {
		if (error instanceof UserError) {
			// Cut off before its first request: the other files tell what happened.
			return [];
		}

		throw error;
	} finally {
		closeSync(descriptor);
	}
};

/** The point's own CSV, with those of the models that it calls. */
const parseCsvFiles = ({folder, shown}: ReadOrder): readonly ParsedPoint[] => {
	const files = new Map<string, ParsedFile>();
	const names = existsSync(folder) ? readdirSync(folder).toSorted() : [];
	for (const name of names.filter((entry) => entry.endsWith(pointFiles.csv))) {
		const text = readText(path.join(folder, name));
		if (isCsv(text)) {
			files.set(`${shown}/${name}`, parseCsv(text, `${shown}/${name}`));
		}
	}

	joinComposing(files);
	return files.get(`${shown}/${pointFiles.csv}`)?.points ?? [];
};

const readMessages = ({folder}: ReadOrder): readonly Warning[] =>
	readText(path.join(folder, pointFiles.stderr))
		.split('\n')
		.map((line) => classifyMessage(line.trim())?.warning)
		.filter((warning) => warning !== undefined);

const isCut = ({reasons}: ParsedPoint): boolean => reasons.some(({code}) => code === 'export-cut');

const hasNumbers = ({client}: ParsedPoint): boolean => client.throughput !== undefined;

/** Of an export that ends too early, what was printed counts, if anything was. */
const withoutCut = (
	printed: readonly ParsedPoint[],
	exported: readonly ParsedPoint[],
): readonly ParsedPoint[] =>
	printed.some(hasNumbers) ? exported.filter((point) => !isCut(point)) : exported;

/**
 * perf_analyzer's JSON writer stops without a word at a number that JSON has not, and leaves the pieces of 64 KiB before it:
 * none, or some (2.51.0). The bytes of its random data are the same at every call: measured again, the export is lost again.
 */
const describeLostExport = (
	{folder, plan, exportExpected}: ReadOrder,
	printed: readonly ParsedPoint[],
	exported: readonly ParsedPoint[],
): readonly Warning[] => {
	if (!exportExpected || !printed.some(hasNumbers) || exported.some((point) => !isCut(point))) {
		return [];
	}

	const file = path.join(folder, pointFiles.export);
	const size = statSync(file, {throwIfNoEntry: false})?.size;
	const what =
		size === undefined
			? 'none was written'
			: size === 0
				? 'it is empty'
				: `it ends after ${size} bytes`;
	return [
		{
			code: 'export-lost',
			message: `no request export (${what}): the numbers are those that perf_analyzer prints, in whole microseconds, without p99.9 and goodput. It loses its export where an input or an output holds NaN or infinity, as its random data for FP inputs do: --input-data zero keeps it, or finite numbers of \`benchmark triton input --model ${plan.model}\`; --fresh measures anew`,
		},
	];
};

/** One call measures one point: should a file have more, the last is what it came to. */
const lastOf = (points: readonly ParsedPoint[]): readonly ParsedPoint[] => points.slice(-1);

const describeOutcome = ({outcome}: ReadOrder): readonly Warning[] => {
	if (outcome === null || (outcome.kind === 'measured' && outcome.exitCode === 0)) {
		return [];
	}

	if (outcome.kind === 'measured') {
		const how = outcome.signal ?? `exit code ${outcome.exitCode ?? 0}`;
		return [{code: 'bad-end', message: `perf_analyzer ended with ${how} after it had measured`}];
	}

	return outcome.kind === 'timed-out'
		? [
				{
					code: 'timed-out',
					message: `it had not ended after ${outcome.limitSeconds} s and was ended; --point-timeout gives it longer`,
				},
			]
		: [{code: 'point-failed', message: outcome.message}];
};

/** The variant; where several kinds of shared memory are swept, each is one. */
const labelOf = ({plan, point}: ReadOrder): string =>
	new Set(plan.points.map(({sharedMemory}) => sharedMemory)).size > 1
		? `${plan.label} ${point.sharedMemory === 'none' ? 'no' : point.sharedMemory} shared memory`
		: plan.label;

/** Never throws for what stands in the files. */
export const readPoint = (order: ReadOrder): StudyPoint => {
	const {folder, shown, plan, point} = order;
	const report = `${shown}/${pointFiles.stdout}`;
	const printed = [
		...lastOf(parseReport(readText(path.join(folder, pointFiles.stdout)), report).points),
		...lastOf(parseCsvFiles(order)),
	];
	const exported = lastOf(parseExportFile(order));
	const parsed =
		joinMeasurement([...printed, ...withoutCut(printed, exported)]) ??
		emptyPoint({kind: 'report', file: report, line: null});
	parsed.reasons = [...parsed.reasons];
	[
		...readMessages(order),
		...describeLostExport(order, printed, exported),
		...describeOutcome(order),
	].forEach((reason) => addReason(parsed, reason));
	judgePoint(parsed, plan);
	return {
		...parsed,
		label: labelOf(order),
		model: plan.model,
		load: point.load,
		batchSize: point.batchSize,
		protocol: point.protocol,
		sharedMemory: point.sharedMemory,
		device: plan.device,
		instances: plan.instances,
		repeat: point.repeat,
		status: (order.outcome?.kind ?? 'measured') === 'measured' ? parsed.status : 'failed',
	};
};
