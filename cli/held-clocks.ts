/** GPU clocks for as long as something runs: set before, said to the terminal, restored after, whatever happens. */

import path from 'node:path';
import {messageOf, ToolError} from '../base/errors.ts';
import {holdClocks, type HeldClocks} from '../launcher/hold-clocks.ts';
import type {RunPlan} from '../launcher/plan.ts';
import {checkRunFolder} from '../launcher/run-folder.ts';
import type {ClockRequest} from '../launcher/run-options.ts';
import type {StopSignal} from '../launcher/stop-signal.ts';
import type {RunClocks} from '../schemas/clocks.ts';
import {
	describeDetails,
	describeFailures,
	describeRefusals,
	describeSet,
	describeUnrestored,
	formatWish,
} from './clock-lines.ts';
import type {Context} from './command.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

export type PlannedWorkers = Pick<RunPlan, 'workers'>;

/** Each once; of a MIG instance the GPU that it is part of. Those that are not known are none. */
export const listUsedGpus = (plans: readonly PlannedWorkers[]): readonly string[] => [
	...new Set(plans.flatMap(({workers}) => workers.flatMap(({gpuUuid}) => gpuUuid ?? []))),
];

const warn = (terminal: Terminal, message: string): void =>
	sayWarnings([{code: 'clocks', message}], terminal);

export const sayNoGpu = ({wish}: ClockRequest, terminal: Terminal): void =>
	warn(
		terminal,
		`${formatWish(wish)}: no GPU is known to be used, so no clocks are set; \`benchmark doctor\` lists what nvidia-smi sees.`,
	);

/** Ours, as we were started: the guardian calls it when we cannot. */
const restoreCommand = ({
	pid,
	startTicks,
}: {
	pid: number;
	startTicks: number;
}): readonly string[] => [
	process.execPath,
	...process.execArgv,
	path.resolve(process.argv[1] ?? ''),
	'doctor',
	'--restore',
	`--ended=${pid}:${startTicks}`,
];

const sayHeld = ({report, notes}: HeldClocks, terminal: Terminal): void => {
	const refusals = describeRefusals(report.gpus);
	const set = describeSet(report);
	if (set !== null) {
		terminal.say('info', set);
	}

	for (const message of [
		...(refusals === null ? [] : [refusals]),
		...report.gpus.flatMap(describeFailures),
		...notes,
	]) {
		warn(terminal, message);
	}

	report.gpus.flatMap(describeDetails).forEach((line) => terminal.say('debug', line));
};

const sayReleased = async (held: HeldClocks, terminal: Terminal): Promise<void> => {
	for (const gpu of await held.release()) {
		const message = describeUnrestored(gpu);
		if (message !== null) {
			terminal.say('error', `${terminal.decorate('red', 'error:')} ${message}`);
		} else if (gpu.kind === 'held') {
			terminal.say('info', `GPU ${gpu.index} keeps its clocks: another run still needs them.`);
		}
	}
};

const takeHold = async (
	{wish}: ClockRequest,
	uuids: readonly string[],
	{env, stop, terminal}: {env: NodeJS.ProcessEnv; stop: StopSignal; terminal: Terminal},
): Promise<HeldClocks | null> => {
	const refuse = (reason: string): null => {
		warn(terminal, `${formatWish(wish)}: no clocks are set: ${reason}`);
		return null;
	};

	try {
		const held = await holdClocks({uuids, wish, env, stop, restoreCommand});
		return typeof held === 'string' ? refuse(held) : held;
	} catch (error) {
		if (!(error instanceof ToolError)) {
			throw error;
		}

		return refuse(`${messageOf(error)}. ${error.failure.next ?? ''}`);
	}
};

/** Of run.json; empty where no clocks were asked for. */
export interface KeptClocks {
	readonly clocks?: RunClocks;
}

export interface ClockScene {
	/** null: clocks are left alone. */
	readonly request: ClockRequest | null;
	readonly plans: readonly Pick<RunPlan, 'workers' | 'options'>[];
	readonly stop: StopSignal;
	readonly terminal: Terminal;
	readonly context: Context;
}

/**
 * Nothing is measured before the clocks are set, nor after they are restored.
 * @param body gets what run.json keeps of it
 * @throws UserError for a clock that a GPU does not have, and as checkRunFolder; what body throws
 */
export const withClocks = async <Result>(
	{request, plans, stop, terminal, context}: ClockScene,
	body: (kept: KeptClocks) => Promise<Result>,
): Promise<Result> => {
	if (request === null) {
		return body({});
	}

	// Another run may be measuring in that folder, and on that GPU: its clock must not move for one that is refused.
	plans.forEach(({options}) => checkRunFolder(options.outputFolder));
	const uuids = listUsedGpus(plans);
	if (uuids.length === 0) {
		sayNoGpu(request, terminal);
		return body({clocks: {requested: request.wish, gpus: []}});
	}

	const held = await takeHold(request, uuids, {env: context.env, stop, terminal});
	if (held === null) {
		return body({clocks: {requested: request.wish, gpus: []}});
	}

	try {
		sayHeld(held, terminal);
		return await body({clocks: held.report});
	} finally {
		await sayReleased(held, terminal);
	}
};
