import * as z from 'zod';

/**
 * What CV-CUDA's own launcher writes, for `compare`: read only, and leniently. Trees nest by range as ours do; their
 * numbers may be numbers or, in the second generation, objects of statistics.
 */

const Tree = z.record(z.string(), z.unknown());
export type CvcudaTree = Readonly<z.infer<typeof Tree>>;

const Meta = z.looseObject({measurement_unit: z.string().optional()});

/** The first generation (v0.4): benchmark.json of a process. */
export const CvcudaProcess1 = z.looseObject({data: Tree, mean_data: Tree, meta: Meta.optional()});
/** Its benchmark_mean.json. */
export const CvcudaMean1 = z.looseObject({
	mean_all_batches: Tree,
	mean_data: Tree,
	meta: Meta.optional(),
});

/** The second generation (v0.15): benchmark.json of a process. */
export const CvcudaProcess2 = z.looseObject({
	data: Tree,
	data_stats_minus_warmup: Tree,
	meta: Meta.optional(),
});
/** Its benchmark_mean.json. */
export const CvcudaMean2 = z.looseObject({
	data_mean_all_procs: Tree,
	data_stats_minus_warmup_all_procs: Tree.optional(),
	meta: Meta.optional(),
});
