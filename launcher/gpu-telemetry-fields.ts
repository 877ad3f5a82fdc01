/** What telemetry asks of every GPU, and how a line of the answer becomes a sample. */

import {gpuMetricNames, type GpuMetric, type GpuSample} from '../schemas/gpu-sample.ts';
import {readSmiNumber} from './ask-nvidia-smi.ts';
import {parseRow, type AskedField, type WantedFields} from './query-gpus.ts';

export type TelemetryName = GpuMetric | 'timestamp' | 'uuid' | 'eventReasons';

/**
 * Names from `nvidia-smi --help-query-gpu` of drivers 470 to 580: "throttle reasons" are "event reasons" since 535, and
 * the power of the moment, the video engines' utilisation and the counters of event reasons are younger still.
 */
export const telemetryFields: WantedFields<TelemetryName> = {
	timestamp: ['timestamp'],
	uuid: ['uuid'],
	eventReasons: ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
	instant_power_watts: ['power.draw.instant'],
	power_watts: ['power.draw'],
	gpu_percent: ['utilization.gpu'],
	memory_percent: ['utilization.memory'],
	encoder_percent: ['utilization.encoder'],
	decoder_percent: ['utilization.decoder'],
	temperature_celsius: ['temperature.gpu'],
	memory_temperature_celsius: ['temperature.memory'],
	sm_clock_mhz: ['clocks.current.sm'],
	memory_clock_mhz: ['clocks.current.memory'],
	video_clock_mhz: ['clocks.current.video'],
	memory_used_mib: ['memory.used'],
	corrected_ecc_errors: ['ecc.errors.corrected.volatile.total'],
	uncorrected_ecc_errors: ['ecc.errors.uncorrected.volatile.total'],
	power_cap_us: ['clocks_event_reasons_counters.sw_power_cap'],
	thermal_us: ['clocks_event_reasons_counters.sw_thermal_slowdown'],
	hw_thermal_us: ['clocks_event_reasons_counters.hw_thermal_slowdown'],
	hw_power_brake_us: ['clocks_event_reasons_counters.hw_power_brake_slowdown'],
};

/** "2026/09/01 20:42:06.675", taken as UTC; in ns since 1970. null where it is no such time. */
export const parseSmiTime = (text: string | null): bigint | null => {
	const match = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d\.\d{3})$/.exec(text ?? '');
	const ms = match === null ? NaN : Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}Z`);
	return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n;
};

const quarterHourNs = 900_000_000_000n;

/**
 * What must be added to the tool's times: 0, unless it did not take our TZ. Zones differ by whole quarters of an hour.
 * @param arrivedUnixNs of a line that cannot have waited long
 */
export const findZoneOffset = (toolUnixNs: bigint, arrivedUnixNs: bigint): bigint => {
	const late = arrivedUnixNs - toolUnixNs;
	const half = late < 0n ? -quarterHourNs / 2n : quarterHourNs / 2n;
	return ((late + half) / quarterHourNs) * quarterHourNs;
};

/** A bit mask as nvidia-smi prints it: "0x0000000000000004". More bits than ours are of no use to anyone yet. */
const parseMask = (text: string | null): number | null =>
	text !== null && /^0x[\da-f]+$/i.test(text) ? Number(BigInt(text) & 0x7f_ff_ff_ffn) : null;

const emptyValues = Object.fromEntries(gpuMetricNames.map((name) => [name, null])) as Readonly<
	Record<GpuMetric, null>
>;

const isMetric = (name: TelemetryName): name is GpuMetric => Object.hasOwn(emptyValues, name);

/** By unit, the end of a metric's name. Far above what any card does, and below what "unknown" is as a number. */
const possible: readonly (readonly [unit: RegExp, least: number, most: number])[] = [
	[/_watts$/, 0, 20_000],
	[/_percent$/, 0, 100],
	[/_celsius$/, -100, 300],
	[/_mhz$/, 0, 20_000],
	[/_mib$/, 0, 2 ** 30],
];

/** Some drivers print -1, 2^32 - 1 or 2^64 - 1 (in watts a thousandth of it) for a value that they could not read. */
const readMetric = (name: GpuMetric, cell: string | null): number | null => {
	const value = readSmiNumber(cell);
	const [, least = 0, most = 2 ** 53] = possible.find(([unit]) => unit.test(name)) ?? [];
	return value !== null && value >= least && value <= most ? value : null;
};

/** null for what is no sample: a message, a line that was cut, a GPU that is lost and has forgotten its name. */
export const parseTelemetryLine = (
	line: string,
	fields: readonly AskedField<TelemetryName>[],
	{arrivedUnixNs, zoneOffsetNs}: {readonly arrivedUnixNs: bigint; readonly zoneOffsetNs: bigint},
): GpuSample | null => {
	const row = parseRow(line, fields);
	const gpu = row?.uuid ?? null;
	if (row === null || gpu === null) {
		return null;
	}

	const toolUnixNs = parseSmiTime(row.timestamp);
	const told = fields
		.map(({name}) => name)
		.filter(isMetric)
		.map((name): [GpuMetric, number | null] => [name, readMetric(name, row[name])]);
	return {
		unixNs: toolUnixNs === null ? arrivedUnixNs : toolUnixNs + zoneOffsetNs,
		arrivedUnixNs,
		gpu,
		eventReasons: parseMask(row.eventReasons ?? null),
		values: {...emptyValues, ...Object.fromEntries(told)},
	};
};
