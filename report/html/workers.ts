/** How each worker ended, with links to what it left; of those that failed, why. */

import {plural} from '../../base/plural.ts';
import type {WorkerOutcome, WorkerRecord} from '../../schemas/manifest.ts';
import {formatTenths} from '../format.ts';
import {markup, Markup, nothing} from './markup.ts';
import {writeLink, type FileLink} from './links.ts';
import type {PageNote} from './notes.ts';
import {emptyCell, numberCell, textCell, writeTable, type PageCell} from './table.ts';

export interface PageWorker {
	/** null: no manifest tells of it. */
	readonly record: WorkerRecord | null;
	/** Relative to the run's folder: "repeat_0/proc_0_gpu_0". */
	readonly folder: string;
	/** Those that are there. */
	readonly files: readonly FileLink[];
}

/** More would make the page a burden. */
const mostRows = 400;
/** Their words; the others are in the table. */
const mostFailures = 12;
const longestTail = 6000;

const stateOf = (outcome: WorkerOutcome | null): {text: string; look: string} => {
	if (outcome === null) {
		return {text: 'no end known', look: 'warn'};
	}

	switch (outcome.kind) {
		case 'completed':
			return {text: 'completed', look: 'good'};
		case 'failed':
		case 'timed-out':
			return {text: outcome.kind.replace('-', ' '), look: 'bad'};
		case 'cancelled':
		case 'skipped':
			return {text: outcome.kind, look: 'warn'};
	}
};

const stateCell = ({record}: PageWorker): PageCell => {
	if (record === null) {
		return emptyCell;
	}

	const {text, look} = stateOf(record.outcome);
	return {content: markup`<span class="state ${look}">${text}</span>`};
};

const secondsOf = ({record}: PageWorker): number | undefined =>
	record?.outcome === null || record?.outcome === undefined || record.outcome.kind === 'skipped'
		? undefined
		: record.outcome.wallSeconds;

const shortName = (name: string): string => name.split('/').at(-1) ?? name;

const linksCell = ({files}: PageWorker): PageCell => ({
	content: files.map(
		(file, place) =>
			markup`${place === 0 ? nothing : ' · '}${writeLink(file, shortName(file.name))}`,
	),
	wraps: true,
});

export const writeWorkers = (workers: readonly PageWorker[]): Markup => {
	const rows = workers.slice(0, mostRows);
	const hidden = workers.length - rows.length;
	return markup`${writeTable({
		caption: `${plural(workers.length, 'worker')}: one process of the program each.`,
		rows,
		columns: [
			{title: 'worker', align: 'left', cell: ({folder}) => textCell(folder)},
			{title: 'outcome', align: 'left', cell: stateCell},
			{
				title: 'wall s',
				align: 'right',
				cell: (worker) => numberCell(secondsOf(worker), formatTenths),
			},
			{
				title: 'GPU',
				align: 'left',
				cell: ({record}) => textCell(record?.gpuUuid ?? ''),
			},
			{title: 'CPUs', align: 'left', cell: ({record}) => textCell(record?.cpus ?? '')},
			{title: 'files', align: 'left', cell: linksCell},
		],
	})}${hidden > 0 ? markup`<p class="legend">... and ${plural(hidden, 'more worker')}: run.json has all.</p>` : nothing}`;
};

/** Workers that failed alike are told of once: eight copies of one traceback hide the rest. */
const groupAlike = (workers: readonly PageWorker[]): readonly (readonly PageWorker[])[] => {
	const groups = new Map<string, PageWorker[]>();
	for (const worker of workers) {
		const outcome = worker.record?.outcome;
		if (outcome === null || outcome === undefined || outcome.kind === 'completed') {
			continue;
		}

		const key = `${outcome.kind} ${outcome.message.replaceAll(worker.folder, '')}`;
		groups.set(key, [...(groups.get(key) ?? []), worker]);
	}

	return [...groups.values()];
};

/** The end counts. */
const cutTail = (tail: string): string =>
	tail.length <= longestTail ? tail : `...\n${tail.slice(-longestTail)}`;

const describeGroup = ([first, ...others]: readonly PageWorker[]): readonly PageNote[] => {
	const outcome = first?.record?.outcome;
	if (first === undefined || !outcome || outcome.kind === 'completed') {
		return [];
	}

	const who = others.length === 0 ? '' : ` and ${plural(others.length, 'other')}`;
	const message = `${first.folder}${who}: ${outcome.message}`;
	if (outcome.kind === 'skipped') {
		return [{kind: 'warning', message}];
	}

	const {tail, next} = outcome;
	return [
		{
			kind: outcome.kind === 'cancelled' ? 'warning' : 'failure',
			message,
			more: markup`${tail.trim() === '' ? nothing : markup`<pre>${cutTail(tail.trimEnd())}</pre>`}${next === '' ? nothing : markup`<p>${next}</p>`}`,
		},
	];
};

export const describeFailures = (workers: readonly PageWorker[]): readonly PageNote[] => {
	const groups = groupAlike(workers);
	const hidden = groups.length - mostFailures;
	return [
		...groups.slice(0, mostFailures).flatMap(describeGroup),
		...(hidden > 0
			? [
					{
						kind: 'failure' as const,
						message: `... and ${plural(hidden, 'more kind')} of failure: run.json has all`,
					},
				]
			: []),
	];
};
