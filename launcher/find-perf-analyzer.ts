/**
 * Which perf_analyzer to use. One that was named (--perf-analyzer, $PERF_ANALYZER) is used or refused, never replaced. Else
 * all in PATH, in the active virtual environment, in NVIDIA's SDK container and among the project's own tools are asked
 * for their version: the newest wins.
 *
 * The Python package's `perf_analyzer` is a script that runs the program beside it and drops its exit code; a signal ends
 * the script and not the program. It is looked past.
 */

import {closeSync, existsSync, openSync, readSync, realpathSync, statSync} from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {ToolError, UserError} from '../base/errors.ts';
import {compareVersions} from './nsys-version.ts';
import {findFiles} from './find-files.ts';
import {toolsFolder} from './package-folders.ts';

export interface PerfAnalyzer {
	/** The program itself, absolute. */
	readonly path: string;
	readonly version: string;
	/** --warmup-request-count. */
	readonly warmup: boolean;
	/** --profile-export-file. */
	readonly export: boolean;
}

export interface AnalyzerCandidate {
	readonly path: string;
	readonly version: string | null;
	/** Why it is not used; null when it could be. */
	readonly refusal: string | null;
}

export interface AnalyzerWish {
	/** --perf-analyzer; null: search. */
	readonly explicit: string | null;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** For tests: where to search besides PATH. */
	readonly patterns?: readonly string[];
}

const usualPlaces: readonly string[] = [
	path.join(toolsFolder, '*/bin/perf_analyzer'),
	'/usr/local/bin/perf_analyzer',
	'/opt/tritonserver/clients/bin/perf_analyzer',
];

const askMs = 20_000;

/** The interpreter of a script: "/usr/bin/python3" of "#!/usr/bin/python3". */
const readInterpreter = (file: string): string | undefined => {
	const head = Buffer.alloc(512);
	const descriptor = openSync(file, 'r');
	try {
		const text = head.toString('latin1', 0, readSync(descriptor, head));
		return /^#!\s*(?:\/usr\/bin\/env\s+)?(\S*python\S*)/.exec(text)?.[1];
	} finally {
		closeSync(descriptor);
	}
};

const askPython = `
import importlib.util
spec = importlib.util.find_spec("perf_analyzer")
print(spec.submodule_search_locations[0] if spec else "")
`;

/** Past the Python package's wrapper, where it is one. */
const findProgram = async (file: string): Promise<string> => {
	const interpreter = readInterpreter(file);
	if (interpreter === undefined) {
		return file;
	}

	const {stdout} = await execa(interpreter, ['-c', askPython], {
		reject: false,
		stdin: 'ignore',
		timeout: askMs,
	});
	const program = path.join(stdout.trim(), 'bin', 'perf_analyzer');
	return stdout.trim() !== '' && existsSync(program) ? program : file;
};

const parseVersion = (text: string): string | undefined =>
	/Perf Analyzer Version (\d+(?:\.\d+)*)/.exec(text)?.[1];

/** --version is obeyed as it is met: an option before it that is not known ends it first. */
const takes = async (program: string, ...option: readonly string[]): Promise<boolean> => {
	const asked = await execa(program, [...option, '--version'], {
		reject: false,
		all: true,
		stdin: 'ignore',
		timeout: askMs,
		cwd: '/',
	});
	return !asked.failed && parseVersion(asked.all) !== undefined;
};

const examine = async (file: string): Promise<AnalyzerCandidate> => {
	const program = await findProgram(file);
	const asked = await execa(program, ['--version'], {
		reject: false,
		all: true,
		stdin: 'ignore',
		timeout: askMs,
	});
	const version = parseVersion(asked.all) ?? null;
	const [words = ''] = asked.all.trim().split('\n');
	return {
		path: program,
		version,
		refusal:
			version === null
				? `it does not say what it is: ${words === '' ? (asked.shortMessage ?? 'no word') : words.slice(0, 300)}`
				: null,
	};
};

const findInFolders = (env: AnalyzerWish['env'], name: string): readonly string[] =>
	[path.join(env['VIRTUAL_ENV'] ?? '/nowhere', 'bin'), ...(env['PATH'] ?? '').split(':')]
		.filter((folder) => folder !== '')
		.map((folder) => path.join(folder, name))
		.filter((file) => existsSync(file));

const findInPath = (env: AnalyzerWish['env']): readonly string[] =>
	findInFolders(env, 'perf_analyzer');

/** $TRITONSERVER, the first in PATH, or one of the usual places. Not started: that takes seconds. */
export const findTritonServer = (env: AnalyzerWish['env']): string | null =>
	[env['TRITONSERVER'] ?? '', ...findInFolders(env, 'tritonserver')].find(
		(file) => file !== '' && existsSync(file),
	) ??
	[path.join(toolsFolder, '*/bin/tritonserver'), '/opt/tritonserver/bin/tritonserver'].flatMap(
		(pattern) => findFiles(pattern),
	)[0] ??
	null;

const howToGet =
	"npm run triton fetches one; or pip install perf-analyzer (glibc 2.38 or later), or NVIDIA's SDK container of Triton.";

const examineNamed = async (
	flag: string,
	named: string,
	env: AnalyzerWish['env'],
): Promise<readonly AnalyzerCandidate[]> => {
	const found = named.includes('/') ? path.resolve(named) : findInPath(env)[0];
	if (found === undefined || !existsSync(found) || statSync(found).isDirectory()) {
		throw new UserError(`${flag}: there is no program ${named}`, {next: howToGet});
	}

	const candidate = await examine(found);
	if (candidate.refusal !== null) {
		throw new UserError(`${flag}: ${named} cannot be used: ${candidate.refusal}`, {next: howToGet});
	}

	return [candidate];
};

/** Newest first; those that do not run, last. @throws UserError when one was named and cannot be used */
export const listAnalyzers = async (wish: AnalyzerWish): Promise<readonly AnalyzerCandidate[]> => {
	const {env} = wish;
	if (wish.explicit !== null) {
		return examineNamed('--perf-analyzer', wish.explicit, env);
	}

	const named = env['PERF_ANALYZER'];
	if (named !== undefined && named !== '') {
		return examineNamed('$PERF_ANALYZER', named, env);
	}

	const places = (wish.patterns ?? usualPlaces).flatMap((pattern) => findFiles(pattern));
	const files = new Map(
		[...findInPath(env), ...places].toReversed().map((file) => [realpathSync(file), file]),
	);
	const candidates = await Promise.all([...files.values()].map((file) => examine(file)));
	return candidates.toSorted((a, b) => compareVersions(b.version ?? '0', a.version ?? '0'));
};

/** @throws UserError when one was named and cannot be used, ToolError where there is none */
export const findPerfAnalyzer = async (wish: AnalyzerWish): Promise<PerfAnalyzer> => {
	const candidates = await listAnalyzers(wish);
	const chosen = candidates.find(({refusal}) => refusal === null);
	if (chosen?.version === undefined || chosen.version === null) {
		const broken = candidates[0];
		throw new ToolError(
			broken === undefined
				? 'no perf_analyzer was found'
				: `no perf_analyzer that runs was found: ${broken.path}: ${broken.refusal ?? ''}`,
			{next: howToGet},
		);
	}

	const {path: program, version} = chosen;
	const [warmup, canExport] = await Promise.all([
		takes(program, '--warmup-request-count', '1'),
		takes(program, '--profile-export-file', 'export-that-is-not-there.json'),
	]);
	return {path: program, version, warmup, export: canExport};
};
