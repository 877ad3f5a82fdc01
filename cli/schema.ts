/** `benchmark schema <name>`: the JSON Schema of a file that this command writes. */

import {ExitCode, UserError} from '../base/errors.ts';
import {formatNames, jsonSchemaText} from '../schemas/json-schemas.ts';
import type {Command} from './command.ts';
import {optionParser, readOptions} from './options.ts';

const usage = `benchmark schema <name>

Prints the JSON Schema of a file that this command writes or reads.
Names: ${formatNames.join(', ')}`;

export const schemaCommand: Command = async (argv, terminal) => {
	const parsed = await readOptions(optionParser(usage), argv, terminal);
	if (parsed === null) {
		return {exitCode: ExitCode.done};
	}

	const [wanted, ...more] = parsed._.map(String);
	const name = formatNames.find((candidate) => candidate === wanted);
	if (name === undefined || more.length > 0) {
		throw new UserError(`benchmark schema takes one name: ${formatNames.join(', ')}`);
	}

	terminal.print(jsonSchemaText(name).trimEnd());
	return {exitCode: ExitCode.done};
};
