import {UserError} from '../base/errors.ts';
import type {ClockWish} from '../schemas/clocks.ts';
import type {CpuAffinity} from './cpu-affinity.ts';

/** What one run was asked to do. */
export interface RunOptions {
	/** The program and its own arguments, as typed. */
	readonly programArgv: readonly string[];
	/** -np */
	readonly processesPerGpu: number;
	/** -ng */
	readonly gpus: number;
	/** -go: ordinal of the first GPU. */
	readonly gpuOffset: number;
	/** --gpus, by index, UUID or MIG UUID: as many as `gpus` says, and no offset. Empty: those that come first. */
	readonly gpuNames: readonly string[];
	/** --cpu-affinity: what CPUs each program is bound to. */
	readonly cpuAffinity: CpuAffinity;
	readonly repeats: number;
	/** -w: batches at each end that do not count. */
	readonly warmupBatches: number;
	/** The regular expression that finds batches by name. */
	readonly batchPattern: string;
	/** -o, absolute. */
	readonly outputFolder: string;
	/** What nsys traces. */
	readonly trace: readonly string[];
	/** The user's own words to `nsys profile`, after ours. */
	readonly nsysArguments: readonly string[];
	/** How long one program may run, in seconds; null: as long as it likes. */
	readonly timeoutSeconds: number | null;
	/** --python: the interpreter for .py programs; null: the virtual environment's or python3. */
	readonly python: string | null;
	readonly scriptArguments: ScriptArguments;
	readonly keepSqlite: boolean;
	readonly profiler: 'auto' | 'nsys' | 'builtin';
	/**
	 * --sync-start: the workers of a repeat begin their first batches together; the first one to come waits this long for
	 * the others, in seconds. null: each begins when it is ready.
	 */
	readonly syncStartSeconds: number | null;
	/** --metrics-interval: how often GPUs are sampled, in milliseconds. Absent or null: not at all, --no-metrics. */
	readonly metricsIntervalMs?: number | null;
	/** --drop-throttled: leave batches out of the statistics in which the GPU was held down. */
	readonly dropThrottled?: boolean;
	/** --attribute-threads: GPU work of threads without ranges goes to their process's main annotated thread. */
	readonly attributeThreads?: boolean;
	/** Absent or null: clocks are left alone. */
	readonly clocks?: ClockRequest | null;
}

/** -m or --lock-clocks. */
export interface ClockRequest {
	readonly wish: ClockWish;
	/** --dry-run: compose and print the commands, send none, run nothing. */
	readonly dryRun: boolean;
}

/** Whether `--output_dir <folder> --device_id 0` is put before the program's arguments; auto: where it looks wanted. */
export type ScriptArguments = 'auto' | 'always' | 'never';

export const defaultTrace: readonly string[] = ['cuda', 'nvtx'];

const requireCount = (flag: string, what: string, value: number, least: number): void => {
	if (!Number.isSafeInteger(value) || value < least) {
		throw new UserError(`${flag} ${value}: ${what} must be a whole number, ${least} or more`);
	}
};

const requireTimeout = (seconds: number | null): void => {
	if (seconds !== null && !(seconds > 0 && Number.isFinite(seconds))) {
		throw new UserError(`--timeout ${seconds}: must be a number of seconds above 0`);
	}
};

/** Two counts of the same thing: which one is meant cannot be guessed. */
const requireNames = ({gpus, gpuOffset, gpuNames}: RunOptions): void => {
	if (gpuNames.length > 0 && gpuNames.length !== gpus) {
		throw new UserError(
			`--gpus ${gpuNames.join(',')} names ${gpuNames.length}, but -ng ${gpus} was given`,
			{next: 'Leave -ng out: it is the number of GPUs that --gpus names.'},
		);
	}

	if (gpuNames.length > 0 && gpuOffset !== 0) {
		throw new UserError(`-go ${gpuOffset} has no meaning beside --gpus ${gpuNames.join(',')}`, {
			next: 'Leave -go out: --gpus names the GPUs themselves.',
		});
	}
};

/** @throws UserError for numbers that make no sense on any machine */
export const checkRunOptions = (options: RunOptions): void => {
	requireCount('-np', 'processes per GPU', options.processesPerGpu, 1);
	requireCount('-ng', 'the number of GPUs', options.gpus, 1);
	requireCount('-go', 'the first GPU', options.gpuOffset, 0);
	requireNames(options);
	requireCount('-w', 'warm-up batches', options.warmupBatches, 0);
	requireCount('--repeat', 'repeats', options.repeats, 1);
	requireTimeout(options.timeoutSeconds);
	if (options.programArgv.length === 0) {
		throw new UserError('no program was given', {
			next: 'Name it after the options: benchmark -np 2 ./program.py',
		});
	}
};
