/** Gathers what `run.json` is to know of machine and software, all at once and each within a limit of time. */

import type {Fingerprint} from '../schemas/fingerprint.ts';
import type {SmiOptions} from './ask-nvidia-smi.ts';
import {fingerprintEnvironment} from './fingerprint-environment.ts';
import {fingerprintGit} from './fingerprint-git.ts';
import {fingerprintGpus} from './fingerprint-gpus.ts';
import {fingerprintMachine} from './fingerprint-machine.ts';
import {fingerprintPython} from './fingerprint-python.ts';
import type {Program} from './program.ts';
import type {Environment} from './worker-environment.ts';

export interface FingerprintOrder {
	readonly program: Program;
	/** What the program inherits. */
	readonly env: Environment;
	readonly smi?: SmiOptions;
}

/** Never throws: what cannot be found out is null. */
export const gatherFingerprint = async ({
	program,
	env,
	smi = {},
}: FingerprintOrder): Promise<Fingerprint> => {
	const [interpreter = ''] = program.command;
	const [{gpus, gpuLinks, driverCudaVersion}, python, git] = await Promise.all([
		fingerprintGpus(smi),
		program.kind === 'python' ? fingerprintPython(interpreter, env) : null,
		fingerprintGit(program.command.at(-1) ?? interpreter),
	]);
	return {
		gpus: [...gpus],
		gpuLinks: gpuLinks === null ? null : [...gpuLinks],
		driverCudaVersion,
		machine: fingerprintMachine(env),
		python,
		git,
		environment: fingerprintEnvironment(env),
	};
};
