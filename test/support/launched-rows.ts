/** Which operations an export's ranges launched, by a plain SQL join: nothing of the reader's own takes part. */

import Database from 'better-sqlite3';

export interface LaunchedRow {
	/** Rowid of the range. */
	readonly range: number;
	/** "kernel", "memset", or "copy" and CUPTI's number of its direction. */
	readonly kind: string;
	readonly correlation: number;
	readonly start: number;
	readonly end: number;
	readonly bytes: number;
	/** The latest end of the calls of its launch. */
	readonly callEnd: number;
}

const sources = {
	CUPTI_ACTIVITY_KIND_KERNEL:
		"SELECT start, end, correlationId, globalPid, 'kernel' AS kind, 0 AS bytes",
	CUPTI_ACTIVITY_KIND_MEMCPY:
		"SELECT start, end, correlationId, globalPid, 'copy ' || copyKind AS kind, bytes",
	CUPTI_ACTIVITY_KIND_MEMSET:
		"SELECT start, end, correlationId, globalPid, 'memset' AS kind, bytes",
} as const;

/** @param file is written to: a copy of the export */
export const listLaunchedRows = (file: string): LaunchedRow[] => {
	using database = openCopy(file);
	const tables = Object.keys(sources).filter(
		(table) =>
			database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table) !== undefined,
	) as (keyof typeof sources)[];
	database.exec(`
		CREATE TABLE operations AS ${tables.map((table) => `${sources[table]} FROM ${table}`).join(' UNION ALL ')};
		CREATE INDEX by_id ON operations (correlationId);
		CREATE INDEX by_call ON CUPTI_ACTIVITY_KIND_RUNTIME (correlationId);
		CREATE INDEX by_thread ON NVTX_EVENTS (globalTid, start);
	`);
	return database
		.prepare<[], LaunchedRow>(
			`SELECT DISTINCT
				operations.rowid AS operation, ranges.rowid AS range, kind, operations.correlationId AS correlation,
				operations.start, operations.end, bytes,
				(SELECT max(every.end) FROM CUPTI_ACTIVITY_KIND_RUNTIME AS every
					WHERE every.correlationId = calls.correlationId
						AND every.globalTid >> 24 = calls.globalTid >> 24) AS callEnd
			FROM operations
			JOIN CUPTI_ACTIVITY_KIND_RUNTIME AS calls
				ON calls.correlationId = operations.correlationId
					AND calls.globalTid >> 24 = operations.globalPid >> 24
			JOIN NVTX_EVENTS AS ranges
				ON ranges.globalTid = calls.globalTid AND ranges.start <= calls.start AND calls.end <= ranges.end
			WHERE ranges.eventType IN (59, 70)`,
		)
		.all();
};

const openCopy = (file: string): Database.Database & Disposable => {
	const database = new Database(file);
	return Object.assign(database, {[Symbol.dispose]: () => void database.close()});
};
