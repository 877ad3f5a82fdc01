/** Reports and exports as a side: what `reprocess` would make of each, and what they tell of the machine. */

import path from 'node:path';
import {readExportFacts, type ExportFacts} from '../nsys-parsers/export-facts.ts';
import {readTrace} from '../nsys-parsers/read-trace.ts';
import {describeComparedInput, type ResultFacts} from '../results/comparison/compared-input.ts';
import {fact, mergeFacts} from '../results/comparison/fingerprint.ts';
import {readOwnProcess} from '../results/comparison/own-values.ts';
import {computeProcessResult} from '../results/process-result.ts';
import type {ProcessResult} from '../schemas/benchmark-result.ts';
import type {Fact} from '../schemas/comparison-report.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {Trace} from '../schemas/trace.ts';
import type {Warning} from '../schemas/warning.ts';
import type {NamedPath, ReadSide, TraceOptions} from './compared-side.ts';
import {keepOnce, readProcess, type ReadProcess} from './compare-copies.ts';
import {readEvidence, withExport} from './evidence.ts';
import {readPlaceholder} from './placeholder-file.ts';

const listFacts = ({host, system, cpu, cores, driver, cuda, nsys, gpus}: ExportFacts): Fact[] => {
	const names = [...new Set(gpus.map(({name}) => name))].toSorted();
	const uuids = gpus.flatMap(({uuid}) => uuid ?? []).toSorted();
	const known = [
		['host', host],
		['cpu', cpu],
		['cores', cores],
		['os', system],
		['gpu', names.join(', ')],
		['gpu-uuid', uuids.join(', ')],
		['driver', driver],
		['cuda', cuda],
		['nsys', nsys],
	] as const;
	return known.flatMap(([name, value]) =>
		value === null || value === '' ? [] : [fact(name, value)],
	);
};

interface ReadTraceFile {
	readonly trace: Trace;
	readonly facts: readonly Fact[];
}

const readTraceFile = async (file: string, nsys: string | null): Promise<ReadTraceFile> => {
	const options = {nsys, keepSqlite: false};
	return path.basename(file) === workerFiles.recording
		? {trace: await readEvidence(file, options), facts: []}
		: withExport(file, options, (exported) => ({
				trace: readTrace(exported),
				facts: listFacts(readExportFacts(exported)),
			}));
};

interface MeasuredTrace {
	readonly result: ProcessResult;
	readonly facts: readonly Fact[];
	/** null where the trace does not tell. */
	readonly originUnixNs: bigint | null;
}

const measureTrace = async (file: string, options: TraceOptions): Promise<MeasuredTrace> => {
	const nsys = /\.sqlite3?$/.test(file) ? null : await options.findNsys();
	const {trace, facts} = await readTraceFile(file, nsys);
	const {warmupBatches, batchPattern} = options;
	const {placeholder} = readPlaceholder(path.dirname(file));
	const {result} = computeProcessResult(trace, {warmupBatches, batchPattern, placeholder});
	return {result, facts, originUnixNs: trace.originUnixNs};
};

const noteWarnings = (
	{result}: MeasuredTrace,
	file: string,
	isAlone: boolean,
): readonly Warning[] =>
	result.warnings
		// No batches: then there is no warm-up to speak of either, and most traces have none.
		.filter(({code}) => code !== 'no-batches')
		.map(({code, message}) => ({
			code,
			message: isAlone ? message : `${path.basename(file)}: ${message}`,
		}));

/** @throws UserError, ToolError for what cannot be read */
export const measureTraces = async (
	named: NamedPath,
	files: readonly string[],
	options: TraceOptions,
): Promise<ReadSide> => {
	const read: (MeasuredTrace & ReadProcess)[] = [];
	for (const file of files) {
		const measured = await measureTrace(file, options);
		const process = readOwnProcess(measured.result, 0, measured.originUnixNs);
		read.push({...measured, ...readProcess(file, process)});
	}

	const {kept: measured, copies, notes} = keepOnce(named, read);
	const {warmupBatches, batchPattern} = options;
	const results = measured.map(({result}): ResultFacts => ({
		format: 'nsys-benchmark',
		batchValue: 'median',
		meta: result.meta,
		warmupBatches,
	}));
	const starts = measured.flatMap(({originUnixNs}) =>
		originUnixNs === null ? [] : Number(originUnixNs / 1_000_000n),
	);
	return {
		side: {
			input: describeComparedInput({
				...named,
				kind: 'traces',
				results,
				repeats: measured.map(() => 0),
				manifest: null,
				facts: mergeFacts(...measured.map(({facts}) => facts)),
				startedAt: starts.length === 0 ? null : new Date(Math.min(...starts)).toISOString(),
			}),
			processes: measured.map(({process}) => process),
			meansOnly: false,
			copies,
			rounds: null,
			notes: [
				...notes,
				...measured.flatMap((one) =>
					noteWarnings(one, one.file, files.length === 1).map(({code, message}) => ({
						code,
						message: `${named.label}: ${message}`,
					})),
				),
			],
		},
		manifest: null,
		traces: measured
			.filter(({file}) => path.basename(file) !== workerFiles.recording)
			.map(({file}) => ({file, warmupBatches, batchPattern})),
	};
};
