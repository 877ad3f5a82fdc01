/** A run that is planned but not started, and the manifest that it begins with. */

import os from 'node:os';
import {describeMachine} from '../launcher/machine.ts';
import type {RunPlan} from '../launcher/plan.ts';
import type {Gpu, Manifest, Profiler} from '../schemas/manifest.ts';
import type {Context} from './command.ts';

export interface PreparedRun {
	readonly plan: RunPlan;
	readonly profiler: Profiler;
	readonly gpus: readonly Gpu[];
}

export const describeRun = ({plan, profiler, gpus}: PreparedRun, context: Context): Manifest => {
	const {options} = plan;
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
			repeats: options.repeats,
			warmupBatches: options.warmupBatches,
			batchPattern: options.batchPattern,
			trace: [...options.trace],
			timeoutSeconds: options.timeoutSeconds,
		},
		machine: describeMachine(),
		gpus: [...gpus],
		versions: {benchmark: context.version, node: process.versions.node},
		workers: plan.workers.map((worker) => ({...worker, outcome: null})),
	};
};
