/**
 * Variables that change how GPU programs run, by a list: what is not on it is never looked at. Names that smell of
 * secrets are left out even where a prefix would let them in.
 */

import type {Environment} from './worker-environment.ts';

const names: ReadonlySet<string> = new Set([
	'CUBLAS_WORKSPACE_CONFIG',
	'GOMP_CPU_AFFINITY',
	'JAX_PLATFORMS',
	'LD_LIBRARY_PATH',
	'LD_PRELOAD',
	'NODE_OPTIONS',
	'NVIDIA_DRIVER_CAPABILITIES',
	'NVIDIA_TF32_OVERRIDE',
	'NVIDIA_VISIBLE_DEVICES',
	'PYTHONHASHSEED',
	'PYTHONOPTIMIZE',
	'PYTORCH_ALLOC_CONF',
	'PYTORCH_CUDA_ALLOC_CONF',
	'SLURM_CPUS_PER_TASK',
	'SLURM_CPU_BIND',
	'SLURM_GPUS',
	'SLURM_JOB_GPUS',
	'SLURM_JOB_PARTITION',
	'SLURM_NTASKS',
	'SLURM_STEP_GPUS',
	'TF_ENABLE_ONEDNN_OPTS',
	'TF_FORCE_GPU_ALLOW_GROWTH',
	'TF_GPU_ALLOCATOR',
	'TF_XLA_FLAGS',
	'UV_THREADPOOL_SIZE',
	'XLA_FLAGS',
	'XLA_PYTHON_CLIENT_MEM_FRACTION',
	'XLA_PYTHON_CLIENT_PREALLOCATE',
]);

/** Families of settings that grow with every release. */
const prefixes: readonly string[] = [
	'CUDA_',
	'CUDNN_',
	'KMP_',
	'MALLOC_',
	'MKL_',
	'NCCL_',
	'NUMEXPR_',
	'OMP_',
	'OPENBLAS_',
	'TORCH_CUDA_',
	'TORCHINDUCTOR_',
];

const smellsSecret = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|PRIVATE|COOKIE/i;
/** "https://user:word@host" */
const holdsPassword = /:\/\/[^\s/@]*:[^\s/@]*@/;
const longestValue = 4096;

const isListed = (name: string): boolean =>
	(names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))) &&
	!smellsSecret.test(name);

/** In order of their names. */
export const fingerprintEnvironment = (env: Environment): Record<string, string> =>
	Object.fromEntries(
		Object.entries(env)
			.filter(
				(entry): entry is [string, string] =>
					entry[1] !== undefined && isListed(entry[0]) && !holdsPassword.test(entry[1]),
			)
			.map(([name, value]): [string, string] => [name, value.slice(0, longestValue)])
			.toSorted(([a], [b]) => (a < b ? -1 : 1)),
	);
