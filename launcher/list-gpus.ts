/** The GPUs of this machine, as nvidia-smi lists them. */

import {execa} from 'execa';
import type {Gpu} from '../schemas/manifest.ts';

const fields = ['index', 'uuid', 'name', 'driver_version'] as const;

/** A driver that hangs must not hang us; waking a sleeping GPU may take some seconds. */
const answerMs = 20_000;

/** "[N/A]", "[Not Supported]", "[Unknown Error]": nvidia-smi has no answer. */
const readValue = (value: string | undefined): string =>
	value === undefined || /^\[.*\]$/.test(value) ? 'unknown' : value;

const parseGpu = (line: string): Gpu | null => {
	const [index, uuid, name, driver] = line.split(',').map((value) => value.trim());
	return index !== undefined && /^\d+$/.test(index)
		? {
				index: Number(index),
				uuid: readValue(uuid),
				name: readValue(name),
				driver: readValue(driver),
			}
		: null;
};

/** @param csv what nvidia-smi prints, one GPU a line; a broken GPU's line may be a message instead */
export const parseGpuList = (csv: string): readonly Gpu[] =>
	csv
		.split('\n')
		.map(parseGpu)
		.filter((gpu) => gpu !== null);

/** Empty where there is no nvidia-smi, no driver (it says so with exit code 9), or no answer. */
export const listGpus = async (command = 'nvidia-smi'): Promise<readonly Gpu[]> => {
	const asked = await execa(command, [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader'], {
		reject: false,
		stdin: 'ignore',
		timeout: answerMs,
	});
	return asked.failed ? [] : parseGpuList(asked.stdout);
};
