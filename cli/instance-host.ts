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

/** A server that is ready and refuses to load a model may be about to have it by itself; a wrong name it never has. */
const refusedMs = 10_000;

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

export interface ModelWait {
	readonly client: ServerClient;
	/** The measured one. */
	readonly model: string;
	readonly timeoutMs: number;
	readonly stop: StopSignal;
	/** Looked at each time, beside the server's answers. */
	readonly findDeath: () => ToolError | undefined;
	/** Added to the error where time is over. */
	readonly onTimeout: (problem: string) => ToolError;
}

export interface Wait extends Omit<ModelWait, 'model'> {
	readonly variant: InstanceVariant;
}

/** A model whose server is ready and does not load it by itself. Once: a refusal has its reasons, which the wait will tell. */
const loadOnce = async ({client, model, timeoutMs}: ModelWait): Promise<string | undefined> => {
	try {
		await client.load(model, timeoutMs);
		return undefined;
	} catch (error) {
		if (error instanceof ToolError) {
			return error.message;
		}

		throw error;
	}
};

type Failed = Extract<Brought, {kind: 'failed'}>;

/**
 * Until the server and the measured model are ready, and `check` finds nothing to wait for.
 * @param check the model's readiness aside; a text says what is not yet as it should be
 */
const awaitServer = async <Ready extends {readonly kind: 'ready'}>(
	wait: ModelWait,
	check: () => Promise<Ready | string>,
): Promise<Ready | {readonly kind: 'stopped'} | Failed> => {
	const {client, model, timeoutMs, stop, findDeath, onTimeout} = wait;
	const state: {problem: string; refusal: string | undefined; askedAt: number | undefined} = {
		problem: 'the server is not ready',
		refusal: undefined,
		askedAt: undefined,
	};
	const look = async (): Promise<Ready | Failed | undefined> => {
		const death = findDeath();
		if (death !== undefined) {
			return {kind: 'failed', error: death};
		}

		if (!(await client.isReady())) {
			return undefined;
		}

		if (!(await client.isModelReady(model))) {
			state.problem = `${model} is not ready`;
			if (state.askedAt === undefined) {
				state.refusal = await loadOnce(wait);
				state.askedAt = performance.now();
			}

			return state.refusal !== undefined && performance.now() - state.askedAt > refusedMs
				? {kind: 'failed', error: new ToolError(`${state.problem}; ${state.refusal}`)}
				: undefined;
		}

		const checked = await check();
		if (typeof checked === 'string') {
			state.problem = checked;
			return undefined;
		}

		return checked;
	};

	const seen = await lookUntil(look, performance.now() + timeoutMs, stop);
	if (stop.level !== 'none') {
		return {kind: 'stopped'};
	}

	const words = state.refusal === undefined ? '' : `; ${state.refusal}`;
	return seen ?? {kind: 'failed', error: onTimeout(`${state.problem}${words}`)};
};

export const awaitModel = (
	wait: ModelWait,
): Promise<{readonly kind: 'ready'} | {readonly kind: 'stopped'} | Failed> =>
	awaitServer(wait, () => Promise.resolve({kind: 'ready'}));

/** Until the server is ready, the measured model too, and the edited one has what was asked for. */
export const awaitVariant = ({variant, ...wait}: Wait): Promise<Brought> =>
	awaitServer({...wait, model: variant.model}, async () => {
		const config = await wait.client.readConfig(variant.edited);
		const mismatch =
			config === undefined
				? 'it is not loaded'
				: findInstanceMismatch(config.model, variant.request);
		return config === undefined || mismatch !== undefined
			? `${variant.edited} is not as asked for: ${mismatch ?? ''}`
			: {kind: 'ready', config};
	});

/** @throws UserError that names the models whose instances can be set */
export const refuseEnsemble = (model: string, steps: readonly string[]): never => {
	throw new UserError(`${model} is an ensemble, which has no instances of its own`, {
		next: `--instances-of takes the model whose instances are to vary: ${steps.join(', ')}.`,
	});
};
