import * as z from 'zod';

/**
 * What perf_analyzer reads with `--input-data` (data_loader.cc of triton-inference-server/perf_analyzer), as far as
 * `benchmark triton input` writes it. Whole numbers of 64 bits stand there in full: read them with a parser that keeps
 * them.
 */

const shape = z.array(z.int().nonnegative()).describe('without the batch dimension');

const InputTensor = z
	.union([
		z.strictObject({
			/** Row-major. Numbers of FP32 and FP64 have a decimal point or an exponent. */
			content: z.array(z.union([z.number(), z.boolean(), z.string()])),
			shape,
		}),
		/** Little-endian; a text with its length of four bytes before it. */
		z.strictObject({b64: z.base64(), shape}),
	])
	.meta({id: 'input-tensor'});

const InputStep = z.record(z.string(), InputTensor).meta({id: 'input-step'});

export const InputData = z
	.strictObject({
		/** Steps of one stream, or streams of steps. */
		data: z.union([z.array(InputStep).min(1), z.array(z.array(InputStep).min(1)).min(1)]),
	})
	.meta({id: 'input-data', title: 'input data of perf_analyzer (--input-data)'});
export type InputData = Readonly<z.infer<typeof InputData>>;
