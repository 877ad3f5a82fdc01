/** Reads and writes the JSON files of this project: parsed against their schema both ways, replaced as a whole. */

import {readFileSync} from 'node:fs';
import * as z from 'zod';
import {messageOf, systemCodeOf, UserError} from '../base/errors.ts';
import {writeWholeFile} from '../base/whole-file.ts';

/** @throws UserError when the file is missing, is no JSON, or does not have the schema's shape */
export const readJsonFile = <Schema extends z.ZodType>(
	schema: Schema,
	file: string,
): z.output<Schema> => {
	let value: unknown;
	try {
		value = JSON.parse(readFileSync(file, 'utf8'));
	} catch (error) {
		throw new UserError(
			systemCodeOf(error) === undefined
				? `${file} is not JSON: ${messageOf(error)}`
				: `${file} cannot be read: ${messageOf(error)}`,
			{cause: error},
		);
	}

	const parsed = schema.safeParse(value);
	if (!parsed.success) {
		const title = schema.meta()?.title ?? 'the expected format';
		throw new UserError(`${file} is not ${title}:\n${z.prettifyError(parsed.error)}`);
	}

	return parsed.data;
};

/**
 * Replaces the file as a whole (base/whole-file.ts).
 * @throws ToolError when the disk refuses; a value that breaks the schema is a bug of ours and throws ZodError
 */
export const writeJsonFile = <Schema extends z.ZodType>(
	schema: Schema,
	file: string,
	value: z.output<Schema>,
): void => {
	writeWholeFile(file, `${JSON.stringify(schema.parse(value), null, '\t')}\n`);
};
