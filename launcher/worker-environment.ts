/** The environment of a worker: nsys's and the program's. Pure. */

import path from 'node:path';
import {workerEnvironment} from '../base/annotation-protocol.ts';
import type {PlannedWorker} from './plan.ts';
import type {WorkerScratch} from './worker-scratch.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentOrder {
	readonly worker: PlannedWorker;
	/** Absolute. */
	readonly folder: string;
	readonly scratch: WorkerScratch;
	readonly token: string;
	/** Where the libraries record by themselves; null under nsys. */
	readonly recordingFolder: string | null;
	/** Where the first batch waits for those of the other workers, and how long; null: nowhere. */
	readonly startLine: {readonly file: string; readonly timeoutSeconds: number} | null;
	/** The folder that makes `import perf_utils` work. */
	readonly pythonAnnotations: string;
	/** Our package's folder. */
	readonly packageRoot: string;
	/** What we were given ourselves. */
	readonly inherited: Environment;
}

/** Ours first, then the user's; an empty part would mean the current folder. */
const prependPath = (folder: string, inherited: string | undefined): string =>
	inherited === undefined || inherited === '' ? folder : `${folder}:${inherited}`;

/** `require` by name works where the package stands in a folder of its own name; import is helped by our hook. */
const nodePath = (packageRoot: string, inherited: string | undefined): string =>
	prependPath(path.dirname(packageRoot), inherited);

const ourNames: ReadonlySet<string> = new Set(Object.values(workerEnvironment));

/** A benchmark inside a benchmark must not take the outer one's words for its own. */
const withoutOurs = (inherited: Environment): Record<string, string> =>
	Object.fromEntries(
		Object.entries(inherited).filter(
			(entry): entry is [string, string] => entry[1] !== undefined && !ourNames.has(entry[0]),
		),
	);

/**
 * nvidia-smi counts GPUs by their place on the bus, CUDA by their speed unless told otherwise. Where the number is ours
 * (an incoming list keeps its own meaning), it is nvidia-smi's: whatever order was asked for, a worker sees one GPU.
 */
const deviceOrder = (inherited: Environment): Record<string, string> =>
	inherited['CUDA_VISIBLE_DEVICES'] === undefined ? {CUDA_DEVICE_ORDER: 'PCI_BUS_ID'} : {};

export const buildEnvironment = (order: EnvironmentOrder): Record<string, string> => {
	const {worker, scratch, inherited, recordingFolder, startLine} = order;
	return {
		...withoutOurs(inherited),
		...deviceOrder(inherited),
		CUDA_VISIBLE_DEVICES: worker.cudaVisibleDevices,
		TMPDIR: scratch.temporary,
		PYTHONPATH: prependPath(order.pythonAnnotations, inherited['PYTHONPATH']),
		NODE_PATH: nodePath(order.packageRoot, inherited['NODE_PATH']),
		[workerEnvironment.benchmarking]: '1',
		[workerEnvironment.outputFolder]: order.folder,
		[workerEnvironment.process]: String(worker.process),
		[workerEnvironment.gpu]: String(worker.gpu),
		[workerEnvironment.progressFile]: scratch.progressFile,
		[workerEnvironment.token]: order.token,
		...(recordingFolder === null ? {} : {[workerEnvironment.recordingFolder]: recordingFolder}),
		...(startLine === null
			? {}
			: {
					[workerEnvironment.syncFile]: startLine.file,
					[workerEnvironment.syncTimeout]: String(startLine.timeoutSeconds),
				}),
	};
};
