/**
 * Asks nvidia-smi one question. It answers in words where it cannot: "[N/A]" for one value, a sentence for a GPU that is
 * lost, `Field "x" is not a valid field to query.` for a field of another driver's time.
 */

import {execa} from 'execa';

export interface SmiOptions {
	/** Name or path of nvidia-smi. */
	readonly command?: string | undefined;
	/** A driver that hangs must not hang us; waking a sleeping GPU may take some seconds. */
	readonly timeoutMs?: number | undefined;
	/** Variables for it on top of our own. */
	readonly env?: Readonly<Record<string, string>> | undefined;
	/** Ends the question before its answer: then that is the failure. */
	readonly cancelSignal?: AbortSignal | undefined;
}

export interface SmiAnswer {
	/** Both outputs: without a driver it complains on stdout, and exits with 9. */
	readonly text: string;
	/** null: it ended well. Otherwise its first words, or why it did not run. */
	readonly failure: string | null;
}

export const defaultSmi = 'nvidia-smi';
const answerMs = 20_000;

/** Times without a zone are then UTC, and words are English. */
export const smiEnvironment = {TZ: 'UTC', LC_ALL: 'C'} as const;

const firstLine = (text: string): string | undefined =>
	text
		.split('\n')
		.map((line) => line.trim())
		.find((line) => line !== '');

export const askNvidiaSmi = async (
	question: readonly string[],
	{command = defaultSmi, timeoutMs = answerMs, env = {}, cancelSignal}: SmiOptions = {},
): Promise<SmiAnswer> => {
	const asked = await execa(command, question, {
		reject: false,
		all: true,
		stdin: 'ignore',
		timeout: timeoutMs,
		env: {...env, ...smiEnvironment},
		...(cancelSignal === undefined ? {} : {cancelSignal, gracefulCancel: false}),
	});
	// A process that could not be started has no output at all.
	const text = (asked.all as string | undefined) ?? '';
	const failure = asked.failed
		? (firstLine(asked.timedOut ? '' : text) ?? asked.shortMessage ?? 'it said nothing')
		: null;
	return {text, failure};
};

const emptyAnswers: ReadonlySet<string> = new Set(['', 'N/A', 'Not Supported', 'ERR!']);

/** null where nvidia-smi has no answer: "[N/A]", "[Not Supported]", "[Unknown Error]", "[GPU is lost]", "N/A", ... */
export const readSmiValue = (cell: string | undefined): string | null => {
	const value = cell?.trim() ?? '';
	return emptyAnswers.has(value) || /^\[.*\]$/.test(value) ? null : value;
};

/** null also for what is no number. */
export const readSmiNumber = (cell: string | null): number | null => {
	const number = cell === null ? NaN : Number(cell);
	return Number.isFinite(number) ? number : null;
};
