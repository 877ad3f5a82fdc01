import * as z from 'zod';

/**
 * Why a worker whose first batch `--sync-start` held back went on.
 *
 *   together    all workers had come to theirs
 *   partly      those that had not have ended
 *   timed-out   the others did not come in time
 *   stopped     the run was being stopped
 *   late        it came after the others had gone on without it
 *   abandoned   the launcher did not answer any more
 */
export const StartEnd = z.enum(['together', 'partly', 'timed-out', 'stopped', 'late', 'abandoned']);
export type StartEnd = z.infer<typeof StartEnd>;

/** The JSON text of one mark in the annotation domain; base/annotation-protocol.ts says where it stands. */
export const AnnotationMark = z.union([
	z.strictObject({batch: z.int().nonnegative()}),
	z.strictObject({items: z.number().nonnegative()}),
	z.strictObject({delete: z.literal(true)}),
	z.strictObject({object: z.string()}),
	z.strictObject({meta: z.record(z.string(), z.unknown())}),
	z.strictObject({sync: z.strictObject({waitedNs: z.int().nonnegative(), end: StartEnd})}),
]);
export type AnnotationMark = z.infer<typeof AnnotationMark>;
