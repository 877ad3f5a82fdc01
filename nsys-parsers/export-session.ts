/** When and how an export was recorded, and the origin that its times are counted from. */

import type {ExportFile} from './export-tables.ts';
import {readRows} from './export-tables.ts';
import {exportMetadata} from './queries/export-metadata.ts';
import {oldExportMetadata} from './queries/old-export-metadata.ts';
import {sessionDuration} from './queries/session-duration.ts';
import {sessionStart} from './queries/session-start.ts';

export interface ExportSession {
	/** "3.11.3"; null in exports of 2020 and 2021. */
	readonly schemaVersion: string | null;
	/**
	 * The origin, in the file's own times: the first start of a range. With `--ts-normalize` those lie near 1.8e18 ns, so
	 * the origin is subtracted before a number becomes a double.
	 */
	readonly baseNs: bigint;
	/** The wall clock at the origin, ns since 1970. */
	readonly originUnixNs: bigint | null;
	/** When the profiler stopped listening, since the origin: the end of what was never popped. NaN where unknown. */
	readonly endNs: number;
}

const readMetadata = (from: ExportFile): ReadonlyMap<string, string> =>
	new Map(
		[...readRows(from, oldExportMetadata), ...readRows(from, exportMetadata)].map(
			({name, value}) => [name, value] as const,
		),
	);

/** What `--ts-normalize` and `--ts-shift` together added to every time of the file. */
const shiftOf = (metadata: ReadonlyMap<string, string>): bigint => {
	const shift = metadata.get('EXPORT_CONFIG_TIME_SHIFT') ?? '0';
	return /^-?\d+$/.test(shift) ? BigInt(shift) : 0n;
};

/** What an export says of its recording, in the file's own times. */
export interface SessionFacts {
	readonly schemaVersion: string | null;
	/** What was added to every time of the file: its time 0. */
	readonly shiftNs: bigint;
	readonly durationNs: bigint | null;
	/** The wall clock at time 0, ns since 1970. */
	readonly startUnixNs: bigint | null;
}

export const readSessionFacts = (from: ExportFile): SessionFacts => {
	const metadata = readMetadata(from);
	return {
		schemaVersion: metadata.get('EXPORT_SCHEMA_VERSION') ?? null,
		shiftNs: shiftOf(metadata),
		durationNs: readRows(from, sessionDuration)[0]?.durationNs ?? null,
		startUnixNs: readRows(from, sessionStart)[0]?.unixNs ?? null,
	};
};

/** @param baseNs the origin that times are to be counted from */
export const countFrom = (
	baseNs: bigint,
	{schemaVersion, shiftNs, durationNs, startUnixNs}: SessionFacts,
): ExportSession => ({
	schemaVersion,
	baseNs,
	originUnixNs: startUnixNs === null ? null : startUnixNs + baseNs - shiftNs,
	endNs: durationNs === null ? NaN : Number(durationNs + shiftNs - baseNs),
});
