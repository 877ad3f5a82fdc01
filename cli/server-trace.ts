/**
 * Where the server's compute time goes: it is started once more, under nsys, for one short load. Apart from the sweep,
 * since a traced server is slower: its numbers are shares, no measurements.
 */

import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {ToolError, UserError} from '../base/errors.ts';
import {findNsys} from '../launcher/find-nsys.ts';
import {readServerWords} from './server-log.ts';
import {profileCommand} from '../launcher/nsys-command.ts';
import {pythonAnnotations} from '../launcher/package-folders.ts';
import {describeNsysHome} from '../launcher/nsys-home.ts';
import type {ServerRoom} from '../launcher/server-process.ts';
import type {StopSignal} from '../launcher/stop-signal.ts';
import type {ServerClient} from '../perf-analyzer/server-client.ts';
import {
	listModelRanges,
	modelFinder,
	withModels,
	type ServedModels,
} from '../report/model-ranges.ts';
import {formatRows} from '../report/row-formats.ts';
import type {ModelCompute} from '../schemas/model-statistics.ts';
import type {ReportRows} from '../schemas/report-rows.ts';
import {howToGetNsys} from './choose-profiler.ts';
import {withExport} from './evidence.ts';
import {readRangeInput, type RangeInput} from './range-input.ts';
import {makeReports} from './range-report.ts';

export interface ServerTraceOptions {
	/** --nsys; null: search. */
	readonly nsys: string | null;
	readonly env: NodeJS.ProcessEnv;
	readonly client: ServerClient;
	/** The server's, without any placeholder. */
	readonly command: readonly string[];
	/** Must be ready. */
	readonly model: string;
	readonly timeoutMs: number;
	readonly stop: StopSignal;
	/** For the report and what is read from it. */
	readonly folder: string;
	/** The load, once the server is ready. */
	readonly drive: () => Promise<void>;
}

export interface ServerTrace {
	readonly report: string;
	/** A row for each model's computing, and one for each path of its ranges. */
	readonly models: ReportRows;
	/** A row per range name, thread and kernel, with the model; no rows without a GPU. */
	readonly kernels: ReportRows;
	readonly input: RangeInput;
}

/** nsys makes its report of what it recorded, which takes it about as long as recording. */
const reportMs = 180_000;

const pollMs = 200;

/** @throws UserError where there is none */
export const requireNsys = async (nsys: string | null, env: NodeJS.ProcessEnv): Promise<string> => {
	const {chosen} = await findNsys({explicit: nsys, env});
	if (chosen === null) {
		throw new UserError('--trace-server needs nsys, and none was found', {next: howToGetNsys});
	}

	return chosen.path;
};

const awaitReady = async (
	{client, model, timeoutMs, stop}: ServerTraceOptions,
	hasEnded: () => boolean,
): Promise<boolean> => {
	const deadline = performance.now() + timeoutMs;
	while (performance.now() < deadline && !hasEnded() && stop.level === 'none') {
		if ((await client.isReady()) && (await client.isModelReady(model))) {
			return true;
		}

		await new Promise((resolve) => setTimeout(resolve, pollMs));
	}

	return false;
};

/** Triton's Python backend: `triton_python_backend_stub <models>/<model>/<version>/model.py ...`, for each instance. */
export const findModelProcesses = (
	commands: ReadonlyMap<number, readonly string[]>,
): ReadonlyMap<number, string> =>
	new Map(
		[...commands].flatMap(([pid, [program = '', file = '']]) =>
			path.basename(program) === 'triton_python_backend_stub' && path.isAbsolute(file)
				? [[pid, path.basename(path.dirname(path.dirname(file)))] as const]
				: [],
		),
	);

/** An ensemble computes nothing itself: what it counts is what its models do. */
const readComputes = async (client: ServerClient): Promise<readonly ModelCompute[]> => {
	const computes: ModelCompute[] = [];
	for (const compute of await client.readComputes()) {
		const config = await client.readConfig(compute.model);
		if (config?.model.ensemble_scheduling === undefined) {
			computes.push(compute);
		}
	}

	return computes;
};

interface Recorded {
	readonly report: string;
	readonly served: ServedModels;
}

const recordServer = async (
	options: ServerTraceOptions,
	nsys: string,
	room: ServerRoom,
): Promise<Recorded> => {
	const {folder, command, drive, timeoutMs} = options;
	mkdirSync(folder, {recursive: true});
	const stem = path.join(folder, 'report');
	const report = `${stem}.nsys-rep`;
	const log = path.join(folder, 'nsys.log');
	[report, log].forEach((file) => rmSync(file, {force: true}));
	const inherited = process.env['PYTHONPATH'];
	const server = room.start({
		// For models in Python that have ranges of perf_utils.
		env: {
			PYTHONPATH: [pythonAnnotations, ...(inherited === undefined ? [] : [inherited])].join(':'),
		},
		argv: profileCommand({nsys, trace: ['cuda', 'nvtx'], nsysArguments: [], report: stem, command}),
		log,
		profilerFolders: describeNsysHome(nsys).folders,
	});
	const failure = (problem: string): ToolError =>
		new ToolError(problem, {ending: server.endingText ?? '', tail: readServerWords(log), log});
	let served: ServedModels;
	try {
		if (!(await awaitReady(options, () => server.ending !== null))) {
			throw failure(
				server.ending === null
					? `the server under nsys was not ready after ${timeoutMs / 1000} s`
					: 'the server under nsys ended before it was ready',
			);
		}

		await drive();
		served = {
			computes: await readComputes(options.client),
			processes: findModelProcesses(server.listCommands()),
		};
	} finally {
		await server.endProfiled(reportMs);
	}

	if (!existsSync(report)) {
		throw failure('nsys wrote no report of the server');
	}

	return {report, served};
};

const readRows = (input: RangeInput, rows: 'paths' | 'kernels'): ReportRows => {
	const chosen = {rows, detail: false, nvidiaRules: false, attributeThreads: false};
	return makeReports([input], chosen)[0] ?? {columns: [], rows: []};
};

const writeRows = (file: string, rows: ReportRows): void =>
	writeFileSync(file, [...formatRows(rows, 'csv')].join(''));

/** @throws UserError without nsys, ToolError where the server does not start or leaves no report */
export const traceServer = async (
	options: ServerTraceOptions,
	room: ServerRoom,
): Promise<ServerTrace> => {
	const {folder, stop} = options;
	const nsys = await requireNsys(options.nsys, options.env);
	const {report, served} = await recordServer(options, nsys, room);
	const input = await withExport(report, {nsys, keepSqlite: false, stop}, (exported) =>
		readRangeInput(exported, {
			...{details: true, kernels: true, cudaGraphs: true},
			...{attributeThreads: false, timeline: undefined},
		}),
	);
	const models = listModelRanges(input.trace, served);
	const kernels = withModels(readRows(input, 'kernels'), modelFinder(served));
	writeRows(path.join(folder, 'models.csv'), models);
	writeRows(path.join(folder, 'ranges.csv'), readRows(input, 'paths'));
	writeRows(path.join(folder, 'kernels.csv'), kernels);
	return {report, input, models, kernels};
};
