/** A generated trace has exactly what its options say, and the same bytes for the same seed. */

import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import {describe, expect, it} from 'vitest';
import {generateTrace} from '../../../bench/trace-generator.ts';
import type {TraceOptions} from '../../../bench/trace-generator.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

const eventTables = [
	'NVTX_EVENTS',
	'CUPTI_ACTIVITY_KIND_RUNTIME',
	'CUPTI_ACTIVITY_KIND_KERNEL',
	'CUPTI_ACTIVITY_KIND_MEMCPY',
	'CUPTI_ACTIVITY_KIND_MEMSET',
];
const operations = eventTables
	.slice(2)
	.map((table) => `SELECT start, end, correlationId, globalPid, streamId FROM ${table}`)
	.join(' UNION ALL ');

const generate = (options: Partial<TraceOptions> = {}): string =>
	generateTrace(temporaryFile('trace.sqlite'), {events: 5000, ...options});

/** Rows of a query, ids and times exact. */
const query = (file: string, sql: string): unknown[][] => {
	const database = new Database(file, {readonly: true});
	try {
		return database.prepare(sql).safeIntegers().raw().all() as unknown[][];
	} finally {
		database.close();
	}
};

const count = (file: string, from: string): number =>
	Number(query(file, `SELECT count(*) FROM ${from}`)[0]?.[0]);

const countEvents = (file: string): number =>
	eventTables.reduce((sum, table) => sum + count(file, table), 0);

const ranges = 'NVTX_EVENTS WHERE eventType IN (59, 60)';

/** Pairs of push/pop ranges of one thread that overlap, neither inside the other. */
const crossing = `NVTX_EVENTS a JOIN NVTX_EVENTS b USING (globalTid)
	WHERE a.eventType = 59 AND b.eventType = 59 AND a.start < b.start AND b.start < a.end AND a.end < b.end`;

/** Pairs of rows that say the same of one thread. */
const identical = `NVTX_EVENTS a JOIN NVTX_EVENTS b USING (globalTid, start, end, eventType)
	WHERE a.rowid < b.rowid`;

/** Calls that lie on the edge of a range of their thread. */
const straddling = `NVTX_EVENTS n JOIN CUPTI_ACTIVITY_KIND_RUNTIME r USING (globalTid)
	WHERE r.start < n.end AND n.end < r.end OR r.start < n.start AND n.start < r.end`;

const isAscending = (file: string, table: string): boolean => {
	const starts = query(file, `SELECT start FROM ${table} ORDER BY rowid`).map(([start]) =>
		Number(start),
	);
	return starts.every((start, at) => at === 0 || start >= Number(starts[at - 1]));
};

