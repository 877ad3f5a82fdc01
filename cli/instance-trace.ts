/** `--trace-server` of `triton instances`: each measured model once more, its server under nsys, for one short load. */

import {mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {runProgram} from '../launcher/run-program.ts';
import {slugOf} from '../perf-analyzer/instance-variant.ts';
import {copyRepository} from '../perf-analyzer/model-repository.ts';
import {pointFiles, warmupCommand} from '../perf-analyzer/sweep-plan.ts';
import type {ServerClient} from '../perf-analyzer/server-client.ts';
import type {InstanceOptions} from './instance-options.ts';
import type {SeriesOptions, VariantResult} from './instance-series.ts';
import {printRows} from './print-rows.ts';
import type {Parsed} from './options.ts';
import {mayLinkFor, repositoryPlaceholder} from './restart-host.ts';
import {traceServer, type ServerTrace} from './server-trace.ts';
import {sayWarnings} from './warning-lines.ts';

export interface TraceOrder {
	readonly series: Omit<SeriesOptions, 'variants' | 'host'>;
	readonly options: InstanceOptions;
	readonly client: ServerClient;
	readonly env: NodeJS.ProcessEnv;
	/** Of the sweep: the format of tables. */
	readonly parsed: Parsed;
}

/** The last variant of each model that has numbers: with the most instances, as a rule. */
const chooseResults = (results: readonly VariantResult[]): readonly VariantResult[] => [
	...new Map(
		results
			.filter(({points}) => points.some(({status}) => status !== 'failed'))
			.map((result) => [result.variant.model, result]),
	).values(),
];

/** The heaviest load: what queues there shows where the time goes. One window of a second. */
const driveServer = async (
	{series}: TraceOrder,
	{plan}: VariantResult,
	folder: string,
): Promise<void> => {
	const {analyzer, room, stop} = series;
	const point = plan.points.at(-1);
	const argv =
		point === undefined
			? null
			: warmupCommand({...plan, warmupRequests: 1}, point, {...analyzer, warmup: false});
	if (argv === null) {
		return;
	}

	const log = path.join(folder, pointFiles.stdout);
	await runProgram(
		{argv, cwd: folder, stdout: log, stderr: log, timeoutMs: series.request.pointTimeoutMs},
		{stop, token: room.programToken, graceMs: 3000},
	);
};

const traceResult = async (
	order: TraceOrder,
	result: VariantResult,
): Promise<ServerTrace | undefined> => {
	const {series, options, client, env} = order;
	const {way, nsys, timeoutMs} = options;
	if (way.kind !== 'restart') {
		return undefined;
	}

	const {variant} = result;
	const folder = path.join(series.request.outputFolder, 'server', `trace-${slugOf(variant)}`);
	mkdirSync(folder, {recursive: true});
	const copy = path.join(series.room.scratch, 'models-traced');
	rmSync(copy, {recursive: true, force: true});
	const mayLink = mayLinkFor(way.command);
	copyRepository(way.repository, variant.edited, variant.request, {to: copy, mayLink});
	return traceServer(
		{
			...{nsys, env, client, timeoutMs, folder},
			stop: series.stop,
			model: variant.model,
			command: way.command.map((word) => word.replaceAll(repositoryPlaceholder, copy)),
			drive: () => driveServer(order, result, folder),
		},
		series.room,
	);
};

/** @throws UserError, ToolError where there is no nsys, or no report */
export const traceVariants = async (
	order: TraceOrder,
	results: readonly VariantResult[],
): Promise<void> => {
	const {terminal, stop} = order.series;
	for (const result of chooseResults(results)) {
		if (stop.level !== 'none') {
			return;
		}

		terminal.say('info', `tracing ${result.plan.label}`);
		const trace = await traceResult(order, result);
		if (trace !== undefined) {
			sayWarnings(trace.input.trace.warnings, terminal);
			terminal.say('info', `trace      ${trace.report}`);
			await printRows(trace.ranges, order.parsed, terminal);
			if ((trace.kernels.length ?? 1) > 0) {
				await printRows(trace.kernels, order.parsed, terminal);
			}
		}
	}
};
