/** Short ways to results, for tests. */

import type {GpuEvidence} from '../../results/gpu-evidence.ts';
import {computeMeanResult} from '../../results/mean-result.ts';
import {computeProcessResult, type MeasuredProcess} from '../../results/process-result.ts';
import type {MeanResult, ProcessResult, RangeResult} from '../../schemas/benchmark-result.ts';
import type {Placeholder} from '../../schemas/placeholder.ts';
import type {Trace} from '../../schemas/trace.ts';

export interface MeasureOptions {
	readonly warmup?: number;
	readonly pattern?: RegExp;
	readonly placeholder?: Placeholder | null;
	readonly gpu?: GpuEvidence | null;
	readonly dropThrottled?: boolean;
}

export const measure = (
	trace: Trace,
	{
		warmup = 1,
		pattern = /^batch_(?<index>\d+)$/,
		placeholder = null,
		gpu = null,
		dropThrottled = false,
	}: MeasureOptions = {},
): MeasuredProcess =>
	computeProcessResult(trace, {
		warmupBatches: warmup,
		batchPattern: pattern,
		placeholder,
		gpu,
		dropThrottled,
	});

/** All in one repeat, one after the other on GPU 0, unless given by repeat. */
export const measureRun = (
	repeats: readonly (readonly MeasuredProcess[])[],
	{planned, warmup = 1}: {planned?: number; warmup?: number} = {},
): MeanResult =>
	computeMeanResult(
		repeats.flatMap((processes, repeat) =>
			processes.map((measured, process) => ({repeat, gpu: 0, process, measured})),
		),
		{
			processesPlanned: planned ?? repeats.flat().length,
			repeats: repeats.length,
			warmupBatches: warmup,
		},
	);

/** The numbers at a path of `data`: undefined where there is no such path. */
export const at = (
	results: Readonly<Record<string, RangeResult>>,
	...names: readonly string[]
): RangeResult | undefined => {
	let here: RangeResult | number | undefined = results;
	for (const name of names) {
		if (typeof here !== 'object' || !Object.hasOwn(here, name)) {
			return undefined;
		}

		here = here[name];
	}

	return typeof here === 'object' ? here : undefined;
};

export const codes = ({
	warnings,
}: Pick<ProcessResult | MeanResult, 'warnings'>): readonly string[] =>
	warnings.map(({code}) => code);

/** Milliseconds as nanoseconds. */
export const ms = (value: number): number => value * 1e6;

/** What the warnings of one code say. */
export const messages = (result: ProcessResult, code: string): readonly string[] =>
	result.warnings.filter((warning) => warning.code === code).map(({message}) => message);
