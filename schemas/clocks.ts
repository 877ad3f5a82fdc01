import * as z from 'zod';

/**
 * GPU settings that `-m` and `--lock-clocks` change: what a GPU had before, what was sent, and who still needs it. Part of
 * the manifest, and of the record by which settings are restored, whoever is left to do it.
 */

/** In the order in which they are set; restored in the opposite one. */
export const clockSettings = [
	'persistence',
	'auto-boost',
	'power-limit',
	'graphics-clock',
	'memory-clock',
	'application-clocks',
] as const;
export const ClockSetting = z.enum(clockSettings);
export type ClockSetting = z.infer<typeof ClockSetting>;

const mhz = z.int().positive().max(100_000);
const watts = z.number().positive().max(100_000);

/** As nvidia-smi told before the first change. null: this GPU or driver has no such setting. */
export const ClockSettings = z.strictObject({
	persistence: z.boolean().nullable(),
	autoBoost: z.boolean().nullable(),
	powerLimitWatts: watts.nullable(),
	/** Of locked clocks (-lgc, -lmc) nothing is known: no driver tells them. */
	applicationClocks: z.strictObject({graphicsMhz: mhz, memoryMhz: mhz}).nullable(),
});
export type ClockSettings = Readonly<z.infer<typeof ClockSettings>>;

/** --lock-clocks, or "maximize" for -m. */
export const ClockWish = z.union([z.enum(['maximize', 'base', 'max']), mhz]);
export type ClockWish = z.infer<typeof ClockWish>;

/** How nvidia-smi answered. It ends with 0 also where a GPU has no such setting: its words count. */
export const ClockOutcome = z.enum(['done', 'not-supported', 'no-permission', 'failed']);
export type ClockOutcome = z.infer<typeof ClockOutcome>;

export const SentCommand = z.strictObject({
	setting: ClockSetting,
	/** Without the tool's own name. */
	arguments: z.array(z.string()),
	outcome: ClockOutcome,
	/** Its first words; "" where it said nothing. */
	message: z.string(),
});
export type SentCommand = Readonly<z.infer<typeof SentCommand>>;

/** What a run asked for and got. Locked or not, this is how its GPUs were set. */
export const RunClocks = z
	.strictObject({
		requested: ClockWish,
		gpus: z.array(
			z.strictObject({
				/** As nvidia-smi counts them. */
				index: z.int().nonnegative(),
				uuid: z.string(),
				/** Before the first of all runs that hold this GPU; null: nothing was sent. */
				before: ClockSettings.nullable(),
				commands: z.array(SentCommand),
				/** MHz asked for; null: none. */
				targetMhz: mhz.nullable(),
				/** MHz that the GPU told right before the run; idle ones may be lower. null: not told. */
				toldMhz: z.int().nonnegative().nullable(),
			}),
		),
	})
	.meta({id: 'run-clocks'});
export type RunClocks = Readonly<z.infer<typeof RunClocks>>;

/** A run that needs the settings. A number of a process means something in its own namespace only. */
export const ClockHolder = z.strictObject({
	pid: z.int().positive(),
	/** When it started, in clock ticks since the machine's: with the pid it names a process for good. */
	startTicks: z.int().nonnegative(),
	pidNamespace: z.string(),
	wish: ClockWish,
});
export type ClockHolder = Readonly<z.infer<typeof ClockHolder>>;

/** One file per GPU, there from before the first change until all is restored. */
export const ClockHold = z
	.strictObject({
		formatVersion: z.literal(1),
		/** Settings do not outlive a restart of the machine, and neither do process numbers. */
		bootId: z.string(),
		gpu: z.strictObject({
			index: z.int().nonnegative(),
			/** It becomes an argument and a file's name. */
			uuid: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/),
		}),
		recordedAt: z.iso.datetime(),
		before: ClockSettings,
		/** certain: nvidia-smi said so. Otherwise it was sent, and nobody heard the answer. */
		changed: z.array(z.strictObject({setting: ClockSetting, certain: z.boolean()})),
		holders: z.array(ClockHolder),
	})
	.meta({id: 'clock-hold', title: 'a record of GPU clocks to be restored'});
export type ClockHold = Readonly<z.infer<typeof ClockHold>>;
