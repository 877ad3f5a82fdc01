import * as z from 'zod';
import {gpuMetricNames, gpuMetrics, type GpuMetric} from './gpu-sample.ts';

/** What one GPU did during one window of time, a batch's say. How the numbers are defined: docs/gpus.md. */

export const GpuLevel = z
	.strictObject({
		/** Over time: the values joined by straight lines. */
		mean: z.number(),
		min: z.number(),
		max: z.number(),
		/** Share of the window, 0 to 1, of which anything is known. */
		covered: z.number().min(0).max(1),
	})
	.meta({id: 'gpu-level'});
export type GpuLevel = Readonly<z.infer<typeof GpuLevel>>;

type NamesOf<Kind extends 'level' | 'counter'> = {
	[Name in GpuMetric]: (typeof gpuMetrics)[Name] extends Kind ? Name : never;
}[GpuMetric];
export type LevelMetric = NamesOf<'level'>;
export type CounterMetric = NamesOf<'counter'>;

const namesOf = (kind: 'level' | 'counter'): readonly GpuMetric[] =>
	gpuMetricNames.filter((name) => gpuMetrics[name] === kind);
export const levelMetrics = namesOf('level') as readonly LevelMetric[];
export const counterMetrics = namesOf('counter') as readonly CounterMetric[];

const optional = <Name extends string, Schema extends z.ZodType>(
	names: readonly Name[],
	schema: Schema,
): Record<Name, z.ZodOptional<Schema>> =>
	Object.fromEntries(names.map((name) => [name, schema.optional()])) as Record<
		Name,
		z.ZodOptional<Schema>
	>;

export const GpuWindow = z
	.strictObject({
		/** Those of which anything is known in this window. */
		levels: z.strictObject(optional(levelMetrics, GpuLevel)),
		/** By how much each counter grew; absent where its value at either end is not known. */
		increases: z.strictObject(optional(counterMetrics, z.number())),
		/** null where power is known for less than nine tenths of the window. */
		energy_joules: z.number().nullable(),
		/** Which power the energy is made of; null: none is known. */
		energy_source: z.enum(['instant_power_watts', 'power_watts']).nullable(),
		/** Share of the known time, 0 to 1, by event reason; empty: nothing held the clock down. null: nobody knows. */
		event_reasons: z.record(z.string(), z.number().min(0).max(1)).nullable(),
	})
	.meta({id: 'gpu-window'});
export type GpuWindow = Readonly<z.infer<typeof GpuWindow>>;
