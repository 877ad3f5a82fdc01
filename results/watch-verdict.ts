/** How watching the GPUs itself went, and who else was on them: of the run as a whole. */

import {formatDecimal} from '../base/decimal-text.ts';
import {plural} from '../base/plural.ts';
import type {ForeignGpuProcess, GpuWatchEnd} from '../schemas/gpu-watch.ts';
import type {Warning} from '../schemas/warning.ts';
import {warnOfXids} from './xid-verdict.ts';

const mostNamed = 3;

const nameForeign = ({name, pid, memoryMib}: ForeignGpuProcess): string =>
	`${name ?? 'unknown'} (${pid}${memoryMib === null ? '' : `, ${formatDecimal(memoryMib)} MiB`})`;

/** @param gpuNames by UUID: "GPU 0" */
const warnOfForeign = (
	{foreign}: GpuWatchEnd,
	gpuNames: ReadonlyMap<string, string>,
): readonly Warning[] => {
	const [first] = foreign ?? [];
	if (foreign === null || first === undefined) {
		return [];
	}

	const gpus = [...new Set(foreign.map(({gpu}) => gpuNames.get(gpu) ?? gpu))].join(', ');
	const names = foreign.slice(0, mostNamed).map(nameForeign).join(', ');
	const more = foreign.length > mostNamed ? ` and ${foreign.length - mostNamed} more` : '';
	return [
		{
			code: 'other-gpu-processes',
			message: `${plural(foreign.length, 'process', 'processes')} of others had ${gpus} too: ${names}${more}. What they did there went into the times, the power and the memory. End them, or measure on another GPU.`,
		},
	];
};

/** The words that help most: the tool's own. */
const quoteWords = ({words: [first]}: GpuWatchEnd): string =>
	first === undefined ? '' : `, saying “${first}”`;

const warnOfFailure = (end: GpuWatchEnd): readonly Warning[] => [
	...(end.failure === null
		? []
		: [
				{
					code: 'gpu-metrics-lost',
					message: `The GPUs could not be watched ${end.samples === 0 ? 'at all' : 'to the end'}: nvidia-smi: ${end.failure}${quoteWords(end)}. Clocks, power and throttling of that time are not known; --no-metrics does without.`,
				},
			]),
	...(end.fileFailure === null
		? []
		: [
				{
					code: 'gpu-metrics-unwritten',
					message: `gpu_metrics.csv could not be written to its end: ${end.fileFailure}. Make room on that disk.`,
				},
			]),
];

/**
 * @param end null where nothing was watched
 * @param watched, processes how many of the run's processes have samples
 */
export const judgeWatch = (
	end: GpuWatchEnd | null | undefined,
	{
		gpuNames,
		watched,
		processes,
	}: {gpuNames: ReadonlyMap<string, string>; watched: number; processes: number},
): readonly Warning[] => {
	if (end === null || end === undefined) {
		return [];
	}

	const missing = processes - watched;
	return [
		...warnOfXids(end, gpuNames),
		...warnOfForeign(end, gpuNames),
		...warnOfFailure(end),
		...(missing > 0 && end.failure === null
			? [
					{
						code: 'gpu-metrics-missing',
						message: `${plural(missing, 'process has', 'processes have')} no samples of ${missing === 1 ? 'its' : 'their'} GPU: nvidia-smi was silent, or the time was shorter than --metrics-interval.`,
					},
				]
			: []),
	];
};
