/** The tables of an nsys export, cut down to the columns that a reader of ranges may touch, in nsys 2023.4's order. */

const operation = (table: string): string => `CREATE TABLE ${table} (
	start INTEGER NOT NULL, end INTEGER NOT NULL, deviceId INTEGER NOT NULL, greenContextId INTEGER,
	streamId INTEGER NOT NULL, correlationId INTEGER, globalPid INTEGER
)`;

const metadata = (table: string): string => `CREATE TABLE ${table} (name TEXT, value TEXT)`;

export const traceTables = {
	NVTX_EVENTS: `CREATE TABLE NVTX_EVENTS (
		start INTEGER NOT NULL, end INTEGER, eventType INTEGER NOT NULL, rangeId INTEGER, category INTEGER,
		color INTEGER, text TEXT, globalTid INTEGER, endGlobalTid INTEGER, textId INTEGER, domainId INTEGER
	)`,
	StringIds: 'CREATE TABLE StringIds (id INTEGER NOT NULL PRIMARY KEY, value TEXT NOT NULL)',
	CUPTI_ACTIVITY_KIND_RUNTIME: `CREATE TABLE CUPTI_ACTIVITY_KIND_RUNTIME (
		start INTEGER NOT NULL, end INTEGER NOT NULL, eventClass INTEGER NOT NULL, globalTid INTEGER,
		correlationId INTEGER, nameId INTEGER NOT NULL, returnValue INTEGER NOT NULL
	)`,
	CUPTI_ACTIVITY_KIND_KERNEL: operation('CUPTI_ACTIVITY_KIND_KERNEL'),
	CUPTI_ACTIVITY_KIND_MEMCPY: operation('CUPTI_ACTIVITY_KIND_MEMCPY'),
	CUPTI_ACTIVITY_KIND_MEMSET: operation('CUPTI_ACTIVITY_KIND_MEMSET'),
	CUPTI_ACTIVITY_KIND_GRAPH_TRACE: operation('CUPTI_ACTIVITY_KIND_GRAPH_TRACE'),
	META_DATA_EXPORT: metadata('META_DATA_EXPORT'),
	EXPORT_META_DATA: metadata('EXPORT_META_DATA'),
	GPU_VIDEO_ENGINE_WORKLOAD: `CREATE TABLE GPU_VIDEO_ENGINE_WORKLOAD (
		start INTEGER NOT NULL, end INTEGER NOT NULL, globalEngineId INTEGER NOT NULL, engineType INTEGER NOT NULL,
		engineId INTEGER NOT NULL, vmId INTEGER NOT NULL, contextId INTEGER, globalPid INTEGER,
		apiId INTEGER NOT NULL, codecId INTEGER
	)`,
	GPU_VIDEO_ENGINE_MISSING: `CREATE TABLE GPU_VIDEO_ENGINE_MISSING (
		start INTEGER NOT NULL, end INTEGER NOT NULL, globalEngineId INTEGER NOT NULL, rangeCount INTEGER NOT NULL
	)`,
	ENUM_VIDEO_ENGINE_TYPE:
		'CREATE TABLE ENUM_VIDEO_ENGINE_TYPE (id INTEGER NOT NULL PRIMARY KEY, name TEXT, label TEXT)',
	ANALYSIS_DETAILS: `CREATE TABLE ANALYSIS_DETAILS (
		globalVid INTEGER, duration INTEGER NOT NULL, startTime INTEGER NOT NULL, stopTime INTEGER NOT NULL
	)`,
	TARGET_INFO_SESSION_START_TIME:
		'CREATE TABLE TARGET_INFO_SESSION_START_TIME (utcEpochNs INTEGER, utcTime TEXT, localTime TEXT)',
	TARGET_INFO_SYSTEM_ENV: `CREATE TABLE TARGET_INFO_SYSTEM_ENV (
		globalVid INTEGER, devStateName TEXT NOT NULL, name TEXT NOT NULL, nameEnum INTEGER NOT NULL, value TEXT NOT NULL
	)`,
	TARGET_INFO_GPU:
		'CREATE TABLE TARGET_INFO_GPU (vmId INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT, uuid TEXT)',
	DIAGNOSTIC_EVENT: `CREATE TABLE DIAGNOSTIC_EVENT (
		timestamp INTEGER NOT NULL, timestampType INTEGER, source INTEGER, severity INTEGER NOT NULL,
		text TEXT NOT NULL, globalPid INTEGER
	)`,
} as const;

export type TraceTable = keyof typeof traceTables;

/** Columns that hold a point in time, and so move with `timeShiftNs`. */
export const timeColumns: ReadonlySet<string> = new Set([
	'start',
	'end',
	'timestamp',
	'startTime',
	'stopTime',
]);
