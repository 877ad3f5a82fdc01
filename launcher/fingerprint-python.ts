/** The Python of a program, and the versions of packages that make GPU programs fast or slow. */

import {execa} from 'execa';
import {PythonFacts} from '../schemas/fingerprint.ts';
import type {Environment} from './worker-environment.ts';

/** As pip names them. What is not installed costs some microseconds; nothing is imported. */
const packages: readonly string[] = [
	'accelerate',
	'cuda-bindings',
	'cuda-python',
	'cupy-cuda11x',
	'cupy-cuda12x',
	'cupy-cuda13x',
	'cvcuda-cu11',
	'cvcuda-cu12',
	'cvcuda-cu13',
	'deepspeed',
	'flash-attn',
	'jax',
	'jaxlib',
	'numba',
	'numpy',
	'nvcv-cu11',
	'nvcv-cu12',
	'nvidia-cublas-cu12',
	'nvidia-cuda-runtime-cu12',
	'nvidia-cudnn-cu12',
	'nvidia-dali-cuda120',
	'nvidia-nccl-cu12',
	'nvidia-nvimgcodec-cu12',
	'nvtx',
	'onnxruntime-gpu',
	'opencv-python',
	'opencv-python-headless',
	'pillow',
	'pynvvideocodec',
	'tensorflow',
	'tensorrt',
	'tensorrt-cu12',
	'torch',
	'torchvision',
	'transformers',
	'triton',
	'tritonclient',
	'vllm',
];

/** The current folder is no place to import from: a json.py there would be run. */
const script = `
import sys
if sys.path[:1] == [""]:
    del sys.path[0]
import json, platform
from importlib import metadata
found = {}
for name in sys.argv[1:]:
    try:
        version = metadata.version(name)
        if isinstance(version, str):
            found[name] = version
    except Exception:
        pass
print(json.dumps({"path": sys.executable, "version": platform.python_version(), "packages": found}))
`;

/** Long enough for a Python on a network disk that is asked for the first time. */
const answerMs = 10_000;

const parseAnswer = (stdout: string): PythonFacts | null => {
	try {
		// Start-up files of the user's may print before us.
		return PythonFacts.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
	} catch {
		// Not a Python after all, or one that is broken: the program's own run will tell.
		return null;
	}
};

/** null when it does not answer in time. @param python path of the interpreter */
export const fingerprintPython = async (
	python: string,
	env: Environment,
	timeoutMs = answerMs,
): Promise<PythonFacts | null> => {
	const asked = await execa(python, ['-c', script, ...packages], {
		reject: false,
		stdin: 'ignore',
		timeout: timeoutMs,
		forceKillAfterDelay: 500,
		env: {...env},
		extendEnv: false,
	});
	return asked.failed ? null : parseAnswer(asked.stdout);
};
