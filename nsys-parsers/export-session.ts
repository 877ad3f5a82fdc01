/** When and how an export was recorded, and the origin that its times are counted from. */

import type {ExportFile} from './export-tables.ts';
import {readRows} from './export-tables.ts';
import {exportMetadata} from './queries/export-metadata.ts';
import {oldExportMetadata} from './queries/old-export-metadata.ts';
import {rangeExtent} from './queries/range-extent.ts';
import {sessionDuration} from './queries/session-duration.ts';
import {sessionStart} from './queries/session-start.ts';

export interface ExportSession {
	/** "3.11.3"; null in exports of 2020 and 2021. */
	readonly schemaVersion: string | null;
	/**
	 * The origin, in the file's own times: the first start of a range. With `--ts-normalize` those lie near 1.8e18 ns, so
	 * SQLite subtracts the origin before a number becomes a double.
	 */
	readonly baseNs: bigint;
	/** The wall clock at the origin, ns since 1970. */
	readonly originUnixNs: bigint | null;
	/** The session's time 0, since the origin. */
	readonly zeroNs: number;
	/** When the profiler stopped listening, since the origin: the end of what was never popped. NaN where unknown. */
	readonly endNs: number;
	/** The latest end of any range, since the origin. NaN where none has one. */
	readonly lastRangeEndNs: number;
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

export const readSession = (from: ExportFile): ExportSession => {
	const metadata = readMetadata(from);
	const shiftNs = shiftOf(metadata);
	const extent = readRows(from, rangeExtent)[0];
	const durationNs = readRows(from, sessionDuration)[0]?.durationNs ?? null;
	const startUnixNs = readRows(from, sessionStart)[0]?.unixNs;
	const baseNs = extent?.firstStartNs ?? shiftNs;
	const sinceBase = (ns: bigint | null | undefined): number =>
		ns === null || ns === undefined ? NaN : Number(ns - baseNs);
	return {
		schemaVersion: metadata.get('EXPORT_SCHEMA_VERSION') ?? null,
		baseNs,
		originUnixNs: startUnixNs === undefined ? null : startUnixNs + baseNs - shiftNs,
		zeroNs: sinceBase(shiftNs),
		endNs: durationNs === null ? NaN : sinceBase(durationNs + shiftNs),
		lastRangeEndNs: sinceBase(extent?.lastEndNs),
	};
};
