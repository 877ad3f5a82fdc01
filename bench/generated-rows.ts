/**
 * Takes the rows of a trace that is being generated and writes each table by ascending start. Rows arrive roughly in
 * order, so only those that something earlier may still precede are held.
 */

import type Database from 'better-sqlite3';
import {createRandom} from './generated-random.ts';
import {createTableText, insertText} from './generated-tables.ts';
import type {EventRow, EventTable} from './generated-tables.ts';

interface Sink {
	readonly table: EventTable;
	readonly statement: Database.Statement;
	pending: EventRow[];
}

export interface RowWriter {
	readonly add: (table: EventTable, row: EventRow) => void;
	/** Writes what starts before `time`: no row added later may do so. */
	readonly flush: (time: number) => void;
	readonly finish: () => void;
}

export interface RowWriterOptions {
	readonly tables: readonly EventTable[];
	/** Added to every time, ns. */
	readonly shiftNs: bigint;
	/** Rows in random order, drawn from this seed; null: in order of their start. */
	readonly shuffleSeed: number | null;
}

const startOf = (row: EventRow): number => Number(row[0]);

const writeBefore = (sink: Sink, time: number): void => {
	const {pending, statement} = sink;
	pending.sort((a, b) => startOf(a) - startOf(b));
	let at = 0;
	for (let row = pending[0]; row !== undefined && startOf(row) < time; row = pending[++at]) {
		statement.run(row);
	}

	sink.pending = pending.slice(at);
};

/** SQLite sorts by the key, on disk where it must: millions of rows need no memory of ours. */
const shuffleInto = (database: Database.Database, sinks: Iterable<Sink>, seed: number): void => {
	const random = createRandom(seed);
	database.function('shuffle_key', {directOnly: true}, () => random.next());
	for (const {table} of sinks) {
		database.exec(
			`INSERT INTO main.${table} SELECT * FROM temp.${table} ORDER BY shuffle_key(); DROP TABLE temp.${table}`,
		);
	}
};

export const createRowWriter = (
	database: Database.Database,
	{tables, shiftNs, shuffleSeed}: RowWriterOptions,
): RowWriter => {
	const schema = shuffleSeed === null ? 'main' : 'temp';
	const sinks = new Map<EventTable, Sink>();
	for (const table of tables) {
		database.exec(createTableText(table));
		if (schema === 'temp') {
			database.exec(createTableText(table, schema));
		}

		const statement = database.prepare(insertText(table, shiftNs, schema));
		sinks.set(table, {table, statement, pending: []});
	}

	const flush = (time: number): void => {
		for (const sink of sinks.values()) {
			writeBefore(sink, time);
		}
	};
	return {
		add: (table, row) => {
			sinks.get(table)?.pending.push(row);
		},
		flush,
		finish: () => {
			flush(Infinity);
			if (shuffleSeed !== null) {
				shuffleInto(database, sinks.values(), shuffleSeed);
			}
		},
	};
};
