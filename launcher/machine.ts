import os from 'node:os';
import type {Manifest} from '../schemas/manifest.ts';

/** The manifest's facts of this machine. */
export const describeMachine = (): Manifest['machine'] => {
	const cores = os.cpus();
	return {
		host: os.hostname(),
		kernel: `${os.type()} ${os.release()}`,
		cpu: cores[0]?.model.trim() ?? 'unknown',
		// All of the machine's, not those that we may use: it is the machine that is described.
		cores: Math.max(1, cores.length),
		memoryBytes: os.totalmem(),
	};
};
