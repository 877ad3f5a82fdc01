/** Runs the built command as a user does: a process of its own, its streams, its exit code. */

import {spawn, type ChildProcess} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {onTestFinished} from 'vitest';

export const projectRoot = path.resolve(import.meta.dirname, '../..');
const ownBin = path.join(projectRoot, 'dist/bin/benchmark.js');

export interface Ended {
	/** null when a signal ended it. */
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export interface Running {
	readonly child: ChildProcess;
	readonly ended: Promise<Ended>;
	/** All of stderr so far. */
	stderr(): string;
}

export interface CommandOptions {
	readonly env?: Readonly<Record<string, string>>;
	readonly cwd?: string;
	/** Another copy of the command. */
	readonly bin?: string;
}

export const startBenchmark = (
	argv: readonly string[],
	{env = {}, cwd = projectRoot, bin = ownBin}: CommandOptions = {},
): Running => {
	const child = spawn(process.execPath, [bin, ...argv], {
		cwd,
		env: {...process.env, ...env},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	const ended = new Promise<Ended>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (exitCode) => resolve({exitCode, stdout, stderr}));
	});
	return {child, ended, stderr: () => stderr};
};

export const runBenchmark = async (
	argv: readonly string[],
	options: CommandOptions = {},
): Promise<Ended> => startBenchmark(argv, options).ended;

/** A new folder that is removed when the test ends. */
export const temporaryFolder = (name: string): string => {
	const folder = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
};

const pollMs = 20;

/** Resolves when the condition holds. @throws Error when it does not in time */
export const until = async (
	condition: () => boolean,
	what: string,
	timeoutMs = 30_000,
): Promise<void> => {
	const end = Date.now() + timeoutMs;
	while (!condition()) {
		if (Date.now() > end) {
			throw new Error(`never came: ${what}`);
		}

		await delay(pollMs);
	}
};

/** Processes of any parent whose environment or command line holds the text: what a run left behind. */
export const processesWith = (text: string): readonly string[] =>
	readdirSync('/proc')
		.filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
		.filter((pid) => ['environ', 'cmdline'].some((file) => readProc(pid, file).includes(text)))
		.map((pid) => `${pid} ${readProc(pid, 'cmdline').replaceAll('\0', ' ')}`)
		// A zombie has no environment left, but a process may end between two reads.
		.filter((line) => !/^\d+ $/.test(line));

const readProc = (pid: string, file: string): string => {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8');
	} catch {
		// It ended, or is not ours to look at.
		return '';
	}
};
