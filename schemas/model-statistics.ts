import * as z from 'zod';

const Duration = z.looseObject({
	count: z.number().default(0),
	/** Of all of them together. */
	ns: z.number().default(0),
});

/** What a Triton server answers to `GET v2/models/stats`, as far as it matters here: read only. */
export const ServerModelStatistics = z.looseObject({
	model_stats: z.array(
		z.looseObject({
			name: z.string(),
			/** Of executions, by batch size: a request in a batch is not counted for itself. */
			batch_stats: z.array(z.looseObject({compute_infer: Duration.optional()})).default([]),
		}),
	),
});
export type ServerModelStatistics = Readonly<z.infer<typeof ServerModelStatistics>>;

/** What a model did since its server was started. */
export interface ModelCompute {
	readonly model: string;
	readonly executions: number;
	/** ns, copies of inputs and outputs left out. */
	readonly inferNs: number;
}
