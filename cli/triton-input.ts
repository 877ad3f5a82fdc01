/** `benchmark triton input`: the file of perf_analyzer's --input-data, from tables, arrays, files, or made up. */

import {closeSync, openSync, readdirSync, readFileSync, readSync, statSync} from 'node:fs';
import path from 'node:path';
import {ExitCode, messageOf, ToolError, UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {writeWholeFile} from '../base/whole-file.ts';
import {checkInput} from '../perf-analyzer/input/check-input.ts';
import {parseModelInputs, type ModelInput} from '../perf-analyzer/input/model-inputs.ts';
import {
	planInput,
	type InputRequest,
	type PlannedInput,
} from '../perf-analyzer/input/plan-steps.ts';
import type {NamedFile} from '../perf-analyzer/input/step-tensors.ts';
import {writeInput, type WriteOptions} from '../perf-analyzer/input/write-input.ts';
import type {Command, Context} from './command.ts';
import {gatherRepeated, inputParser, readSpecs, type Repeated} from './input-options.ts';
import {countOption, flagOption, readOptions, textOption, type Parsed} from './options.ts';
import type {Terminal} from './terminal.ts';

const readText = (file: string, given: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new UserError(`${given} cannot be read: ${messageOf(error)}`, {cause: error});
	}
};

const readModel = async (parsed: Parsed, cwd: string): Promise<readonly ModelInput[] | null> => {
	const [file, model] = [textOption(parsed, 'model-config'), textOption(parsed, 'model')];
	if (file !== undefined) {
		return parseModelInputs(readText(path.resolve(cwd, file), file), file);
	}

	if (model === undefined) {
		return null;
	}

	const {readServerUrl, ServerClient} = await import('../perf-analyzer/server-client.ts');
	const client = new ServerClient(readServerUrl(textOption(parsed, 'url') ?? '', '--url'));
	const config = await client.readConfig(model);
	if (config === undefined) {
		throw new UserError(`${client.url.href} has no model ${model} loaded`, {
			next: 'Load it, or give its configuration with --model-config.',
		});
	}

	return parseModelInputs(config.text, `the configuration of ${model}`);
};

/** A folder stands for the files in it. */
const findFiles =
	(cwd: string, wanted: RegExp) =>
	(given: string): readonly NamedFile[] => {
		const full = path.resolve(cwd, given);
		const stat = statSync(full, {throwIfNoEntry: false});
		if (stat === undefined) {
			throw new UserError(`${given} does not exist`);
		}

		if (!stat.isDirectory()) {
			return [{file: given, path: full}];
		}

		const names = readdirSync(full)
			.filter((name) => wanted.test(name) && statSync(path.join(full, name)).isFile())
			.toSorted();
		if (names.length === 0) {
			throw new UserError(`the folder ${given} holds no such files`);
		}

		return names.map((name) => ({file: path.join(given, name), path: path.join(full, name)}));
	};

const optionalCount = (parsed: Parsed, name: string): number | null =>
	textOption(parsed, name) === undefined ? null : countOption(parsed, name, 1);

const readDelimiter = (parsed: Parsed): string => {
	const text = textOption(parsed, 'delimiter') ?? ',';
	const delimiter = text === String.raw`\t` || text === 'tab' ? '\t' : text;
	if (delimiter.length !== 1 || delimiter === '"') {
		throw new UserError(`--delimiter takes one character (or tab), not "${text}"`);
	}

	return delimiter;
};

const readRequest = async (
	parsed: Parsed,
	repeated: Repeated,
	files: readonly string[],
	cwd: string,
): Promise<InputRequest> => {
	const map = textOption(parsed, 'map');
	const model = await readModel(parsed, cwd);
	return {
		specs: readSpecs(
			repeated,
			map === undefined ? null : {file: map, text: readText(path.resolve(cwd, map), map)},
			model,
		),
		model,
		tables: files.flatMap(findFiles(cwd, /\.(?:csv|tsv)$/i)),
		delimiter: readDelimiter(parsed),
		rows: optionalCount(parsed, 'rows'),
		split: flagOption(parsed, 'split'),
		steps: optionalCount(parsed, 'steps'),
		seed: countOption(parsed, 'seed', 0),
		dynamic: countOption(parsed, 'dynamic', 1),
		findFiles: findFiles(cwd, /^[^.]/),
	};
};

/** What was written, read as perf_analyzer would. @throws ToolError where it would refuse it */
const checkFile = (file: string, plan: PlannedInput): void => {
	const descriptor = openSync(file, 'r');
	try {
		const types = new Map(plan.at(0).map(({name, type}) => [name, type]));
		const {steps, problems} = checkInput((into) => readSync(descriptor, into), types);
		if (problems.length > 0 || steps !== plan.steps) {
			throw new ToolError(`${file} does not read back as it was written: ${problems.join('; ')}`, {
				next: 'Is the disk full?',
			});
		}
	} finally {
		closeSync(descriptor);
	}
};

const sayWhat = (plan: PlannedInput, terminal: Terminal): void => {
	const names = plan.at(0).map(({name, type}) => `${name} (${type})`);
	terminal.say('info', `${plural(plan.steps, 'step')} of ${names.join(', ')}`);
	if (plan.madeUp.length > 0) {
		terminal.say('info', `made up, as nothing was given for it: ${plan.madeUp.join(', ')}`);
	}
};

const printInput = async (
	plan: PlannedInput,
	options: WriteOptions,
	terminal: Terminal,
): Promise<void> => {
	for (const piece of writeInput(plan, options)) {
		if (!(await terminal.write(piece))) {
			return;
		}
	}
};

export const tritonInputCommand: Command = async (argv, terminal, {cwd}: Context) => {
	const {rest, values} = gatherRepeated(argv);
	const parsed = await readOptions(inputParser(), rest, terminal);
	if (parsed === null) {
		return {exitCode: ExitCode.done};
	}

	const request = await readRequest(parsed, values, parsed._.map(String), cwd);
	const options = {streams: optionalCount(parsed, 'streams'), base64: flagOption(parsed, 'base64')};
	const plan = planInput(request);
	const output = textOption(parsed, 'output');
	if (output === undefined) {
		await printInput(plan, options, terminal);
		return {exitCode: ExitCode.done};
	}

	const file = path.resolve(cwd, output);
	// A wrong value in the last row leaves nothing that looks like a file.
	const next = 'Make room on that disk or name another file with -o.';
	writeWholeFile(file, writeInput(plan, options), next);
	checkFile(file, plan);
	sayWhat(plan, terminal);
	terminal.say('info', `input      ${file}`);
	return {exitCode: ExitCode.done};
};
