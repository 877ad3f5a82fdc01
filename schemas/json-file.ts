/** Reads and writes the JSON files of this project: parsed against their schema both ways, replaced as a whole. */

import {readFileSync} from 'node:fs';
import * as z from 'zod';
import {messageOf, systemCodeOf, UserError} from '../base/errors.ts';
import {writeWholeFile} from '../base/whole-file.ts';

/** The first few: one wrong file can have thousands. */
const mostProblems = 3;

const describeProblems = ({issues}: z.ZodError): string => {
	const shown = issues.slice(0, mostProblems).map(({path, message}) => {
		const place = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
		return place + message.replace(/^Invalid input: /, '');
	});
	const more = issues.length - shown.length;
	return [...shown, ...(more > 0 ? [`${more} more`] : [])].join('; ');
};

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
		throw new UserError(`${file} is not ${title} (${describeProblems(parsed.error)})`, {
			next: 'Was it written by this version of benchmark, and not changed since?',
		});
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
