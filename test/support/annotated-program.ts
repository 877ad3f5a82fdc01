/** Runs the programs of test/fixtures/annotations, which import the TypeScript annotations from their sources. */

import {type ChildProcess, spawn} from 'node:child_process';
import path from 'node:path';

export const projectFolder = path.resolve(import.meta.dirname, '../..');

export interface ProgramRun {
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export const fixture = (name: string): string =>
	path.join(projectFolder, 'test/fixtures/annotations', name);

/** The command line that runs a TypeScript program. */
export const programCommand = (file: string): readonly string[] => [
	process.execPath,
	'--import',
	'tsx',
	file,
];

/** Without what a worker of `benchmark`, or a profiler around the tests, would have set. */
const cleanEnvironment = (): Record<string, string | undefined> =>
	Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !/^(BENCHMARK_|NVTX_|LD_PRELOAD$)/.test(name)),
	);

export const startCommand = (
	[command = '', ...parameters]: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): ChildProcess =>
	spawn(command, parameters, {
		cwd: projectFolder,
		env: {...cleanEnvironment(), ...environment},
		stdio: ['ignore', 'pipe', 'pipe'],
	});

export const runCommand = async (
	command: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> => {
	const child = startCommand(command, environment);
	let stdout = '';
	let stderr = '';
	child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	const exitCode = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	return {exitCode, stdout, stderr};
};

export const runProgram = (
	name: string,
	environment: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> => runCommand(programCommand(fixture(name)), environment);
