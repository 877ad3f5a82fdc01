/** Options of watching the GPUs: how often, or not at all, and what becomes of throttled batches. */

import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import type {RunOptions} from '../launcher/run-options.ts';
import {flagOption, textOption, valueOption, type Parsed} from './options.ts';

export const dropThrottledOption = {
	type: 'boolean',
	describe: 'leave batches out of the statistics in which the GPU was throttled',
} as const;

export const withMetricsOptions = (parser: Argv): Argv =>
	parser
		.option('metrics-interval', valueOption('how often GPUs are sampled (100ms)'))
		.option('no-metrics', {type: 'boolean', describe: 'do not sample GPUs'})
		.option('drop-throttled', dropThrottledOption);

export const metricsFlags: readonly string[] = ['--no-metrics', '--drop-throttled'];

const defaultMs = 100;
/** nvidia-smi itself takes some milliseconds per answer. */
const leastMs = 10;
const mostMs = 60_000;

/** "100", "100ms", "0.1s"; milliseconds, undefined where it was not given. */
const readInterval = (parsed: Parsed): number | undefined => {
	const text = textOption(parsed, 'metrics-interval');
	if (text === undefined) {
		return undefined;
	}

	const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(ms|s)?$/.exec(text.trim());
	const ms = Math.round(Number(match?.[1]) * (match?.[2] === 's' ? 1000 : 1));
	if (!(ms >= leastMs && ms <= mostMs)) {
		throw new UserError(
			`--metrics-interval takes a length of time from ${leastMs}ms to ${mostMs / 1000}s, not "${text}"`,
			{
				next: 'Write it as --metrics-interval 100ms or --metrics-interval 1s; a bare number is milliseconds.',
			},
		);
	}

	return ms;
};

/** @throws UserError */
export const readMetricsOptions = (
	parsed: Parsed,
): Required<Pick<RunOptions, 'metricsIntervalMs' | 'dropThrottled'>> => {
	const interval = readInterval(parsed);
	const dropThrottled = flagOption(parsed, 'drop-throttled');
	if (!flagOption(parsed, 'no-metrics')) {
		return {metricsIntervalMs: interval ?? defaultMs, dropThrottled};
	}

	if (interval !== undefined || dropThrottled) {
		const other = dropThrottled ? '--drop-throttled' : '--metrics-interval';
		throw new UserError(`${other} needs samples of the GPUs, and --no-metrics takes none`, {
			next: 'Leave one of them out.',
		});
	}

	return {metricsIntervalMs: null, dropThrottled: false};
};
