/** Whether the Python that would run `.py` programs runs, and how it would emit NVTX. */

import {execa} from 'execa';
import {pythonAnnotations} from './package-folders.ts';
import {findPython} from './program.ts';
import type {Environment} from './worker-environment.ts';

export type PythonCheck =
	| {
			readonly works: true;
			readonly path: string;
			readonly version: string;
			/** Version of the `nvtx` package; null: perf_utils speaks to the tool itself. */
			readonly nvtx: string | null;
	  }
	| {readonly works: false; readonly message: string};

const script = `
import importlib.util, platform
import perf_utils
from importlib import metadata
print(platform.python_version())
print(metadata.version("nvtx") if importlib.util.find_spec("nvtx") else "")
`;

/** @throws UserError when there is no such Python */
export const checkPython = async (
	python: string | null,
	env: Environment,
): Promise<PythonCheck> => {
	const path = findPython(python, env);
	const asked = await execa(path, ['-c', script], {
		reject: false,
		stdin: 'ignore',
		timeout: 20_000,
		env: {PYTHONPATH: pythonAnnotations},
	});
	const [version = '', nvtx = ''] = asked.stdout.split('\n');
	return asked.failed
		? {works: false, message: `${path}: ${asked.stderr.split('\n').at(-1) ?? asked.shortMessage}`}
		: {works: true, path, version, nvtx: nvtx === '' ? null : nvtx};
};
