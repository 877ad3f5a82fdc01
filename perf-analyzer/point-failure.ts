/** Why a call of perf_analyzer came to nothing, in a sentence. */

import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {StudyPoint} from '../schemas/study.ts';
import {classifyMessage, quoteLine} from './messages.ts';
import {pointFiles} from './sweep-plan.ts';

interface Ending {
	readonly exitCode: number | null;
	readonly signal: string | null;
	readonly startError: string | null;
}

/** perf_analyzer's exit codes (constants.h), which its Python package's wrapper drops. */
const exitCodes: Readonly<Record<number, string>> = {
	2: 'it found no stable measurement',
	3: 'it found an option wrong, or no request ended in time',
};

const describeEnding = ({exitCode, signal, startError}: Ending): string => {
	if (startError !== null) {
		return `perf_analyzer could not be started: ${startError}`;
	}

	if (signal !== null) {
		return `perf_analyzer was ended by ${signal}`;
	}

	const meaning = exitCodes[exitCode ?? 0];
	return exitCode === 0
		? 'perf_analyzer ended as if all was well, without a result'
		: `perf_analyzer ended with exit code ${exitCode ?? 0}${meaning === undefined ? '' : ` (${meaning})`}`;
};

const readLines = (file: string): readonly string[] =>
	existsSync(file)
		? readFileSync(file, 'utf8')
				.split('\n')
				.map((line) => line.trim())
				.filter((line) => line !== '')
		: [];

/** The line that tells most: the cause that a worker names, else the first that ends the point, else the last one. */
const findWords = (folder: string): string | undefined => {
	const words = readLines(path.join(folder, pointFiles.stderr));
	const lines = [...words, ...readLines(path.join(folder, pointFiles.stdout))];
	const failing = lines.filter((line) => classifyMessage(line)?.effect === 'failed');
	return (
		failing.find((line) => classifyMessage(line)?.warning.code === 'worker-error') ??
		failing[0] ??
		words.at(-1)
	);
};

export const describePointFailure = (
	folder: string,
	end: Ending,
	{client}: Pick<StudyPoint, 'client'>,
): string => {
	const words = findWords(folder);
	const empty = client.requestCount === 0 ? '; no request ended in a window that counts' : '';
	return `${describeEnding(end)}${empty}${words === undefined ? '' : `: ${quoteLine(words)}`}`;
};
