import * as z from 'zod';

/**
 * Something that a reader of the numbers must know. Written into the JSON files and shown on the terminal.
 * `code` is stable and for machines; `message` is a full sentence that says what it means and what to do.
 */
export const Warning = z
	.strictObject({
		code: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
		message: z.string().min(1),
	})
	.meta({id: 'warning'});
export type Warning = Readonly<z.infer<typeof Warning>>;
