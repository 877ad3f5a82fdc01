/** NVTX events of an export, as plain as they lie there: for tests of the annotation libraries. */

import Database from 'better-sqlite3';

export interface NvtxRow {
	readonly start: number;
	readonly end: number | null;
	/** 33 category, 34 mark, 59 push/pop, 75 domain. */
	readonly type: number;
	readonly text: string;
	readonly domain: string | null;
	readonly category: number | null;
	readonly color: number | null;
	readonly pid: number;
	readonly tid: number;
}

/** Text is inline or a registered string; times count from the first event. */
const rowsSql = `
SELECT
	event.start - (SELECT MIN(start) FROM NVTX_EVENTS) AS start,
	event.end - (SELECT MIN(start) FROM NVTX_EVENTS) AS end,
	event.eventType AS type,
	COALESCE(registered.value, event.text) AS text,
	domain.text AS domain,
	event.category AS category,
	event.color AS color,
	event.globalTid / 0x1000000 % 0x1000000 AS pid,
	event.globalTid % 0x1000000 AS tid
FROM NVTX_EVENTS AS event
LEFT JOIN StringIds AS registered ON registered.id = event.textId
LEFT JOIN NVTX_EVENTS AS domain
	ON domain.eventType = 75
	AND domain.domainId = event.domainId
	AND domain.globalTid / 0x1000000 = event.globalTid / 0x1000000
WHERE event.eventType IN (33, 34, 59)
ORDER BY event.start, event.rowid`;

export const readNvtxRows = (file: string): NvtxRow[] => {
	const database = new Database(file, {readonly: true});
	const rows = database.prepare<[], NvtxRow>(rowsSql).all();
	database.close();
	return rows;
};

export const ranges = (rows: readonly NvtxRow[]): NvtxRow[] => rows.filter(({type}) => type === 59);

export const marks = (rows: readonly NvtxRow[]): NvtxRow[] => rows.filter(({type}) => type === 34);

/** What a mark speaks of: the innermost range of its thread that is open at its time. */
export const subjectOf = (mark: NvtxRow, rows: readonly NvtxRow[]): string | undefined =>
	ranges(rows)
		.filter(
			({tid, start, end}) => tid === mark.tid && start <= mark.start && mark.start <= (end ?? 0),
		)
		.at(-1)?.text;
