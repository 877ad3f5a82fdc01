/** What the two sides of `ab` run: two commands, or one program with two environments. */

import {UserError} from '../base/errors.ts';
import {splitCommand} from './command-words.ts';
import {textOption, type Parsed} from './options.ts';

export interface AbSide {
	/** The program and its arguments. */
	readonly programArgv: readonly string[];
	/** Variables that only this side is given. */
	readonly environment: Readonly<Record<string, string>>;
}

export interface AbSides {
	readonly a: AbSide;
	readonly b: AbSide;
}

/** Ours: the sides run on the same GPUs, and in folders of their own. */
const reserved: ReadonlySet<string> = new Set(['CUDA_VISIBLE_DEVICES', 'TMPDIR']);

/** May be given several times, which yargs has no word for here. @param own our options, in the form --name=value */
const readVariables = (own: readonly string[], option: string): Record<string, string> => {
	const prefix = `--${option}=`;
	const variables: Record<string, string> = {};
	for (const text of own.filter((word) => word.startsWith(prefix))) {
		const assignment = text.slice(prefix.length);
		const at = assignment.indexOf('=');
		const name = assignment.slice(0, Math.max(0, at));
		if (!/^[A-Za-z_]\w*$/.test(name)) {
			throw new UserError(`--${option} takes NAME=VALUE, not "${assignment}"`);
		}

		if (reserved.has(name)) {
			throw new UserError(`--${option} ${assignment}: ${name} is set by benchmark`, {
				next: 'Both sides run on the same GPUs: -ng and -go choose them.',
			});
		}

		variables[name] = assignment.slice(at + 1);
	}

	return variables;
};

const refuseTwice = (parsed: Parsed, program: readonly string[]): void => {
	if (textOption(parsed, 'a') !== undefined && program.length > 0) {
		throw new UserError(
			`both --a and a program behind the options (${program[0] ?? ''}) are given`,
			{next: 'Give --a and --b, or one program with --env-a and --env-b.'},
		);
	}
};

const readCommand = (parsed: Parsed, flag: 'a' | 'b'): readonly string[] | undefined => {
	const text = textOption(parsed, flag);
	return text === undefined ? undefined : splitCommand(text, `--${flag}`);
};

/** A against A. */
const readCalibration = (
	own: readonly string[],
	program: readonly string[],
	parsed: Parsed,
): AbSides => {
	const odd = ['--b', '--env-b'].find((name) => own.some((word) => word.startsWith(`${name}=`)));
	if (odd !== undefined) {
		throw new UserError(`--calibrate measures one program against itself: ${odd} has no place`);
	}

	const side = {
		programArgv: readCommand(parsed, 'a') ?? program,
		environment: readVariables(own, 'env-a'),
	};
	return {a: side, b: side};
};

/** @throws UserError where it is not clear what the two sides are */
export const readSides = (
	parsed: Parsed,
	own: readonly string[],
	program: readonly string[],
): AbSides => {
	refuseTwice(parsed, program);
	if (parsed['calibrate'] === true) {
		return readCalibration(own, program, parsed);
	}

	const [a, b] = [readCommand(parsed, 'a'), readCommand(parsed, 'b')];
	if (a === undefined && b !== undefined) {
		throw new UserError('--b is given and --a is not');
	}

	const environments = [readVariables(own, 'env-a'), readVariables(own, 'env-b')] as const;
	const alike = environments.every((variables) => Object.keys(variables).length === 0);
	if (b === undefined && alike) {
		throw new UserError(a === undefined ? 'nothing tells the sides apart' : '--b is missing', {
			next: 'Give --a "<command>" and --b "<command>", or --env-a KEY=VALUE and --env-b KEY=VALUE. --calibrate measures a program against itself.',
		});
	}

	return {
		a: {programArgv: a ?? program, environment: environments[0]},
		b: {programArgv: b ?? a ?? program, environment: environments[1]},
	};
};
