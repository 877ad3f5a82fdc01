/**
 * What reading a trace costs, from start to the summary of every range: `benchmark ranges` beside what others need for
 * the same file. All in one run, in turn, so that a drifting machine moves all of them.
 *
 *     npm run bench -- traces                      10k, 100k, 1M and 5M events
 *     npm run bench -- traces 20000000             other sizes; BENCH_EVENTS="20000000" says the same
 *     npm run bench -- traces 1000000 --nsys       `nsys stats` past 100k events too: minutes for a million
 */

import {copyFileSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {noNsys, nsysForTests} from '../test/support/nsys.ts';
import {canRun, findMeter} from './child-cost.ts';
import type {ChildCost, Failure, Meter} from './child-cost.ts';
import {generateTrace} from './trace-generator.ts';

const defaultEvents = [10_000, 100_000, 1_000_000, 5_000_000];
const mostEventsForNsys = 100_000;
const scanName = 'scan by the sqlite3 shell';

/** The columns that a summary needs, of the five tables; `total` adds in floating point. */
const scan = [
	'SELECT total(end - start + eventType + globalTid + coalesce(domainId, 0) + coalesce(textId, 0) + coalesce(length(text), 0)) FROM NVTX_EVENTS',
	'SELECT total(end - start + globalTid + correlationId) FROM CUPTI_ACTIVITY_KIND_RUNTIME',
	...['KERNEL', 'MEMCPY', 'MEMSET'].map(
		(kind) =>
			`SELECT total(end - start + globalPid + correlationId) FROM CUPTI_ACTIVITY_KIND_${kind}`,
	),
].join('; ');

interface Contestant {
	readonly name: string;
	readonly command: readonly string[];
	/** Rounds that count; one more is thrown away where there are several. */
	readonly rounds: number;
}

export interface TraceReadingOptions {
	/** Sizes of the traces. */
	readonly events: readonly number[];
	/** Ask `nsys stats` whatever the size. */
	readonly alwaysNsys: boolean;
}

export const readTraceReadingOptions = (args: readonly string[]): TraceReadingOptions => {
	const alwaysNsys = args.includes('--nsys');
	const asked = args.filter((arg) => arg !== '--nsys');
	const sizes = asked.length > 0 ? asked : (process.env['BENCH_EVENTS'] ?? '').split(/[\s,]+/);
	const events = sizes.filter((size) => size !== '').map(Number);
	if (!events.every((count) => Number.isSafeInteger(count) && count > 0)) {
		throw new Error(`no number of events: ${sizes.join(' ')}`);
	}

	return {events: events.length > 0 ? events : defaultEvents, alwaysNsys};
};

const findNsysCommand = (file: string): readonly string[] | null => {
	const nsys = nsysForTests();
	if (nsys === undefined) {
		return null;
	}

	// It may write into the export.
	const copy = `${file}.copy.sqlite`;
	copyFileSync(file, copy);
	const reports = nsys.version.startsWith('2022')
		? 'nvtxgpuproj,nvtxpptrace'
		: 'nvtx_gpu_proj_trace,nvtx_pushpop_trace';
	return [
		nsys.path,
		'stats',
		'-q',
		'-r',
		reports,
		'-f',
		'csv',
		'-o',
		'-',
		'--force-export=false',
		copy,
	];
};

const listContestants = (
	file: string,
	events: number,
	{alwaysNsys}: TraceReadingOptions,
): Contestant[] => {
	const rounds = events < 1_000_000 ? 5 : 3;
	const root = path.dirname(import.meta.dirname);
	const node = (script: string, ...args: string[]) => [
		process.execPath,
		path.join(root, script),
		...args,
	];
	const ours = {
		name: 'benchmark ranges',
		command: node('dist/bin/benchmark.js', 'ranges', file),
		rounds,
	};
	const iteration = {
		name: 'better-sqlite3, row by row',
		command: node('bench/row-iteration.mjs', file),
		rounds,
	};
	const shell = {name: scanName, command: ['sqlite3', '-readonly', file, scan], rounds};
	const small = events <= mostEventsForNsys;
	const nsys = small || alwaysNsys ? findNsysCommand(file) : null;
	return [
		ours,
		iteration,
		...(canRun('sqlite3', ['-version']) ? [shell] : []),
		...(nsys === null ? [] : [{name: 'nsys stats', command: nsys, rounds: small ? rounds : 1}]),
	];
};

/** By name: the rounds that count, or why there are none. */
type Results = Map<string, ChildCost[] | Failure>;

const measureInTurn = async (
	meter: Meter,
	contestants: readonly Contestant[],
): Promise<Results> => {
	const results: Results = new Map(contestants.map(({name}) => [name, []]));
	const most = Math.max(...contestants.map(({rounds}) => rounds));
	// Round 0 warms the disk's cache.
	for (let round = 0; round <= most; round++) {
		for (const {name, command, rounds} of contestants) {
			const costs = results.get(name);
			if (!Array.isArray(costs) || round > rounds || (round === 0 && rounds === 1)) {
				continue;
			}

			const cost = await meter.measure(command);
			if ('failure' in cost) {
				results.set(name, cost);
			} else if (round > 0) {
				costs.push(cost);
			}
		}
	}

	return results;
};

const medianOf = (
	costs: readonly ChildCost[],
	pick: (cost: ChildCost) => number | null,
): number | null => {
	const values = costs.map(pick).filter((value) => value !== null);
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
};

const formatCell = (value: number | null, digits: number): string => value?.toFixed(digits) ?? '';

const formatCount = (events: number): string =>
	events % 1_000_000 === 0
		? `${events / 1_000_000}M`
		: events % 1000 === 0
			? `${events / 1000}k`
			: String(events);

/** Rows of the table for one size of trace. */
const tabulate = (label: string, size: string, results: Results): string[][] => {
	const scanCosts = results.get(scanName);
	const scanWall = Array.isArray(scanCosts) ? medianOf(scanCosts, ({wall}) => wall) : null;
	return [...results].map(([name, costs]) => {
		if (!Array.isArray(costs)) {
			return [`${label}${name}`, size, 'failed', '', '', '', ''];
		}

		const wall = medianOf(costs, (cost) => cost.wall);
		return [
			`${label}${name}`,
			size,
			formatCell(wall, 3),
			formatCell(
				medianOf(costs, ({cpu}) => cpu),
				3,
			),
			formatCell(
				medianOf(costs, ({peak}) => peak),
				0,
			),
			formatCell(wall === null || scanWall === null ? null : wall / scanWall, 2),
			String(costs.length),
		];
	});
};

const listNotes = (results: Results): string[] =>
	[...results].flatMap(([name, costs]) =>
		Array.isArray(costs) ? [] : [`${name} failed: ${costs.failure}`],
	);

const mebibytesOf = (file: string): string => (statSync(file).size / 1024 ** 2).toFixed(1);

export interface TraceReading {
	/** The header first. */
	readonly rows: readonly (readonly string[])[];
	/** What the table cannot say. */
	readonly notes: readonly string[];
}

const listAbsent = (): string[] => [
	...(canRun('sqlite3', ['-version']) ? [] : ['no sqlite3 shell here: no scan to compare with']),
	...(nsysForTests() === undefined ? [noNsys] : []),
];

export const measureTraceReading = async (options: TraceReadingOptions): Promise<TraceReading> => {
	const meter = findMeter();
	const rows = [['events read by', 'file MiB', 'wall s', 'CPU s', 'peak MiB', 'x scan', 'rounds']];
	const notes = [`medians, measured by ${meter.name}`, ...listAbsent()];
	const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-traces-'));
	const clean = (): void => rmSync(folder, {recursive: true, force: true});
	const stop = (): void => {
		clean();
		process.exit(130);
	};
	process.once('SIGINT', stop);
	try {
		for (const events of options.events) {
			const file = generateTrace(path.join(folder, `${events}.sqlite`), {events});
			const results = await measureInTurn(meter, listContestants(file, events, options));
			rows.push(...tabulate(formatCount(events).padEnd(6), mebibytesOf(file), results));
			notes.push(...listNotes(results));
			rmSync(file);
		}
	} finally {
		process.off('SIGINT', stop);
		clean();
	}

	return {rows, notes: [...new Set(notes)]};
};
