import * as z from 'zod';

/**
 * The `benchmark.json` that a program's own perf_utils writes when it finalizes, before any time is known: CV-CUDA's,
 * unmodified, and ours. It tells which ranges are batches; the launcher reads it and puts the results in its place
 * (the program's text is kept as `perf_utils.json`). Read leniently: other versions add keys.
 *
 * A path is "object/pipeline/batch_0/stage_1".
 */
export const Placeholder = z
	.looseObject({
		/** Path -> [0, 0], in order of popping. */
		data: z.record(z.string(), z.tuple([z.number(), z.number()])),
		/** Path of a batch -> [batch index, items]. */
		batch_info: z.record(z.string(), z.tuple([z.int(), z.number()])),
		/** Paths inside a batch. */
		inside_batch_info: z.array(z.string()),
		meta: z.looseObject({obj_name: z.string()}),
	})
	.meta({id: 'placeholder', title: "A program's own benchmark.json, before the results"});
export type Placeholder = z.infer<typeof Placeholder>;
