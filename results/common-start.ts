/** What `--sync-start` did, as the traces tell it: how long each process waited for the others, and why no longer. */

import {plural} from '../base/plural.ts';
import {toMilliseconds} from '../base/units.ts';
import type {StartEnd} from '../schemas/annotation-mark.ts';
import type {MeanResult, ProcessResult} from '../schemas/benchmark-result.ts';
import type {StartWait} from '../schemas/trace.ts';
import type {Warning} from '../schemas/warning.ts';

/** The farther behind, the less together: of several the last one is told. */
const worstLast: readonly StartEnd[] = [
	'together',
	'partly',
	'stopped',
	'timed-out',
	'late',
	'abandoned',
];

const findWorst = (ends: readonly StartEnd[]): StartEnd =>
	worstLast.findLast((end) => ends.includes(end)) ?? 'together';

/** Of several threads or processes in one report the longest wait; {} where nothing was held back. */
export const describeStart = (
	waits: readonly StartWait[],
): Pick<ProcessResult['meta'], 'sync_start'> =>
	waits.length === 0
		? {}
		: {
				sync_start: {
					waited: toMilliseconds(Math.max(...waits.map(({startNs, endNs}) => endNs - startNs))),
					end: findWorst(waits.map(({end}) => end)),
				},
			};

type Meta = ProcessResult['meta'];

const listStarts = (metas: readonly Meta[]) =>
	metas.flatMap(({sync_start: start}) => (start === undefined ? [] : [start]));

/** {} where no process was held back. */
export const describeRunStart = (
	metas: readonly Meta[],
): Pick<MeanResult['meta'], 'sync_start'> => {
	const starts = listStarts(metas);
	return starts.length === 0
		? {}
		: {
				sync_start: {
					waited: Math.max(...starts.map(({waited}) => waited)),
					end: findWorst(starts.map(({end}) => end)),
					processes: starts.length,
				},
			};
};

/** Why a process did not begin with the others; undefined where it did, or the run's own end says why not. */
const explainEnd = (end: StartEnd, waitedMs: number): string | undefined => {
	switch (end) {
		case 'together':
		case 'partly':
		case 'stopped':
			return undefined;
		case 'timed-out':
			return `It waited ${waitedMs.toFixed(0)} ms for the other processes to begin, and went on without those that had not come by then. Give them longer: --sync-timeout.`;
		case 'late':
			return 'It came to its first batch after the others had gone on without it. Give it longer: --sync-timeout.';
		case 'abandoned':
			return `It waited ${waitedMs.toFixed(0)} ms for a word to begin that never came, and went on by itself.`;
	}
};

export const warnOfStartEnd = (waits: readonly StartWait[]): readonly Warning[] => {
	const {sync_start: start} = describeStart(waits);
	const message = start === undefined ? undefined : explainEnd(start.end, start.waited);
	return message === undefined ? [] : [{code: 'not-together', message}];
};

/** Processes that --sync-start could not hold, since nothing in them knows of batches until their trace is read. */
export const warnOfUnheld = (metas: readonly Meta[], syncStart: boolean): readonly Warning[] => {
	const held = listStarts(metas).length;
	const unheld = metas.length - held;
	if (!(syncStart || held > 0) || unheld === 0 || metas.length === 1) {
		return [];
	}

	const who =
		held === 0 ? 'no process' : `${unheld} of ${plural(metas.length, 'process', 'processes')}`;
	return [
		{
			code: 'not-held',
			message: `--sync-start held ${held === 0 ? who : `all but ${who}`}: only the annotation libraries of this package can hold a first batch, and only batches that they mark. The others began when they were ready.`,
		},
	];
};
