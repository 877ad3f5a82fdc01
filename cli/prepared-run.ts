/** A run that is planned but not started, and the manifest that it begins with. */

import os from 'node:os';
import type {CpuHost} from '../launcher/cpu-affinity.ts';
import {gatherFingerprint} from '../launcher/fingerprint.ts';
import {describeCpuHost} from '../launcher/gpu-places.ts';
import {listGpus, plainGpu, type ListedGpu} from '../launcher/list-gpus.ts';
import {describeMachine} from '../launcher/machine.ts';
import {planRun, type RunPlan} from '../launcher/plan.ts';
import {describeProgram} from '../launcher/program.ts';
import type {RunOptions} from '../launcher/run-options.ts';
import {describePlanHost} from '../launcher/plan-host.ts';
import type {Manifest, Profiler} from '../schemas/manifest.ts';
import {chooseProfiler, howToGetNsys} from './choose-profiler.ts';
import type {Context} from './command.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

/** What all runs of one command have in common. */
export interface RunHost {
	readonly profiler: Profiler;
	readonly gpus: readonly ListedGpu[];
	/** null: no CPUs are to be assigned. */
	readonly cpus: CpuHost | null;
}

export interface PreparedRun extends RunHost {
	readonly plan: RunPlan;
	/** Variables for the program on top of our own. */
	readonly environment: Readonly<Record<string, string>>;
}

/** @throws UserError, ToolError where --profiler or --nsys ask for what is not there */
export const prepareHost = async (
	{
		profiler,
		nsys,
		cpuAffinity,
	}: Pick<RunOptions, 'profiler' | 'cpuAffinity'> & {nsys: string | null},
	context: Context,
): Promise<RunHost> => {
	const [chosen, gpus] = await Promise.all([
		chooseProfiler({profiler, nsys}, context.env),
		listGpus(),
	]);
	return {profiler: chosen, gpus, cpus: await describeCpuHost(cpuAffinity, gpus, context.env)};
};

/** Before anything slow is searched for: a mistyped program is the commonest mistake. @throws UserError */
export const checkProgram = (
	options: RunOptions,
	{env}: Context,
	environment: PreparedRun['environment'] = {},
): void => {
	describeProgram(options.programArgv, options, {...env, ...environment});
};

/** @throws UserError for numbers that make no sense, or for GPUs that are not there */
export const prepareRun = (
	options: RunOptions,
	host: RunHost,
	context: Context,
	environment: PreparedRun['environment'] = {},
): PreparedRun => {
	const plan = planRun(options, describePlanHost(host, {...context.env, ...environment}));
	return {...host, plan, environment};
};

/** Where repeats go on until something is known: the plan before the first one. */
export const withoutWorkers = (prepared: PreparedRun): PreparedRun => ({
	...prepared,
	plan: {...prepared.plan, workers: []},
});

export const announceRun = ({plan, profiler}: PreparedRun, terminal: Terminal): void => {
	if (profiler.kind === 'nsys') {
		terminal.say('debug', `nsys ${profiler.version}: ${profiler.path}`);
		sayWarnings(plan.warnings, terminal);
	} else {
		const message = `Measured without nsys (${profiler.reason}): CPU times only, and only ranges of the annotation libraries. ${howToGetNsys}`;
		// That there is no GPU changes nothing here: its times are not measured anyway.
		const others = plan.warnings.filter(({code}) => code !== 'no-gpu');
		sayWarnings([{code: 'without-nsys', message}, ...others], terminal);
	}
};

/** What it is measured on is asked now: some tenths of a second. */
export const describeRun = async (prepared: PreparedRun, context: Context): Promise<Manifest> => {
	const {plan, profiler, gpus, environment} = prepared;
	const {options} = plan;
	const env = {...context.env, ...environment};
	const program = describeProgram(options.programArgv, options, env);
	return {
		formatVersion: 1,
		status: 'running',
		command: ['benchmark', ...context.argv],
		program: [...options.programArgv],
		workingDirectory: context.cwd,
		startedAt: new Date().toISOString(),
		endedAt: null,
		launcher: {pid: process.pid, host: os.hostname()},
		profiler,
		options: {
			processesPerGpu: options.processesPerGpu,
			gpus: options.gpus,
			gpuOffset: options.gpuOffset,
			...(options.gpuNames.length === 0 ? {} : {gpuNames: [...options.gpuNames]}),
			cpuAffinity: options.cpuAffinity,
			repeats: options.repeats,
			warmupBatches: options.warmupBatches,
			batchPattern: options.batchPattern,
			trace: [...options.trace],
			timeoutSeconds: options.timeoutSeconds,
			syncStartSeconds: options.syncStartSeconds,
			metricsIntervalMs: options.metricsIntervalMs ?? null,
			dropThrottled: options.dropThrottled ?? false,
			attributeThreads: options.attributeThreads ?? false,
		},
		...(Object.keys(environment).length === 0 ? {} : {environment}),
		machine: describeMachine(),
		gpus: gpus.map(plainGpu),
		fingerprint: await gatherFingerprint({program, env}),
		versions: {benchmark: context.version, node: process.versions.node},
		workers: plan.workers.map((worker) => ({...worker, outcome: null})),
	};
};
