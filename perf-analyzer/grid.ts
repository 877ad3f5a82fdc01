/**
 * Values to sweep over, as they are written: `1,2,4`, perf_analyzer's `start:end[:step]`, whose end counts too, and
 * `start:end:xF` for powers. Any of them can stand between commas. Pure.
 */

import {UserError} from '../base/errors.ts';

/** More points than this are a slip of the pen. */
const mostValues = 10_000;

/** 0.1 + 2 x 0.1 and the like. */
const tidy = (value: number): number => Number(value.toPrecision(12));

export interface GridRules {
	/** As the user wrote it, with its dashes, for messages. */
	readonly flag: string;
	/** Rates need not be. */
	readonly whole: boolean;
}

const examples = {
	true: '1:64:8 (steps of 8), 1:64:x2 (powers of 2), or 1,2,4',
	false: '10:100:10 (steps of 10), 1:64:x2 (powers of 2), or 0.5,1,2',
} as const;

const refuse = ({flag, whole}: GridRules, text: string, why: string): UserError =>
	new UserError(`${flag} ${text}: ${why}`, {next: `It takes ${examples[`${whole}`]}.`});

const readValue = (text: string, rules: GridRules, whole: string): number => {
	const value = Number(text);
	const fits = rules.whole ? Number.isSafeInteger(value) : Number.isFinite(value);
	if (!/^\d+(?:\.\d+)?$/.test(text) || !fits || value <= 0) {
		const kind = rules.whole ? 'whole number above 0' : 'number above 0';
		throw refuse(rules, whole, `"${text}" is no ${kind}`);
	}

	return value;
};

const listRange = (
	[start, end]: readonly [number, number],
	next: (value: number, count: number) => number,
	refusal: () => UserError,
): readonly number[] => {
	const values: number[] = [];
	// The last step may fall short of the end by what doubles lose.
	for (let value = start; value <= end * (1 + 1e-12); value = next(start, values.length)) {
		values.push(tidy(value));
		if (values.length > mostValues) {
			throw refusal();
		}
	}

	return values;
};

const readItem = (item: string, rules: GridRules, whole: string): readonly number[] => {
	const [startText = '', endText, stepText = '1', ...rest] = item.split(':');
	const start = readValue(startText, rules, whole);
	if (endText === undefined) {
		return [start];
	}

	if (endText === '0') {
		throw refuse(rules, whole, 'an end of 0, until the limit of -l is reached, is not known here');
	}

	const end = readValue(endText, rules, whole);
	if (rest.length > 0 || end < start) {
		throw refuse(rules, whole, rest.length > 0 ? 'too many colons' : 'the end is below the start');
	}

	const tooMany = (): UserError => refuse(rules, whole, `more than ${mostValues} values`);
	const factor = /^[x*](?<factor>.+)$/.exec(stepText)?.groups?.['factor'];
	if (factor === undefined) {
		const step = readValue(stepText, rules, whole);
		return listRange([start, end], (from, count) => from + count * step, tooMany);
	}

	const times = readValue(factor, rules, whole);
	if (times <= 1) {
		throw refuse(rules, whole, 'a factor of 1 leads nowhere');
	}

	return listRange([start, end], (from, count) => from * times ** count, tooMany);
};

/** Each value once, in the order in which they were written. @throws UserError */
export const readGrid = (text: string, rules: GridRules): readonly number[] => {
	const values = text.split(',').flatMap((item) => readItem(item.trim(), rules, text));
	return [...new Set(values)];
};

/** `http,grpc`: words of a list, in any case, each once. @throws UserError */
export const readChoices = <Choice extends string>(
	text: string,
	choices: readonly Choice[],
	flag: string,
): readonly Choice[] => {
	const found = text.split(',').map((word) => {
		const choice = choices.find((candidate) => candidate === word.trim().toLowerCase());
		if (choice === undefined) {
			throw new UserError(`${flag} ${text}: "${word.trim()}" is none of ${choices.join(', ')}`);
		}

		return choice;
	});
	return [...new Set(found)];
};
