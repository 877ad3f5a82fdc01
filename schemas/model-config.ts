import * as z from 'zod';

/**
 * What a Triton server answers to `GET v2/models/<model>/config`, as far as it matters here: read only. The names are
 * those of Triton's model_config.proto; the server writes every field, also those that nobody set.
 */
export const ServedModel = z.looseObject({
	name: z.string(),
	platform: z.string().default(''),
	instance_group: z
		.array(
			z.looseObject({
				/** Of each GPU, where there are any. */
				count: z.int().default(1),
				/** KIND_AUTO, KIND_CPU, KIND_GPU, KIND_MODEL. */
				kind: z.string().default('KIND_AUTO'),
				/** Device ids. */
				gpus: z.array(z.int()).default([]),
			}),
		)
		.default([]),
	/** Of ensembles. */
	ensemble_scheduling: z
		.looseObject({step: z.array(z.looseObject({model_name: z.string()}))})
		.optional(),
});
export type ServedModel = Readonly<z.infer<typeof ServedModel>>;
