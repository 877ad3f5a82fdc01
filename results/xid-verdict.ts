/** What the driver's errors (Xids) mean for a run. By itself, as a run of which nothing completed has no other verdict. */

import type {GpuWatchEnd, GpuXid} from '../schemas/gpu-watch.ts';
import type {Warning} from '../schemas/warning.ts';

const mostNumbers = 5;
const mostWords = 120;

const shorten = (text: string): string =>
	text.length > mostWords ? `${text.slice(0, mostWords).trimEnd()}…` : text;

/** 'GPU 0: Xid 79 (“GPU has fallen off the bus.”), 45': the first of them is mostly the cause of the others. */
const describeGpu = (name: string, xids: readonly GpuXid[]): string => {
	const numbers = [...new Set(xids.map(({xid}) => xid))];
	const [first] = xids;
	const words = first === undefined || first.message === '' ? '' : ` (“${shorten(first.message)}”)`;
	const others = numbers.slice(1, mostNumbers).map((number) => `, ${number}`);
	const more = numbers.length > mostNumbers ? ` and ${numbers.length - mostNumbers} more` : '';
	return `${name}: Xid ${numbers[0] ?? ''}${words}${others.join('')}${more}`;
};

/** @param gpuNames by UUID: "GPU 0" */
export const warnOfXids = (
	{xids}: Pick<GpuWatchEnd, 'xids'>,
	gpuNames: ReadonlyMap<string, string>,
): readonly Warning[] => {
	const uuids = [...new Set((xids ?? []).map(({gpu}) => gpu))];
	if (uuids.length === 0) {
		return [];
	}

	const gpus = uuids.map((uuid) =>
		describeGpu(gpuNames.get(uuid) ?? uuid, xids?.filter(({gpu}) => gpu === uuid) ?? []),
	);
	return [
		{
			code: 'gpu-xid',
			message: `The driver logged errors meanwhile, of ${gpus.join('; ')}. Do not trust what was measured there until the cause is known: the program or the hardware, by number in NVIDIA's “Xid Errors” (https://docs.nvidia.com/deploy/xid-errors/). \`sudo dmesg\` has all that was logged.`,
		},
	];
};
