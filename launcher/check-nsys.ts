/** Whether a nsys really works on this machine: profile, import, export, each tried on a program that does nothing. */

import path from 'node:path';
import {messageOf, ToolError} from '../base/errors.ts';
import type {WorkerOutcome} from '../schemas/manifest.ts';
import {workerFiles} from '../schemas/run-files.ts';
import {exportReport} from './export-report.ts';
import {planRun, type RunPlan} from './plan.ts';
import {openRunFolder} from './run-folder.ts';
import {defaultTrace} from './run-options.ts';
import {runWorkers} from './run-workers.ts';
import {StopSwitch} from './stop-signal.ts';
import type {Environment} from './worker-environment.ts';
import {createRunScratch, removeScratch} from './worker-scratch.ts';

export type NsysCheck =
	| {readonly works: true; readonly seconds: number}
	| {
			readonly works: false;
			/** profile: nothing was recorded; import: recorded, but no report; export: no SQLite file of the report. */
			readonly step: 'profile' | 'import' | 'export';
			readonly message: string;
			/** The tool's own last words. */
			readonly tail: string;
			readonly next: string;
	  };

const planTrial = (folder: string): RunPlan =>
	planRun(
		{
			programArgv: ['true'],
			processesPerGpu: 1,
			gpus: 1,
			gpuOffset: 0,
			gpuNames: [],
			cpuAffinity: 'none',
			repeats: 1,
			warmupBatches: 0,
			batchPattern: '^$',
			outputFolder: folder,
			trace: defaultTrace,
			nsysArguments: [],
			timeoutSeconds: 60,
			python: null,
			scriptArguments: 'never',
			keepSqlite: false,
			profiler: 'nsys',
			syncStartSeconds: null,
		},
		{gpus: [], cudaVisibleDevices: undefined},
	);

const explainOutcome = (outcome: WorkerOutcome | undefined): NsysCheck | undefined => {
	if (outcome?.kind === 'completed') {
		return undefined;
	}

	const failed = outcome?.kind === 'failed';
	return {
		works: false,
		step: failed && outcome.reason === 'import-failed' ? 'import' : 'profile',
		message: outcome?.message ?? 'nothing came of it',
		tail: outcome !== undefined && 'tail' in outcome ? outcome.tail : '',
		next: outcome !== undefined && 'next' in outcome ? outcome.next : '',
	};
};

const explainExport = (error: unknown): NsysCheck => ({
	works: false,
	step: 'export',
	message: messageOf(error),
	tail: error instanceof ToolError ? (error.failure.tail ?? '') : '',
	next: 'Try another nsys: `npm run nsys` fetches one, --nsys names one.',
});

/** @throws ToolError when no temporary folder can be made */
export const checkNsys = async (
	nsys: string,
	env: Environment = process.env,
): Promise<NsysCheck> => {
	const startedAt = performance.now();
	const folder = createRunScratch();
	try {
		const plan = planTrial(path.join(folder, 'out'));
		openRunFolder(plan.options.outputFolder, plan);
		const outcomes: WorkerOutcome[] = [];
		await runWorkers(plan, {
			profiler: {kind: 'nsys', path: nsys, version: ''},
			stop: new StopSwitch(),
			env,
			onPhase: () => undefined,
			onEnd: (_, outcome) => {
				outcomes.push(outcome);
			},
		});
		const failure = explainOutcome(outcomes[0]);
		if (failure !== undefined) {
			return failure;
		}

		const worker = path.join(plan.options.outputFolder, plan.workers[0]?.folder ?? '');
		await exportReport({
			nsys,
			report: path.join(worker, workerFiles.report),
			destination: path.join(folder, workerFiles.export),
		});
		return {works: true, seconds: (performance.now() - startedAt) / 1000};
	} catch (error) {
		return explainExport(error);
	} finally {
		removeScratch(folder);
	}
};
