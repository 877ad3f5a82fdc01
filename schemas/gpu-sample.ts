import * as z from 'zod';

/**
 * What one GPU said of itself at one moment. The launcher asks ten times a second and writes `gpu_metrics.csv`;
 * results/ reads it and gives each batch its own clock, power and event reasons.
 *
 * A value that the driver does not tell is null, never 0: "[N/A]", a MIG GPU's utilisation, a GPU that fell off the bus.
 */

/**
 * Names as the files have them, each with its unit.
 * level: has a mean over a window. counter: grows from the driver's load on; only its increase says something.
 */
export const gpuMetrics = {
	/** Board power as it is now; newer drivers only. */
	instant_power_watts: 'level',
	/** Board power as `power.draw` tells: from Ampere on the mean of the last second, before that as it is now. */
	power_watts: 'level',
	/** Percent of the driver's last sample period (1/6 to 1 s) in which at least one kernel ran: not how many SMs did. */
	gpu_percent: 'level',
	/** The same, in which device memory was read or written. */
	memory_percent: 'level',
	encoder_percent: 'level',
	decoder_percent: 'level',
	temperature_celsius: 'level',
	memory_temperature_celsius: 'level',
	sm_clock_mhz: 'level',
	memory_clock_mhz: 'level',
	/** Of the video engines. */
	video_clock_mhz: 'level',
	/** Of all processes on the GPU. */
	memory_used_mib: 'level',
	corrected_ecc_errors: 'counter',
	uncorrected_ecc_errors: 'counter',
	/** Microseconds for which the clock was held down, by cause; newer drivers only. */
	power_cap_us: 'counter',
	thermal_us: 'counter',
	hw_thermal_us: 'counter',
	hw_power_brake_us: 'counter',
} as const satisfies Readonly<Record<string, 'level' | 'counter'>>;

export type GpuMetric = keyof typeof gpuMetrics;
export const gpuMetricNames = Object.keys(gpuMetrics) as readonly GpuMetric[];

/**
 * Why the clock is not higher: bits of NVML's nvmlClocksEventReasons (until driver 530 "throttle reasons"), our names.
 * `slows`: a busy GPU runs slower than it was asked to.
 */
export const eventReasons = {
	/** Nothing runs. */
	idle: {bit: 0x1, slows: false},
	/** The clock was set: application clocks, or locked. */
	clock_setting: {bit: 0x2, slows: false},
	/** At its power limit: what a card under full load often does. */
	power_cap: {bit: 0x4, slows: true},
	/** Halved or worse: heat, a power brake, or a moment of changing clocks. */
	hw_slowdown: {bit: 0x8, slows: true},
	/** Held to the slowest GPU of its group. */
	sync_boost: {bit: 0x10, slows: true},
	/** Above its highest operating temperature, memory's included. */
	thermal: {bit: 0x20, slows: true},
	hw_thermal: {bit: 0x40, slows: true},
	/** The power supply asked for it. */
	hw_power_brake: {bit: 0x80, slows: true},
	display_clock: {bit: 0x100, slows: false},
} as const satisfies Readonly<Record<string, {readonly bit: number; readonly slows: boolean}>>;

const knownReasons: readonly (readonly [string, number])[] = Object.entries(eventReasons).map(
	([name, {bit}]) => [name, bit],
);

const highestBit = 31;
const allBits: readonly number[] = Array.from({length: highestBit}, (_, index) => 2 ** index);

/** Bits that no driver of today sets are told as "bit_0x200": a newer one may. */
const nameOfBit = (bit: number): string =>
	knownReasons.find(([, known]) => known === bit)?.[0] ?? `bit_0x${bit.toString(16)}`;

/** In order of their bits; empty where nothing holds the clock down. */
export const decodeEventReasons = (mask: number): readonly string[] =>
	allBits.filter((bit) => (mask & bit) !== 0).map(nameOfBit);

const slowingBits: number = Object.values(eventReasons).reduce(
	(mask, {bit, slows}) => (slows ? mask | bit : mask),
	0,
);

/** Whether one of them slows a busy GPU. */
export const slowsGpu = (mask: number): boolean => (mask & slowingBits) !== 0;

/** The mask of such names; null for a name that is none. */
export const encodeEventReasons = (names: readonly string[]): number | null => {
	let mask = 0;
	for (const name of names) {
		const bit = allBits.find((candidate) => nameOfBit(candidate) === name);
		if (bit === undefined) {
			return null;
		}

		mask |= bit;
	}

	return mask;
};

const values = Object.fromEntries(
	gpuMetricNames.map((name) => [name, z.number().nullable()]),
) as Record<GpuMetric, z.ZodNullable<z.ZodNumber>>;

export const GpuSample = z.strictObject({
	/** Nanoseconds since 1970: the moment of asking, by the tool's own word (to the millisecond). */
	unixNs: z.bigint(),
	/** When its line reached us: later, by what pipes and our own work take. */
	arrivedUnixNs: z.bigint(),
	/** UUID. */
	gpu: z.string().min(1),
	/** Bits of `eventReasons`; null where the driver does not tell. */
	eventReasons: z.int().nonnegative().nullable(),
	values: z.strictObject(values),
});
export type GpuSample = Readonly<z.infer<typeof GpuSample>>;
