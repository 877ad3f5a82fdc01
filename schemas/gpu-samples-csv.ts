/**
 * `gpu_metrics.csv`: one line per GPU and moment. Empty cells are what the driver did not tell.
 *
 *     unix_ns,arrived_unix_ns,gpu,event_reasons,instant_power_watts,...
 *     1788295326675000000,1788295326677000000,GPU-1f..,power_cap+thermal,412.5,...
 *
 * It is written while the run goes on, so its last line may be cut.
 */

import {
	decodeEventReasons,
	encodeEventReasons,
	gpuMetricNames,
	type GpuMetric,
	type GpuSample,
} from './gpu-sample.ts';

const fixedColumns = ['unix_ns', 'arrived_unix_ns', 'gpu', 'event_reasons'] as const;
const columns: readonly string[] = [...fixedColumns, ...gpuMetricNames];

/** Nothing holds the clock down; an empty cell means that nobody knows. */
const noReason = 'none';

/** With its line end, as every line below. */
export const gpuSamplesHeader = `${columns.join(',')}\n`;

const formatReasons = (mask: number | null): string => {
	if (mask === null) {
		return '';
	}

	return mask === 0 ? noReason : decodeEventReasons(mask).join('+');
};

export const formatGpuSample = (sample: GpuSample): string =>
	`${[
		sample.unixNs,
		sample.arrivedUnixNs,
		sample.gpu,
		formatReasons(sample.eventReasons),
		...gpuMetricNames.map((name) => sample.values[name] ?? ''),
	].join(',')}\n`;

/** undefined: no such reason exists. */
const parseReasons = (cell: string): number | null | undefined =>
	cell === '' ? null : cell === noReason ? 0 : (encodeEventReasons(cell.split('+')) ?? undefined);

const parseValues = (cells: readonly string[]): Record<GpuMetric, number | null> | undefined => {
	const values = gpuMetricNames.map((name, index): [GpuMetric, number | null] => {
		const cell = cells[index] ?? '';
		return [name, cell === '' ? null : Number(cell)];
	});
	return values.some(([, value]) => Number.isNaN(value))
		? undefined
		: (Object.fromEntries(values) as Record<GpuMetric, number | null>);
};

const parseLine = (line: string): GpuSample | undefined => {
	const [unixNs = '', arrivedUnixNs = '', gpu = '', reasons = '', ...rest] = line.split(',');
	const eventReasons = parseReasons(reasons);
	const values = parseValues(rest);
	return rest.length === gpuMetricNames.length &&
		/^\d+$/.test(unixNs) &&
		/^\d+$/.test(arrivedUnixNs) &&
		gpu !== '' &&
		eventReasons !== undefined &&
		values !== undefined
		? {unixNs: BigInt(unixNs), arrivedUnixNs: BigInt(arrivedUnixNs), gpu, eventReasons, values}
		: undefined;
};

export interface ReadGpuSamples {
	readonly samples: readonly GpuSample[];
	/** Lines that could not be read: cut by a full disk, or another's. A cut last line does not count. */
	readonly unreadable: number;
}

/** Which samples are wanted: looked at before the rest of a line is, since a file of a day has a million of them. */
export type SampleFilter = (gpu: string, unixNs: bigint) => boolean;

const isWanted = (line: string, wants: SampleFilter): boolean => {
	const [unixNs = '', , gpu = ''] = line.split(',', 3);
	return !/^\d+$/.test(unixNs) || wants(gpu, BigInt(unixNs));
};

/** null when it is no such file: another header. */
export const parseGpuSamples = (text: string, wants?: SampleFilter): ReadGpuSamples | null => {
	if (!text.startsWith(gpuSamplesHeader)) {
		return null;
	}

	// What follows the last line end is nothing, or a line that was being written.
	const all = text.slice(gpuSamplesHeader.length).split('\n').slice(0, -1);
	const lines = wants === undefined ? all : all.filter((line) => isWanted(line, wants));
	const samples = lines.map(parseLine).filter((sample) => sample !== undefined);
	return {samples, unreadable: lines.length - samples.length};
};
