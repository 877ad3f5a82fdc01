/**
 * The tables of an export of nsys 2023.4 (schema 3.7.2) that a generated trace fills, with all their columns in order;
 * GRAPH_TRACE, which came later, as 2024.6 has it. Each column says what a generated row holds in it: a bound value, a
 * bound time, or the same in every row.
 */

/** Name, type, value: `?` is bound, `time` is bound and moves with the clock's shift, all else is SQL. */
type Column = readonly [name: string, type: string, value: string];

const integer = (names: string, value = '?'): Column[] =>
	names.split(' ').map((name) => [name, 'INTEGER', value]);
const required = (names: string, value = '?'): Column[] =>
	names.split(' ').map((name) => [name, 'INTEGER NOT NULL', value]);

const start: Column = ['start', 'INTEGER NOT NULL', 'time'];
const end: Column = ['end', 'INTEGER NOT NULL', 'time'];

/** The head of every table of GPU work. */
const operation: readonly Column[] = [
	start,
	end,
	...required('deviceId'),
	...required('contextId', '1'),
	...integer('greenContextId', 'NULL'),
	...required('streamId'),
	...integer('correlationId globalPid'),
];

const kernel: readonly Column[] = [
	...operation,
	...required('demangledName shortName'),
	...integer('mangledName'),
	...integer('launchType cacheConfig', '1'),
	...required('registersPerThread', '40'),
	...required('gridX'),
	...required('gridY gridZ', '1'),
	...required('blockX'),
	...required('blockY blockZ', '1'),
	...required('staticSharedMemory', '1024'),
	...required('dynamicSharedMemory'),
	...required('localMemoryPerThread', '0'),
	...required('localMemoryTotal', '205258752'),
	...required('gridId'),
	...integer('sharedMemoryExecuted', '32768'),
	...integer('graphNodeId'),
	...integer('sharedMemoryLimitConfig', '0'),
];

const copy: readonly Column[] = [
	...operation,
	...required('bytes copyKind'),
	...integer('deprecatedSrcId', 'NULL'),
	...integer('srcKind dstKind'),
	...integer(
		'srcDeviceId srcContextId dstDeviceId dstContextId migrationCause graphNodeId virtualAddress',
		'NULL',
	),
];

const nvtx: readonly Column[] = [
	start,
	['end', 'INTEGER', 'time'],
	...required('eventType'),
	...integer('rangeId'),
	...integer('category color', 'NULL'),
	['text', 'TEXT', '?'],
	...integer('globalTid endGlobalTid textId domainId'),
	...integer('uint64Value int64Value', 'NULL'),
	['doubleValue', 'REAL', 'NULL'],
	...integer('uint32Value int32Value', 'NULL'),
	['floatValue', 'REAL', 'NULL'],
	...integer('jsonTextId', 'NULL'),
	['jsonText', 'TEXT', 'NULL'],
];

/** The tables that hold a row per event. */
export const eventTables = {
	NVTX_EVENTS: nvtx,
	CUPTI_ACTIVITY_KIND_RUNTIME: [
		start,
		end,
		...required('eventClass'),
		...integer('globalTid correlationId'),
		...required('nameId'),
		...required('returnValue', '0'),
		...integer('callchainId', 'NULL'),
	],
	CUPTI_ACTIVITY_KIND_KERNEL: kernel,
	CUPTI_ACTIVITY_KIND_MEMCPY: copy,
	CUPTI_ACTIVITY_KIND_MEMSET: [
		...operation,
		...required('value', '0'),
		...required('bytes'),
		...integer('graphNodeId', 'NULL'),
		...integer('memKind', '2'),
	],
	CUPTI_ACTIVITY_KIND_GRAPH_TRACE: [...operation, ...required('graphId graphExecId', '4')],
} as const satisfies Record<string, readonly Column[]>;

export type EventTable = keyof typeof eventTables;

/** In the order of `eventTables`' bound columns. */
export type EventRow = readonly (number | bigint | string | null)[];

export const createTableText = (table: EventTable, schema = 'main'): string =>
	`CREATE TABLE ${schema}.${table} (${eventTables[table]
		.map(([name, type]) => `${name} ${type}`)
		.join(', ')})`;

/** @param shiftNs added to every time while it is written: numbers cannot hold times past 2^53 */
export const insertText = (table: EventTable, shiftNs: bigint, schema = 'main'): string => {
	const time = shiftNs === 0n ? '?' : `CAST(? AS INTEGER) + ${shiftNs}`;
	const values = eventTables[table].map(([, , value]) => (value === 'time' ? time : value));
	return `INSERT INTO ${schema}.${table} VALUES (${values.join(', ')})`;
};
