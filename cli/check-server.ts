/** Asks a server how it is before the first point is measured: a sweep that cannot work should say so at once. */

import {connect} from 'node:net';
import {messageOf, ToolError} from '../base/errors.ts';
import {readServerUrl, ServerClient} from '../perf-analyzer/server-client.ts';
import type {SweepRequest} from './triton-sweep-options.ts';

const connectMs = 5000;

const defaultUrls = {http: 'localhost:8000', grpc: 'localhost:8001'} as const;

const howToStart = (model: string): string =>
	`Start the server, or give its address: -u host:port. To try it out: npm run triton, then samples/triton/serve.sh, which serves the model "pipeline"${model === 'pipeline' ? '' : `, not ${model}`}.`;

/** gRPC is left to perf_analyzer; that somebody listens, a connection tells. */
const requireListener = async (url: string, model: string): Promise<void> => {
	const {hostname, port} = readServerUrl(url, '-u');
	const problem = await new Promise<string | undefined>((resolve) => {
		const socket = connect({host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80)});
		const end = (found?: string): void => {
			socket.destroy();
			resolve(found);
		};
		socket.setTimeout(connectMs, () => end('no answer in time'));
		socket.once('connect', () => end());
		socket.once('error', (error) => end(messageOf(error) || 'connection refused'));
	});
	if (problem !== undefined) {
		throw new ToolError(`no server answers at ${url}: ${problem}`, {next: howToStart(model)});
	}
};

const requireModel = async (client: ServerClient, model: string): Promise<string | null> => {
	try {
		await client.requireLive();
	} catch (error) {
		throw error instanceof ToolError
			? new ToolError(error.message, {next: howToStart(model), cause: error})
			: error;
	}

	if (!(await client.isModelReady(model))) {
		throw new ToolError(`the server at ${client.url.href} has no model ${model} that is ready`, {
			next: `It lists what it has at: curl -X POST ${client.url.href}v2/repository/index`,
		});
	}

	return readConfig(client, model);
};

/** Servers other than Triton need not tell. */
const readConfig = async (client: ServerClient, model: string): Promise<string | null> => {
	try {
		return (await client.readConfig(model))?.text ?? null;
	} catch (error) {
		if (error instanceof ToolError) {
			return null;
		}

		throw error;
	}
};

/**
 * @returns the model's configuration as the server tells it; null where it does not
 * @throws ToolError when nobody answers there, or the model is not ready
 */
export const checkServer = async ({
	plan,
	serviceKind,
	guarded,
}: SweepRequest): Promise<string | null> => {
	if (serviceKind === 'triton_c_api') {
		return null;
	}

	let config: string | null = null;
	for (const protocol of new Set(plan.points.map((point) => point.protocol))) {
		const url = plan.urls[protocol] ?? defaultUrls[protocol];
		// What we would have to send along to be let in, only perf_analyzer sends.
		if (protocol === 'http' && serviceKind === 'triton' && !guarded) {
			config = await requireModel(new ServerClient(readServerUrl(url, '-u')), plan.model);
		} else {
			await requireListener(url, plan.model);
		}
	}

	return config;
};
