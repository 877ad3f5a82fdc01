/**
 * Writes an export as nsys 2023.4 would, of any size, from a seed: the same options give the same file.
 *
 *     npx tsx bench/trace-generator.ts OUT.sqlite --events 5000000 [--seed 1] [--processes 4] [--shuffled] ...
 *
 * generated-options.ts lists the options; on the command line their names have hyphens.
 */

import {rmSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {parseArgs} from 'node:util';
import Database from 'better-sqlite3';
import {launchWork} from './generated-launches.ts';
import {createNames} from './generated-names.ts';
import {defaultOptions, mix} from './generated-options.ts';
import type {TraceOptions} from './generated-options.ts';
import {createRandom} from './generated-random.ts';
import {createDomains, endAllRanges, endRanges, startRange} from './generated-ranges.ts';
import {createRowWriter} from './generated-rows.ts';
import type {RowWriter} from './generated-rows.ts';
import {sessionStartUnixNs, writeSession} from './generated-session.ts';
import {earliestRow} from './generated-state.ts';
import type {Process, Program, Thread} from './generated-state.ts';
import {eventTables} from './generated-tables.ts';
import type {EventTable} from './generated-tables.ts';

export type {TraceOptions} from './generated-options.ts';

const firstTimeNs = 1_000_000_000;
/** A thread takes so many ticks before another takes its turn; rows are written after every so many turns. */
const ticksPerTurn = 64;
const turnsPerFlush = 256;

const createProcess = (options: TraceOptions, index: number): Process => {
	const pid = 4000 + 17 * index;
	return {
		index,
		pid,
		globalPid: (BigInt(options.vm) << 48n) | (BigInt(pid) << 24n),
		correlationId: options.collisions ? 100 : 100 + index * 100_000_000,
		gridId: 0,
		streamFree: new Float64Array(options.streams),
	};
};

const createThreads = (options: TraceOptions, process: Process): Thread[] => {
	const count = options.threads + options.bareThreads;
	const {ranges, kernels, copies, sets, otherCalls} = mix;
	const launches = kernels + copies + sets + otherCalls;
	// The others make up for bare threads, roughly: ranges take less time than launches.
	const share = Math.min(0.9, (ranges / (ranges + launches)) * (count / options.threads));
	return Array.from({length: count}, (_, index) => ({
		process,
		globalTid: process.globalPid + BigInt(process.pid + index),
		otherGlobalTid:
			count > 1 ? process.globalPid + BigInt(process.pid + ((index + 1) % count)) : null,
		rangeShare: index < options.threads ? share : 0,
		clock: firstTimeNs + 10_000 * index + 700_000 * process.index,
		atEndOfCall: false,
		tick: 0,
		stepEnd: Infinity,
		stack: [],
		loose: [],
	}));
};

const createProgram = (options: TraceOptions, rows: RowWriter): Program => {
	const processes = Array.from({length: options.processes}, (_, index) =>
		createProcess(options, index),
	);
	return {
		options,
		random: createRandom(options.seed),
		names: createNames(),
		rows,
		processes,
		threads: processes.flatMap((process) => createThreads(options, process)),
		rowsLeft: options.events,
		startEndRanges: 0,
	};
};

const takeTurn = (program: Program, thread: Thread): void => {
	for (let tick = 0; tick < ticksPerTurn && program.rowsLeft > 0; tick++) {
		thread.tick++;
		endRanges(program, thread);
		if (program.random.chance(thread.rangeShare)) {
			startRange(program, thread);
		} else {
			launchWork(program, thread);
		}
	}
};

/** @returns the end of the trace, ns */
const runProgram = (program: Program): number => {
	const {threads, rows, options} = program;
	createDomains(program);
	for (let turn = 1; program.rowsLeft > 0; turn++) {
		const next = threads.reduce((first, thread) => (thread.clock < first.clock ? thread : first));
		takeTurn(program, next);
		if (turn % turnsPerFlush === 0) {
			rows.flush(Math.min(...threads.map(earliestRow)));
		}
	}

	const streams = program.processes.flatMap(({streamFree}) => [...streamFree]);
	const latest = Math.max(...threads.map(({clock}) => clock), ...streams) + 1000;
	for (const thread of threads) {
		endAllRanges(program, thread, options.unfinished ? latest : null);
	}

	return Math.max(latest, ...threads.map(({clock}) => clock));
};

const tablesFor = ({graphs, graphLevel}: TraceOptions): EventTable[] =>
	(Object.keys(eventTables) as EventTable[]).filter(
		(table) =>
			table !== 'CUPTI_ACTIVITY_KIND_GRAPH_TRACE' || (graphs > 0 && graphLevel === 'graph'),
	);

/** Writes the export and returns its path. A file that is there goes. */
export const generateTrace = (file: string, some: Partial<TraceOptions> = {}): string => {
	const options = {...defaultOptions, ...some};
	rmSync(file, {force: true});
	const database = new Database(file);
	try {
		database.pragma('page_size = 4096');
		database.pragma('journal_mode = OFF');
		database.pragma('synchronous = OFF');
		const shiftNs = options.tsNormalize ? sessionStartUnixNs : 0n;
		database.transaction(() => {
			const rows = createRowWriter(database, {
				tables: tablesFor(options),
				shiftNs,
				shuffleSeed: options.shuffled ? options.seed : null,
			});
			const program = createProgram(options, rows);
			const durationNs = runProgram(program);
			rows.finish();
			const {names, processes} = program;
			const vmId = BigInt(options.vm) << 48n;
			writeSession(database, {names, durationNs, shiftNs, vmId, processes});
		})();
	} finally {
		database.close();
	}

	return file;
};

const flagOf = (option: string): string =>
	option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const readArguments = (args: readonly string[]): [file: string, options: Partial<TraceOptions>] => {
	const entries = Object.entries(defaultOptions);
	const {values, positionals} = parseArgs({
		args: [...args],
		allowPositionals: true,
		options: Object.fromEntries(
			entries.map(([option, value]) => [
				flagOf(option),
				{type: typeof value === 'boolean' ? ('boolean' as const) : ('string' as const)},
			]),
		),
	});
	const [file] = positionals;
	if (file === undefined) {
		throw new Error('say which file to write');
	}

	const given = entries.flatMap(([option, value]) => {
		const said = values[flagOf(option)];
		return said === undefined
			? []
			: [[option, typeof value === 'number' ? Number(said) : said] as const];
	});
	return [file, Object.fromEntries(given)];
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	console.log(generateTrace(...readArguments(process.argv.slice(2))));
}
