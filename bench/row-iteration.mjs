/**
 * Reads what a summary of ranges needs from an export, row by row with better-sqlite3, and adds it up: what trace-reading.ts
 * compares with. JavaScript, as Node 20 runs it with no compiler in between.
 *
 *     node bench/row-iteration.mjs EXPORT.sqlite
 */

import process from 'node:process';
import Database from 'better-sqlite3';

const queries = [
	'SELECT start, end, eventType, globalTid, domainId, textId, text FROM NVTX_EVENTS',
	'SELECT start, end, globalTid, correlationId FROM CUPTI_ACTIVITY_KIND_RUNTIME',
	'SELECT start, end, globalPid, correlationId FROM CUPTI_ACTIVITY_KIND_KERNEL',
	'SELECT start, end, globalPid, correlationId FROM CUPTI_ACTIVITY_KIND_MEMCPY',
	'SELECT start, end, globalPid, correlationId FROM CUPTI_ACTIVITY_KIND_MEMSET',
];

const database = new Database(process.argv[2], {readonly: true, fileMustExist: true});
let total = 0;
for (const query of queries) {
	for (const [start, end] of database.prepare(query).raw().iterate()) {
		total += end - start;
	}
}

process.stdout.write(`${total}\n`);
