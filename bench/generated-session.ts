/** What stands in an export beside its events: who recorded it, when, on what, and the strings. */

import type Database from 'better-sqlite3';
import type {TraceNames} from './generated-names.ts';

export interface Session {
	readonly names: TraceNames;
	/** Length of the trace, ns. */
	readonly durationNs: number;
	/** Added to every time, ns. */
	readonly shiftNs: bigint;
	/** Bits above the pid. */
	readonly vmId: bigint;
	/** Packed ids of the processes. */
	readonly processes: readonly {readonly pid: number; readonly globalPid: bigint}[];
}

type Cell = string | number | bigint | null;

/** What the clock of the traced machine said at time 0, ns since 1970. */
export const sessionStartUnixNs = 1_800_000_000_000_000_000n;

const gpuColumns =
	'vmId id name:TEXT busLocation:TEXT isDiscrete l2CacheSize totalMemory memoryBandwidth clockRate smCount pwGpuId uuid:TEXT luid chipName:TEXT cuDevice ctxswDevPath:TEXT ctrlDevPath:TEXT revision nodeMask constantMemory maxIPC maxRegistersPerBlock maxShmemPerBlock maxShmemPerBlockOptin maxShmemPerSm maxRegistersPerSm threadsPerWarp asyncEngines maxWarpsPerSm maxBlocksPerSm maxThreadsPerBlock maxBlockDimX maxBlockDimY maxBlockDimZ maxGridDimX maxGridDimY maxGridDimZ computeMajor computeMinor smMajor smMinor'
		.split(' ')
		.map((column) => column.split(':'))
		.map(([name, type = 'INTEGER']) => `${name} ${type}`)
		.join(', ');

const fill = (
	database: Database.Database,
	table: string,
	columns: string,
	rows: Cell[][],
): void => {
	database.exec(`CREATE TABLE ${table} (${columns})`);
	for (const row of rows) {
		const places = row.map(() => '?').join(', ');
		// Rows may leave out the table's last columns.
		const names = columns
			.split(', ')
			.slice(0, row.length)
			.map((column) => column.split(' ')[0]);
		database.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`).run(row);
	}
};

const metadata = (shiftNs: bigint): string[][] => [
	['EXPORT_PRODUCT_NAME', 'NVIDIA Nsight Systems'],
	['EXPORT_PRODUCT_VERSION', '2023.4.4.54'],
	['EXPORT_PRODUCT_DATE', '2023.4'],
	['EXPORT_SCHEMA_VERSION', '3.7.2'],
	['EXPORT_SCHEMA_VERSION_MAJOR', '3'],
	['EXPORT_SCHEMA_VERSION_MINOR', '7'],
	['EXPORT_SCHEMA_VERSION_MICRO', '2'],
	['EXPORT_PARAM_TIME_NORMALIZE', String(shiftNs !== 0n)],
	['EXPORT_CONFIG_TIME_SHIFT', String(shiftNs)],
];

export const writeSession = (database: Database.Database, session: Session): void => {
	const {names, durationNs, shiftNs, vmId, processes} = session;
	const strings = [...names.strings].map(([value, id]) => [id, value]);
	const stop = BigInt(durationNs) + shiftNs;
	const date = '2027-01-15T08:00:00';
	fill(database, 'StringIds', 'id INTEGER NOT NULL PRIMARY KEY, value TEXT NOT NULL', strings);
	fill(database, 'META_DATA_EXPORT', 'name TEXT NOT NULL, value TEXT', metadata(shiftNs));
	fill(
		database,
		'ANALYSIS_DETAILS',
		'globalVid INTEGER NOT NULL, duration INTEGER NOT NULL, startTime INTEGER NOT NULL, stopTime INTEGER NOT NULL',
		[[vmId, durationNs, shiftNs, stop]],
	);
	fill(
		database,
		'TARGET_INFO_SESSION_START_TIME',
		'utcEpochNs INTEGER, utcTime TEXT, localTime TEXT',
		[[sessionStartUnixNs, date, date]],
	);
	fill(
		database,
		'PROCESSES',
		'globalPid INTEGER, pid INTEGER, name TEXT',
		processes.map(({pid, globalPid}) => [globalPid, pid, 'python']),
	);
	fill(
		database,
		'TARGET_INFO_GPU',
		gpuColumns,
		processes.map((_, id) => [vmId, id, 'Generated GPU', `0000:${String(id + 1)}:00.0`, 1]),
	);
};
