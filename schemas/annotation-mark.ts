import {z} from 'zod';

/** The JSON text of one mark in the annotation domain; base/annotation-protocol.ts says where it stands. */
export const AnnotationMark = z.union([
	z.strictObject({batch: z.int().nonnegative()}),
	z.strictObject({items: z.number().nonnegative()}),
	z.strictObject({delete: z.literal(true)}),
	z.strictObject({object: z.string()}),
	z.strictObject({meta: z.record(z.string(), z.unknown())}),
]);
export type AnnotationMark = z.infer<typeof AnnotationMark>;
