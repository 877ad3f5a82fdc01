/** `--slo p99=50ms,mean=20ms`: limits of latency. */

import {UserError} from '../base/errors.ts';
import type {SloLimit} from '../schemas/study-answers.ts';
import {listOption, type Parsed} from './options.ts';

const pattern =
	/^(?:p(?<percentile>\d{1,2}(?:\.\d+)?)|mean|avg)\s*(?:=|<=|<)\s*(?<time>\d+(?:\.\d+)?)\s*(?<unit>us|ms|s)?$/;

const milliseconds = {us: 1e-3, ms: 1, s: 1000} as const;

const readLimit = (text: string, whole: string): SloLimit => {
	const groups = pattern.exec(text.trim())?.groups;
	const {percentile, time = '', unit = 'ms'} = groups ?? {};
	const limit = Number(time) * milliseconds[unit as keyof typeof milliseconds];
	if (groups === undefined || limit === 0 || Number(percentile ?? 1) === 0) {
		throw new UserError(`--slo ${whole}: "${text.trim()}" is no limit of latency`, {
			next: 'Write it as p99=50ms, mean=20ms or p99.9=0.2s; several with commas.',
		});
	}

	return {
		percentile: percentile === undefined ? null : Number(percentile),
		// 0.1 x 1000 and the like: whole nanoseconds.
		time: Math.round(limit * 1e6) / 1e6,
	};
};

/** @throws UserError for what is no limit; empty where the option was not given */
export const sloOption = (parsed: Parsed): readonly SloLimit[] =>
	listOption(parsed, 'slo').flatMap((text) =>
		text.split(',').map((limit) => readLimit(limit, text)),
	);

export const sloDescription =
	'limits of latency for the best load: p99=50ms, or p99=50ms,mean=20ms';
