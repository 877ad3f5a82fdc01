/**
 * Processes that compute on the GPUs, as the driver knows them. Asked before the first worker starts and after the last
 * has ended, when none of ours should be there: whatever is, shared the GPU with the measurement.
 *
 * In a container the driver tells the host's process ids, or none at all; graphics (a desktop) is not told of.
 */

import {askNvidiaSmi, readSmiNumber, readSmiValue, type SmiOptions} from './ask-nvidia-smi.ts';

export interface GpuProcess {
	/** UUID. */
	readonly gpu: string;
	readonly pid: number;
	/** null where the driver does not tell: another user's, or of another container. */
	readonly name: string | null;
	/** null on MIG GPUs of some drivers. */
	readonly memoryMib: number | null;
}

/** The name stands in the middle and may hold commas. */
const parseProcess = (line: string): GpuProcess | null => {
	const match = /^(GPU-[^,\s]+|MIG-[^,\s]+),\s*(\d+),\s*(.*),\s*([^,]*)$/.exec(line.trim());
	return match === null
		? null
		: {
				gpu: match[1] ?? '',
				pid: Number(match[2]),
				name: readSmiValue(match[3]),
				memoryMib: readSmiNumber(readSmiValue(match[4])),
			};
};

/** @param ours process ids to leave out; null where the driver could not be asked */
export const listForeignGpuProcesses = async (
	ours: ReadonlySet<number>,
	options: SmiOptions = {},
): Promise<readonly GpuProcess[] | null> => {
	const {text, failure} = await askNvidiaSmi(
		[
			'--query-compute-apps=gpu_uuid,pid,process_name,used_gpu_memory',
			'--format=csv,noheader,nounits',
		],
		options,
	);
	return failure === null
		? text
				.split('\n')
				.map(parseProcess)
				.filter((found) => found !== null)
				.filter(({pid}) => !ours.has(pid))
		: null;
};
