/** What kind of program was named, and the command that runs it for one worker. */

import {accessSync, constants, existsSync, readFileSync, statSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {UserError} from '../base/errors.ts';
import {codeRoot} from './package-folders.ts';
import type {ScriptArguments} from './run-options.ts';

export type ProgramKind = 'python' | 'node' | 'executable';

export interface Program {
	readonly kind: ProgramKind;
	/** As typed: the program and its own arguments. */
	readonly typed: readonly string[];
	/** The interpreter with its options and the script, or the executable. */
	readonly command: readonly string[];
	/** The program's own arguments. */
	readonly arguments: readonly string[];
	/** Whether `--output_dir <folder> --device_id 0` stands before them. */
	readonly takesFolder: boolean;
}

export interface ProgramOptions {
	/** --python; null: the virtual environment's or python3. */
	readonly python: string | null;
	readonly scriptArguments: ScriptArguments;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The command for the worker whose folder this is. CUDA shows each worker one GPU, so its id there is always 0. */
export const programCommand = (program: Program, folder: string): readonly string[] => [
	...program.command,
	...(program.takesFolder ? ['--output_dir', folder, '--device_id', '0'] : []),
	...program.arguments,
];

const isFile = (file: string): boolean => {
	try {
		return statSync(file).isFile();
	} catch {
		// Not there, or behind a folder that is none or not ours to see: no file that could be run.
		return false;
	}
};

const isExecutable = (file: string): boolean => {
	try {
		accessSync(file, constants.X_OK);
		return isFile(file);
	} catch {
		// Not there or not ours to run: both mean no.
		return false;
	}
};

/** As execvp looks: a name with a slash is a path, any other is searched in PATH. */
const findExecutable = (name: string, env: Environment): string | undefined =>
	name.includes('/')
		? isExecutable(name)
			? path.resolve(name)
			: undefined
		: (env['PATH'] ?? '')
				.split(':')
				.map((folder) => path.resolve(folder, name))
				.find((file) => isExecutable(file));

export const findPython = (python: string | null, env: Environment): string => {
	const active = env['VIRTUAL_ENV'];
	const name =
		python ?? (active === undefined || active === '' ? 'python3' : `${active}/bin/python`);
	const found = findExecutable(name, env);
	if (found === undefined) {
		throw new UserError(`${name} is not a Python that can be run`, {
			next: 'Name the interpreter with --python, or activate its virtual environment.',
		});
	}

	return found;
};

/** Lets programs import our annotations by the package's name from anywhere; absent in an incomplete build. */
const annotationHook = (): readonly string[] => {
	const hook = path.join(codeRoot, 'annotations', 'typescript', 'register-resolve.js');
	return existsSync(hook) ? ['--import', pathToFileURL(hook).href] : [];
};

/** tsx is ours, not the program's: found from here. */
const typescriptLoader = (): readonly string[] => [
	'--import',
	pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
];

const importsPerfUtils = (script: string): boolean =>
	/^\s*(?:from\s+[\w.]*\bperf_utils\b[\w.]*\s+import\b|import\s+[^#\n]*\bperf_utils\b)/m.test(
		readFileSync(script, 'utf8'),
	);

const requireScript = (script: string): string => {
	if (!isFile(script)) {
		throw new UserError(
			existsSync(script) ? `${script} is not a file` : `there is no file ${script}`,
			{next: 'Check the path of the program; it is taken from the current folder.'},
		);
	}

	return path.resolve(script);
};

const requireExecutable = (name: string, env: Environment): string => {
	const found = findExecutable(name, env);
	if (found !== undefined) {
		return found;
	}

	if (isFile(name)) {
		throw new UserError(
			name.includes('/')
				? `${name} is not executable`
				: `there is no program ${name} in PATH, but a file of that name in the current folder`,
			{next: name.includes('/') ? `Run: chmod +x ${name}` : `Write ./${name} if you mean it.`},
		);
	}

	throw new UserError(`there is no program ${name}${name.includes('/') ? '' : ' in PATH'}`, {
		next: 'Check the spelling. Options of benchmark stand before the program.',
	});
};

/**
 * -o, -o=X, -o/X, -o./X, -o~/X, --output_dir, --output_dir=X, --output-dir: each worker has a folder of its own. Not all
 * that begins with -o: -optimize and its like are the program's own.
 */
const refuseOutputFolder = (given: readonly string[], scriptArguments: ScriptArguments): void => {
	const culprit = given.find((argument) =>
		/^(?:-o(?:$|[=/.~])|--output[_-]dir(?:=|$))/.test(argument),
	);
	if (culprit === undefined || scriptArguments === 'never') {
		return;
	}

	throw new UserError(
		`the program's own arguments hold ${culprit}: every worker writes to a folder of its own`,
		{
			next: 'Give -o to benchmark, before the program. If that option of the program means something else: --script-args never.',
		},
	);
};

const interpret = (
	typed: string,
	{python}: ProgramOptions,
	env: Environment,
): {readonly kind: ProgramKind; readonly command: readonly string[]} => {
	switch (path.extname(typed)) {
		case '.py':
			return {kind: 'python', command: [findPython(python, env), requireScript(typed)]};
		case '.js':
		case '.mjs':
		case '.cjs':
			return {kind: 'node', command: [process.execPath, ...annotationHook(), requireScript(typed)]};
		case '.ts':
		case '.mts':
		case '.cts':
			return {
				kind: 'node',
				command: [
					process.execPath,
					...annotationHook(),
					...typescriptLoader(),
					requireScript(typed),
				],
			};
		default:
			return {kind: 'executable', command: [requireExecutable(typed, env)]};
	}
};

/** @throws UserError when it is not there, cannot be run, or is told where to write */
export const describeProgram = (
	argv: readonly string[],
	options: ProgramOptions,
	env: Environment,
): Program => {
	const [typed, ...given] = argv;
	if (typed === undefined || typed === '') {
		throw new UserError('no program was given', {
			next: 'Name it after the options: benchmark -np 2 ./program.py',
		});
	}

	refuseOutputFolder(given, options.scriptArguments);
	const {kind, command} = interpret(typed, options, env);
	const takesFolder =
		options.scriptArguments === 'always' ||
		(options.scriptArguments === 'auto' &&
			kind === 'python' &&
			importsPerfUtils(command.at(-1) ?? typed));
	return {kind, typed: argv, command, arguments: given, takesFolder};
};
