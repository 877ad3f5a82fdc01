import * as z from 'zod';
import {comparedMetrics} from './comparison.ts';
import {Gpu} from './manifest.ts';

/**
 * What `benchmark ab --calibrate` found a program to differ from itself by, on one machine. Written by it, read by
 * `compare` and `ab`.
 */
export const NoiseFloors = z
	.strictObject({
		formatVersion: z.literal(1),
		createdAt: z.iso.datetime(),
		/** The program's absolute path, or its name in PATH; its arguments do not matter. */
		program: z.string(),
		machine: z.strictObject({host: z.string(), cpu: z.string(), cores: z.int().positive()}),
		gpus: z.array(Gpu),
		/** -np, -ng and -go: processes side by side disturb each other. */
		processesPerGpu: z.int().positive(),
		gpuCount: z.int().positive(),
		gpuOffset: z.int().nonnegative(),
		/** That both sides completed. */
		rounds: z.int().nonnegative(),
		ranges: z.array(
			z.strictObject({
				path: z.string(),
				metric: z.enum(comparedMetrics),
				/** As a share: a change of this size or less is never called one. */
				floor: z.number().nonnegative(),
				/** The smallest change that as many rounds show in 80 % of all cases, as a share; null: not known. */
				detectable: z.number().nonnegative().nullable(),
			}),
		),
	})
	.meta({id: 'noise_floor', title: 'the noise floor of a machine (ab --calibrate)'});
export type NoiseFloors = Readonly<z.infer<typeof NoiseFloors>>;
