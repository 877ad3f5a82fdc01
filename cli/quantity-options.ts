/** Options that are quantities: a share in percent, a length of time. */

import {UserError} from '../base/errors.ts';
import {textOption, type Parsed} from './options.ts';

const secondsPer = {s: 1, m: 60, h: 3600} as const;

/**
 * "90", "90s", "10m", "1.5h".
 * @returns seconds; undefined where the option was not given
 * @throws UserError for anything else
 */
export const durationOption = (parsed: Parsed, name: string): number | undefined => {
	const text = textOption(parsed, name);
	if (text === undefined) {
		return undefined;
	}

	const match = /^(\d+(?:\.\d+)?|\.\d+)\s*([smh]?)$/.exec(text.trim());
	const unit = (match?.[2] ?? '') === '' ? 's' : (match?.[2] as keyof typeof secondsPer);
	const seconds = Number(match?.[1]) * secondsPer[unit];
	if (!(seconds > 0)) {
		throw new UserError(`--${name} takes a length of time above 0, not "${text}"`, {
			next: `Write it as --${name} 90s, --${name} 10m or --${name} 1h.`,
		});
	}

	return seconds;
};

/**
 * "1%".
 * @returns a share, 0.01; undefined where the option was not given
 * @throws UserError for anything but a percentage above 0 and below 100
 */
export const shareOption = (parsed: Parsed, name: string): number | undefined => {
	const text = textOption(parsed, name);
	if (text === undefined) {
		return undefined;
	}

	const match = /^(\d+(?:\.\d+)?|\.\d+)\s*%$/.exec(text.trim());
	const share = Number(match?.[1]) / 100;
	if (!(share > 0 && share < 1)) {
		throw new UserError(`--${name} takes a percentage above 0, not "${text}"`, {
			next: `Write it as --${name} 1%.`,
		});
	}

	return share;
};