describe('generateTrace', () => {
	it('gives the same bytes for the same seed, others for another', () => {
		const options = {shuffled: true, startEnd: 0.1, overlaps: 0.1, graphs: 0.1, ties: 0.1};
		const first = readFileSync(generate(options));
		expect(readFileSync(generate(options)).equals(first)).toBe(true);
		expect(readFileSync(generate({...options, seed: 2})).equals(first)).toBe(false);
	});

	it.each([
		{},
		{events: 1},
		{events: 4999, graphs: 0.3, doubledCalls: 0.5},
		{identical: 0.5, overlaps: 0.3, startEnd: 0.3, inDomains: 1},
		{graphs: 0.5, graphLevel: 'graph' as const, withoutCall: 0.5, bareThreads: 3},
		{processes: 5, threads: 4, unfinished: true, shuffled: true},
	])('has exactly as many events as it was told: %j', (options) => {
		expect(countEvents(generate(options))).toBe(options.events ?? 5000);
	});

	it('mixes its rows as real traces do', () => {
		const file = generate({events: 20_000});
		const shares = eventTables.map((table) => Math.round(count(file, table) / 200));
		expect(shares[0]).toBeGreaterThanOrEqual(23);
		expect(shares[0]).toBeLessThanOrEqual(27);
		expect(shares[1]).toBeGreaterThanOrEqual(36);
		expect(shares[1]).toBeLessThanOrEqual(40);
		expect(shares[2]).toBeGreaterThanOrEqual(28);
		expect(shares[2]).toBeLessThanOrEqual(32);
	});

	it('writes every table by start, and nests all ranges unless told otherwise', () => {
		const file = generate();
		expect(eventTables.filter((table) => !isAscending(file, table))).toEqual([]);
		expect(count(file, crossing)).toBe(0);
		expect(count(file, identical)).toBe(0);
		expect(count(file, straddling)).toBe(0);
	});

	it('runs GPU work after its call started, one after another on a stream', () => {
		const file = generate();
		const join = `(${operations}) o LEFT JOIN CUPTI_ACTIVITY_KIND_RUNTIME r
			ON r.correlationId = o.correlationId AND r.globalTid >> 24 = o.globalPid >> 24`;
		expect(count(file, `${join} WHERE r.start IS NULL`)).toBe(0);
		expect(count(file, `${join} WHERE o.start < r.start OR o.end <= o.start`)).toBe(0);
		const overlapping = `(SELECT start, lag(end) OVER
			(PARTITION BY globalPid, streamId ORDER BY start) AS free FROM (${operations}))`;
		expect(count(file, `${overlapping} WHERE start < free`)).toBe(0);
	});

	it('writes the same rows shuffled, in another order', () => {
		const [ordered, shuffled] = [generate(), generate({shuffled: true})];
		for (const table of eventTables) {
			const sql = `SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5, 6, 7, 8`;
			expect(query(shuffled, sql)).toEqual(query(ordered, sql));
			expect(isAscending(shuffled, table)).toBe(false);
		}
	});

	it('counts correlationIds from one number in every process only where told', () => {
		const shared = `(SELECT correlationId FROM CUPTI_ACTIVITY_KIND_RUNTIME GROUP BY 1
			HAVING count(DISTINCT globalTid >> 24) > 1)`;
		expect(count(generate(), shared)).toBe(0);
		expect(count(generate({collisions: true}), shared)).toBeGreaterThan(100);
	});

	it('doubles calls and loses them', () => {
		const calls = 'CUPTI_ACTIVITY_KIND_RUNTIME';
		const doubled = generate({doubledCalls: 1, graphs: 0});
		const ids = count(doubled, `(SELECT DISTINCT correlationId FROM ${calls})`);
		expect(count(doubled, calls)).toBeGreaterThan(1.9 * ids);
		const lost = generate({withoutCall: 0.2});
		const orphans = count(
			lost,
			`(${operations}) WHERE correlationId NOT IN (SELECT correlationId FROM ${calls})`,
		);
		const share = orphans / count(lost, `(${operations})`);
		expect(share).toBeGreaterThan(0.15);
		expect(share).toBeLessThan(0.25);
	});

	it('makes ranges that cross, are identical, have no name, or end on another thread', () => {
		expect(count(generate({overlaps: 0.2}), crossing)).toBeGreaterThan(50);
		expect(count(generate({identical: 0.2}), identical)).toBeGreaterThan(50);
		expect(
			count(generate({unnamed: 0.2}), `${ranges} AND text IS NULL AND textId IS NULL`),
		).toBeGreaterThan(50);
		const startEnd = generate({startEnd: 0.5});
		expect(count(startEnd, 'NVTX_EVENTS WHERE eventType = 60')).toBeGreaterThan(300);
		expect(count(startEnd, `${ranges} AND endGlobalTid IS NOT NULL`)).toBeGreaterThan(30);
	});

	it('makes ends that meet, and calls on the edge of a range, without identical ranges', () => {
		const file = generate({ties: 0.5, straddling: 0.3, overlaps: 0.2, unfinished: true});
		expect(count(file, straddling)).toBeGreaterThan(50);
		const meeting = `NVTX_EVENTS n JOIN CUPTI_ACTIVITY_KIND_RUNTIME r USING (globalTid)`;
		expect(count(file, `${meeting} WHERE n.start = r.start`)).toBeGreaterThan(50);
		expect(count(file, `${meeting} WHERE n.end = r.end`)).toBeGreaterThan(50);
		expect(count(file, identical)).toBe(0);
	});

	it('registers names, numbers them, puts them in domains', () => {
		const registered = generate({registered: 1, numberedNames: 0});
		expect(count(registered, `${ranges} AND textId IS NULL AND text != 'step'`)).toBe(0);
		expect(count(registered, 'NVTX_EVENTS JOIN StringIds ON id = textId')).toBeGreaterThan(1000);
		const inline = generate({registered: 0, numberedNames: 1, inDomains: 0.5});
		expect(count(inline, `${ranges} AND textId IS NOT NULL`)).toBe(0);
		const names = `(SELECT DISTINCT text FROM ${ranges})`;
		expect(count(inline, names)).toBeGreaterThan(0.9 * count(inline, ranges));
		const nameless = `${ranges} AND domainId NOT IN
			(SELECT domainId FROM NVTX_EVENTS WHERE eventType = 75) AND domainId > 0`;
		expect(count(inline, `${ranges} AND domainId > 0`)).toBeGreaterThan(300);
		expect(count(inline, nameless)).toBe(0);
	});

	it('launches graphs node by node or as a whole', () => {
		const nodes = 'CUPTI_ACTIVITY_KIND_KERNEL WHERE graphNodeId > 0';
		const byNode = generate({graphs: 0.2});
		expect(count(byNode, nodes)).toBeGreaterThan(500);
		expect(
			count(byNode, `(SELECT 1 FROM ${nodes} GROUP BY correlationId HAVING count(*) > 3)`),
		).toBeGreaterThan(20);
		expect(count(byNode, "sqlite_master WHERE name LIKE '%GRAPH_TRACE'")).toBe(0);
		const whole = generate({graphs: 0.2, graphLevel: 'graph'});
		expect(count(whole, nodes)).toBe(0);
		expect(count(whole, 'CUPTI_ACTIVITY_KIND_GRAPH_TRACE')).toBeGreaterThan(100);
	});

	it('leaves ranges open at the end of the trace only where told', () => {
		const open = `${ranges} AND end >= (SELECT stopTime FROM ANALYSIS_DETAILS)`;
		expect(count(generate(), open)).toBe(0);
		expect(count(generate({unfinished: true}), open)).toBeGreaterThan(3);
	});

	it('spreads over processes, threads and streams, some that never push', () => {
		const file = generate({processes: 3, threads: 2, bareThreads: 2, streams: 5});
		expect(count(file, `(SELECT DISTINCT globalTid >> 24 FROM ${ranges})`)).toBe(3);
		expect(count(file, `(SELECT DISTINCT globalTid FROM ${ranges})`)).toBe(6);
		expect(count(file, '(SELECT DISTINCT globalTid FROM CUPTI_ACTIVITY_KIND_RUNTIME)')).toBe(12);
		const streams = 'SELECT DISTINCT globalPid, streamId FROM CUPTI_ACTIVITY_KIND_KERNEL';
		expect(count(file, `(${streams})`)).toBe(15);
	});

	it('passes 2^53 with times and ids, exactly', () => {
		const [plain, large] = [generate(), generate({tsNormalize: true, vm: 200})];
		const columns = `SELECT start, end, globalTid FROM ${ranges} ORDER BY rowid`;
		const shiftNs = 1_800_000_000_000_000_000n;
		expect(query(large, columns)).toEqual(
			query(plain, columns).map(([start, end, globalTid]) => [
				BigInt(String(start)) + shiftNs,
				BigInt(String(end)) + shiftNs,
				BigInt(String(globalTid)) + (199n << 48n),
			]),
		);
	});

	it('runs as a program', () => {
		const file = temporaryFile('trace.sqlite');
		const script = path.resolve(import.meta.dirname, '../../../bench/trace-generator.ts');
		const flags = ['--events', '3000', '--graph-level', 'graph', '--graphs', '0.1', '--shuffled'];
		execFileSync(process.execPath, ['--import', 'tsx', script, file, ...flags]);
		const same = generate({events: 3000, graphs: 0.1, graphLevel: 'graph', shuffled: true});
		expect(readFileSync(file).equals(readFileSync(same))).toBe(true);
	});
});
