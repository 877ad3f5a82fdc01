/**
 * A server that runs already and lets its models be loaded (explicit model control): each variant is loaded with a
 * configuration of its own, and no file is touched.
 *
 * Triton keeps such a configuration until it is given another: to load once more without one changes nothing (seen with
 * 2.51.0). So the one that it had is given back at the end, and kept in a file meanwhile: where we are killed, the next
 * call finds it there.
 */

import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {messageOf, ToolError, UserError} from '../base/errors.ts';
import type {StopSignal} from '../launcher/stop-signal.ts';
import type {InstanceLayout, InstanceVariant} from '../perf-analyzer/instance-variant.ts';
import {
	layoutOf,
	differInInstancesOnly,
	editServedConfig,
	stepsOf,
} from '../perf-analyzer/served-instances.ts';
import {
	parseServedConfig,
	type ServedConfig,
	type ServerClient,
} from '../perf-analyzer/server-client.ts';
import {awaitVariant, refuseEnsemble, type Brought, type InstanceHost} from './instance-host.ts';

export interface ReloadOptions {
	readonly client: ServerClient;
	/** For a model to be loaded and ready. */
	readonly timeoutMs: number;
	readonly stop: StopSignal;
	/** Configurations are kept there until they are put back. */
	readonly folder: string;
}

/** Left by a call that was killed: what the server has now is that call's, unless it was given another since. */
const readKept = (file: string, now: ServedConfig): ServedConfig | undefined => {
	const kept = existsSync(file) ? parseServedConfig(readFileSync(file, 'utf8')) : undefined;
	return kept !== undefined &&
		typeof kept !== 'string' &&
		kept.text !== now.text &&
		differInInstancesOnly(kept.text, now.text)
		? kept
		: undefined;
};

export class ReloadHost implements InstanceHost {
	private readonly options: ReloadOptions;
	private readonly originals = new Map<string, ServedConfig>();
	/** Measured models that we have loaded. */
	private readonly loaded = new Set<string>();
	/** Have other instances than they had. */
	private readonly changed = new Set<string>();

	constructor(options: ReloadOptions) {
		this.options = options;
	}

	private keptFile(model: string): string {
		return path.join(this.options.folder, `original-${model}.json`);
	}

	/** @throws UserError for an ensemble, ToolError where the server does not answer or does not load it */
	async open(models: readonly string[], edited: string | null): Promise<void> {
		const {client, timeoutMs} = this.options;
		await client.requireLive();
		for (const model of models) {
			if ((await client.readConfig(model)) === undefined) {
				await client.load(model, timeoutMs);
				this.loaded.add(model);
			}
		}

		for (const model of edited === null ? models : [edited]) {
			await this.keep(model);
		}
	}

	private async keep(model: string): Promise<void> {
		const {client, folder} = this.options;
		const now = await client.readConfig(model);
		if (now === undefined) {
			throw new UserError(`the server has not loaded ${model}`, {
				next: '--instances-of takes one of the models that the measured one calls.',
			});
		}

		const steps = stepsOf(now.model);
		if (steps !== undefined) {
			refuseEnsemble(model, steps);
		}

		const file = this.keptFile(model);
		mkdirSync(folder, {recursive: true});
		const original = readKept(file, now) ?? now;
		if (original !== now) {
			this.changed.add(model);
		}

		writeFileSync(file, original.text);
		this.originals.set(model, original);
	}

	/** How its instances were spread before we came. */
	layoutOf(model: string): InstanceLayout {
		const original = this.originals.get(model);
		return original === undefined ? {device: null, places: 1} : layoutOf(original.model);
	}

	findDeath(): undefined {
		// It is not ours: that it does not answer shows when it is asked.
		return undefined;
	}

	async bring(variant: InstanceVariant): Promise<Brought> {
		const {client, timeoutMs, stop} = this.options;
		const {edited, request} = variant;
		const original = this.originals.get(edited);
		if (original === undefined) {
			throw new Error(`${edited} was not kept`);
		}

		try {
			for (const other of [...this.changed].filter((model) => model !== edited)) {
				await this.putBack(other);
			}

			this.changed.add(edited);
			const config = editServedConfig(original.text, original.model, request);
			await this.loadUntilStopped(edited, config);
		} catch (error) {
			if (stop.level !== 'none') {
				return {kind: 'stopped'};
			}

			if (error instanceof ToolError) {
				return {kind: 'failed', error};
			}

			throw error;
		}

		return awaitVariant({
			client,
			variant,
			timeoutMs,
			stop,
			findDeath: () => undefined,
			onTimeout: (problem) =>
				new ToolError(`${problem} after ${timeoutMs / 1000} s`, {
					next: "The server's own log says more; --server-timeout gives it longer.",
				}),
		});
	}

	private async loadUntilStopped(model: string, config: string): Promise<void> {
		const {client, timeoutMs, stop} = this.options;
		const abort = new AbortController();
		const forget = stop.onRaise(() => abort.abort());
		try {
			await client.load(model, timeoutMs, {config, stop: abort.signal});
		} finally {
			forget();
		}
	}

	private async putBack(model: string): Promise<void> {
		const {client, timeoutMs} = this.options;
		const original = this.originals.get(model);
		if (original !== undefined) {
			await client.load(model, timeoutMs, {config: original.text});
			this.changed.delete(model);
		}
	}

	async close(): Promise<readonly string[]> {
		const problems: string[] = [];
		for (const [model] of this.originals) {
			try {
				if (this.changed.has(model)) {
					await this.putBack(model);
				}

				rmSync(this.keptFile(model), {force: true});
			} catch (error) {
				problems.push(
					`${model} still has other instances than before: ${messageOf(error)}. Its configuration is kept in ${this.keptFile(model)}; loading the model with it, or restarting the server, puts it back.`,
				);
			}
		}

		return [...problems, ...(await this.unload())];
	}

	private async unload(): Promise<readonly string[]> {
		const {client, timeoutMs} = this.options;
		const problems: string[] = [];
		for (const model of this.loaded) {
			try {
				await client.unload(model, timeoutMs);
			} catch (error) {
				problems.push(`${model} stays loaded, which it was not before: ${messageOf(error)}`);
			}
		}

		return problems;
	}
}
