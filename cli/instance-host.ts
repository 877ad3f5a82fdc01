/** A server that is brought to hold the instances that are to be measured, and what both ways of doing so share. */

import {setTimeout as sleep} from 'node:timers/promises';
import {ToolError, UserError} from '../base/errors.ts';
import type {StopSignal} from '../launcher/stop-signal.ts';
import type {InstanceVariant} from '../perf-analyzer/instance-variant.ts';
import type {ServedConfig, ServerClient} from '../perf-analyzer/server-client.ts';
import {findInstanceMismatch} from '../perf-analyzer/served-instances.ts';

export type Brought =
	/** The server's own configuration of the edited model. */
	| {readonly kind: 'ready'; readonly config: ServedConfig}
	| {readonly kind: 'stopped'}
	/** This variant cannot be measured; others may. */
	| {readonly kind: 'failed'; readonly error: ToolError};

export interface InstanceHost {
	bring(variant: InstanceVariant): Promise<Brought>;
	/** Why the server is no more; undefined while it lives, as far as we know. */
	findDeath(): ToolError | undefined;
	/** Leaves all as it was. @returns what could not be put back, in sentences */
	close(): Promise<readonly string[]>;
}

const pollMs = 200;

/** Looks until there is something to see, the run is stopped, or time is over. */
const lookUntil = async <Value>(
	look: () => Promise<Value | undefined>,
	deadline: number,
	stop: StopSignal,
): Promise<Value | undefined> => {
	for (;;) {
		const seen = await look();
		if (seen !== undefined || stop.level !== 'none' || performance.now() > deadline) {
			return seen;
		}

		await sleep(pollMs);
	}
};

export interface Wait {
	readonly client: ServerClient;
	readonly variant: InstanceVariant;
	readonly timeoutMs: number;
	readonly stop: StopSignal;
	/** Looked at each time, beside the server's answers. */
	readonly findDeath: () => ToolError | undefined;
	/** Added to the error where time is over. */
	readonly onTimeout: (problem: string) => ToolError;
}

/** A model whose server is ready and does not load it by itself. Once: a refusal has its reasons, which the wait will tell. */
const loadOnce = async ({client, variant, timeoutMs}: Wait): Promise<string | undefined> => {
	try {
		await client.load(variant.model, timeoutMs);
		return undefined;
	} catch (error) {
		if (error instanceof ToolError) {
			return error.message;
		}

		throw error;
	}
};

/** Until the server is ready, the measured model too, and the edited one has what was asked for. */
export const awaitVariant = async (wait: Wait): Promise<Brought> => {
	const {client, variant, timeoutMs, stop, findDeath, onTimeout} = wait;
	const state: {problem: string; refusal: string | undefined; asked: boolean} = {
		problem: 'the server is not ready',
		refusal: undefined,
		asked: false,
	};
	const look = async (): Promise<Brought | undefined> => {
		const death = findDeath();
		if (death !== undefined) {
			return {kind: 'failed', error: death};
		}

		if (!(await client.isReady())) {
			return undefined;
		}

		if (!(await client.isModelReady(variant.model))) {
			state.problem = `${variant.model} is not ready`;
			if (!state.asked) {
				state.asked = true;
				state.refusal = await loadOnce(wait);
			}

			return undefined;
		}

		const config = await client.readConfig(variant.edited);
		const mismatch =
			config === undefined
				? 'it is not loaded'
				: findInstanceMismatch(config.model, variant.request);
		if (config === undefined || mismatch !== undefined) {
			state.problem = `${variant.edited} is not as asked for: ${mismatch ?? ''}`;
			return undefined;
		}

		return {kind: 'ready', config};
	};

	const seen = await lookUntil(look, performance.now() + timeoutMs, stop);
	if (stop.level !== 'none') {
		return {kind: 'stopped'};
	}

	const words = state.refusal === undefined ? '' : `; ${state.refusal}`;
	return seen ?? {kind: 'failed', error: onTimeout(`${state.problem}${words}`)};
};

/** @throws UserError that names the models whose instances can be set */
export const refuseEnsemble = (model: string, steps: readonly string[]): never => {
	throw new UserError(`${model} is an ensemble, which has no instances of its own`, {
		next: `--instances-of takes the model whose instances are to vary: ${steps.join(', ')}.`,
	});
};
