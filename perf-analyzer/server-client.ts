/**
 * Speaks to an inference server over HTTP: the KServe protocol's health and Triton's extensions for a model's
 * configuration and for loading (docs/protocol of triton-inference-server/server).
 */

import {messageOf, systemCodeOf, ToolError, UserError} from '../base/errors.ts';
import {checkShape} from '../schemas/lenient-json.ts';
import {ServedModel} from '../schemas/model-config.ts';
import {ServerModelStatistics, type ModelCompute} from '../schemas/model-statistics.ts';

export interface Answer {
	readonly status: number;
	readonly text: string;
}

export interface ServedConfig {
	/** The server's own words. */
	readonly text: string;
	readonly model: ServedModel;
}

/** @returns what is wrong with it, where it is none */
export const parseServedConfig = (text: string): ServedConfig | string => {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		return messageOf(error);
	}

	const checked = checkShape(ServedModel, value);
	return checked.kind === 'misfit' ? checked.problem : {text, model: checked.data};
};

/** Of all versions of a model together. */
export const parseComputes = (text: string): readonly ModelCompute[] => {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		// No JSON: another server, which need not tell.
		return [];
	}

	const checked = checkShape(ServerModelStatistics, value);
	const found = new Map<string, ModelCompute>();
	for (const {name, batch_stats: batches} of checked.kind === 'fits'
		? checked.data.model_stats
		: []) {
		const known = found.get(name) ?? {model: name, executions: 0, inferNs: 0};
		const counts = batches.flatMap(({compute_infer: infer}) => infer ?? []);
		found.set(name, {
			model: name,
			executions: counts.reduce((sum, {count}) => sum + count, known.executions),
			inferNs: counts.reduce((sum, {ns}) => sum + ns, known.inferNs),
		});
	}

	return [...found.values()].filter(({executions}) => executions > 0);
};

/** A look at a server's health; it answers at once or is busy starting. */
const lookMs = 5000;

/** @throws UserError */
export const readServerUrl = (text: string, flag: string): URL => {
	const full = /^https?:\/\//.test(text) ? text : `http://${text}`;
	if (!URL.canParse(full)) {
		throw new UserError(`${flag} takes host:port or http://host:port, not "${text}"`);
	}

	const url = new URL(full);
	url.pathname = url.pathname.replace(/\/*$/, '/');
	return url;
};

/** "connect ECONNREFUSED 127.0.0.1:8000": fetch's own message says nothing. */
const reasonOf = (error: unknown): string => {
	const {cause} = error instanceof Error ? error : {};
	if (error instanceof Error && error.name === 'TimeoutError') {
		return 'no answer in time';
	}

	return cause instanceof Error
		? messageOf(cause) || (systemCodeOf(cause) ?? 'no connection')
		: messageOf(error);
};

/** The server's sentence in {"error": "..."}, or all that it said. */
const errorOf = ({status, text}: Answer): string => {
	try {
		const body: unknown = JSON.parse(text);
		if (typeof body === 'object' && body !== null && 'error' in body) {
			return `${String(body.error).trim()} (HTTP ${status})`;
		}
	} catch {
		// No JSON: a proxy, or another program.
	}

	return text.trim() === '' ? `HTTP ${status}` : `${text.trim().slice(0, 500)} (HTTP ${status})`;
};

export class ServerClient {
	readonly url: URL;

	constructor(url: URL) {
		this.url = url;
	}

	private async ask(
		path: string,
		timeoutMs: number,
		body?: string,
		stop?: AbortSignal,
	): Promise<Answer> {
		const signals = [AbortSignal.timeout(timeoutMs), ...(stop === undefined ? [] : [stop])];
		const response = await fetch(new URL(`v2${path}`, this.url), {
			signal: AbortSignal.any(signals),
			...(body === undefined
				? {}
				: {method: 'POST', body, headers: {'Content-Type': 'application/json'}}),
		});
		return {status: response.status, text: await response.text()};
	}

	private async says(path: string): Promise<boolean> {
		try {
			return (await this.ask(path, lookMs)).status === 200;
		} catch {
			// Nobody listens (yet), or it is busy: not ready.
			return false;
		}
	}

	/** Whether anything answers there that speaks the protocol. */
	isLive(): Promise<boolean> {
		return this.says('/health/live');
	}

	isReady(): Promise<boolean> {
		return this.says('/health/ready');
	}

	isModelReady(model: string): Promise<boolean> {
		return this.says(`/models/${encodeURIComponent(model)}/ready`);
	}

	/** @throws ToolError when nobody answers there */
	async requireLive(): Promise<void> {
		try {
			await this.ask('/health/live', lookMs);
		} catch (error) {
			throw new ToolError(`no server answers at ${this.url.href}: ${reasonOf(error)}`, {
				next: 'Start the server, or give the address of its HTTP port with --http-url; --server-command starts one.',
				cause: error,
			});
		}
	}

	/** @returns undefined where the model is not loaded. @throws ToolError when there is no usable answer */
	async readConfig(model: string): Promise<ServedConfig | undefined> {
		const answer = await this.request(`/models/${encodeURIComponent(model)}/config`, lookMs);
		if (answer.status !== 200) {
			return undefined;
		}

		const config = parseServedConfig(answer.text);
		if (typeof config === 'string') {
			throw new ToolError(
				`${this.url.href} answers with no configuration of ${model} that Triton would: ${config}`,
				{next: 'Is that the address of a Triton server? --http-url takes another.'},
			);
		}

		return config;
	}

	/** Since the server was started; ensembles too. Empty where it does not tell. @throws ToolError when nobody answers */
	async readComputes(): Promise<readonly ModelCompute[]> {
		const answer = await this.request('/models/stats', lookMs);
		return answer.status === 200 ? parseComputes(answer.text) : [];
	}

	private async request(
		path: string,
		timeoutMs: number,
		body?: string,
		stop?: AbortSignal,
	): Promise<Answer> {
		try {
			return await this.ask(path, timeoutMs, body, stop);
		} catch (error) {
			throw new ToolError(`${this.url.href}v2${path} gave no answer: ${reasonOf(error)}`, {
				cause: error,
			});
		}
	}

	/**
	 * Loads a model, or loads it again with this configuration. Resolves when it is loaded.
	 * @throws ToolError with the server's words where it is refused
	 */
	async load(
		model: string,
		timeoutMs: number,
		{config, stop}: {readonly config?: string; readonly stop?: AbortSignal | undefined} = {},
	): Promise<void> {
		const body = JSON.stringify(config === undefined ? {} : {parameters: {config}});
		const path = `/repository/models/${encodeURIComponent(model)}/load`;
		const answer = await this.request(path, timeoutMs, body, stop);
		if (answer.status !== 200) {
			throw new ToolError(`the server does not load ${model}: ${errorOf(answer)}`, {
				next: /not allowed/i.test(answer.text)
					? 'Start it with --model-control-mode explicit, or let --server-command start one for each count.'
					: "The server's own log says more.",
			});
		}
	}

	/** @throws ToolError with the server's words where it is refused */
	async unload(model: string, timeoutMs: number): Promise<void> {
		const path = `/repository/models/${encodeURIComponent(model)}/unload`;
		const answer = await this.request(path, timeoutMs, '{}');
		if (answer.status !== 200) {
			throw new ToolError(`the server does not unload ${model}: ${errorOf(answer)}`);
		}
	}
}
