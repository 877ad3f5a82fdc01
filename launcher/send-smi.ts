/**
 * Sends nvidia-smi a command that changes a GPU. It runs in a session of its own, so that Ctrl-C does not cut it short, and
 * it holds the caller's lock as long as it lives: were we killed meanwhile, whoever restores waits until it has ended.
 */

import {spawn} from 'node:child_process';
import {defaultSmi, smiEnvironment, type SmiOptions} from './ask-nvidia-smi.ts';
import type {SmiReply} from './clock-commands.ts';

/** Waking a sleeping GPU, or loading its driver, takes seconds. */
const answerMs = 30_000;

/** A descriptor of the lock that the command is to hold; null: of none. Never throws. */
export const sendSmi = async (
	words: readonly string[],
	lockFd: number | null,
	{command = defaultSmi, timeoutMs = answerMs}: SmiOptions = {},
): Promise<SmiReply> =>
	new Promise((resolve) => {
		const child = spawn(command, words, {
			env: {...process.env, ...smiEnvironment},
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe', lockFd ?? 'ignore'],
		});
		let text = '';
		const take = (chunk: string): void => {
			text += chunk;
		};

		child.stdout?.setEncoding('utf8').on('data', take);
		child.stderr?.setEncoding('utf8').on('data', take);
		const timer = setTimeout(() => {
			take(`no answer for ${timeoutMs / 1000} s\n`);
			child.kill('SIGKILL');
			// One that waits in a broken driver does not die: it is left to itself.
			child.stdout?.destroy();
			child.stderr?.destroy();
			child.unref();
			resolve({text, exitCode: null});
		}, timeoutMs);
		const end = (exitCode: number | null): void => {
			clearTimeout(timer);
			resolve({text, exitCode});
		};

		child.once('error', (error) => {
			take(`${error.message}\n`);
			end(null);
		});
		child.once('close', (code) => end(code));
	});

/** What it complained of, or else its first words. */
export const firstWords = ({text, exitCode}: SmiReply): string => {
	const lines = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
	return lines[0] ?? (exitCode === null || exitCode === 0 ? '' : `exit code ${exitCode}`);
};
