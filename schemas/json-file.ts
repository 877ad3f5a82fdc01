/** Reads and writes the JSON files of this project: parsed against their schema both ways, replaced as a whole. */

import {existsSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import {messageOf, systemCodeOf, ToolError, UserError} from '../base/errors.ts';
import {makeFolder} from '../base/folders.ts';

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
 * Writes beside the target and renames, so that a reader never sees half a file.
 * @throws ToolError when the disk refuses; a value that breaks the schema is a bug of ours and throws ZodError
 */
export const writeJsonFile = <Schema extends z.ZodType>(
	schema: Schema,
	file: string,
	value: z.output<Schema>,
): void => {
	const text = `${JSON.stringify(schema.parse(value), null, '\t')}\n`;
	const temporary = `${file}.${process.pid}.tmp`;
	try {
		makeFolder(path.dirname(file));
		writeFileSync(temporary, text);
		renameSync(temporary, file);
	} catch (error) {
		if (existsSync(temporary)) {
			rmSync(temporary);
		}

		throw new ToolError(`${file} cannot be written: ${messageOf(error)}`, {
			next: 'Make room on that disk or choose another folder with -o.',
			cause: error,
		});
	}
};
