/** `--trace-server` of `triton instances`: each measured model once more, its server under nsys, for one short load. */

import {mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {slugOf} from '../perf-analyzer/instance-variant.ts';
import {copyRepository} from '../perf-analyzer/model-repository.ts';
import type {ServerClient} from '../perf-analyzer/server-client.ts';
import type {InstanceOptions} from './instance-options.ts';
import type {SeriesOptions, VariantResult} from './instance-series.ts';
import type {Parsed} from './options.ts';
import {mayLinkFor, repositoryPlaceholder} from './restart-host.ts';
import {driveServer, showServerTrace} from './server-load.ts';
import {traceServer, type ServerTrace} from './server-trace.ts';

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
			drive: () =>
				driveServer(
					{plan: result.plan, ...series, pointTimeoutMs: series.request.pointTimeoutMs},
					folder,
				),
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
			await showServerTrace(trace, order.parsed, terminal);
		}
	}
};
