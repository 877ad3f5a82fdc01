/** The push/pop ranges of an export, and what the annotation library's marks say of them. */

import type {z} from 'zod';
import {annotationDomain} from '../base/annotation-protocol.ts';
import {UserError} from '../base/errors.ts';
import {parseMark} from './annotation-marks.ts';
import type {PlacedMark} from './annotation-marks.ts';
import type {Columns} from './columns.ts';
import type {ExportFile} from './export-tables.ts';
import type {ExportSession} from './export-session.ts';
import {lackingColumns, readColumns, readRows} from './export-tables.ts';
import {countRows, fill} from './fill-column.ts';
import {domainMarks} from './queries/domain-marks.ts';
import {domains} from './queries/domains.ts';
import {pushPopRanges} from './queries/push-pop-ranges.ts';
import {registeredStrings} from './queries/registered-strings.ts';
import {indexDomains, indexStrings, messageOfEvent, nameRanges, pidOf} from './range-names.ts';
import type {FindDomain, RegisteredStrings} from './range-names.ts';
import {internThreads} from './range-table.ts';
import type {RangeRows} from './range-table.ts';

export interface ExportMark extends Omit<PlacedMark, 'thread'> {
	/** As in the ranges' columns. */
	readonly process: number;
	readonly tid: number;
}

export interface ExportRanges {
	readonly rows: RangeRows;
	/** By row: the rowid in NVTX_EVENTS, RangeId in NVIDIA's reports. */
	readonly rowId: Float64Array;
	/** The index in `rows.threads` of a thread, -1 where it has no ranges. */
	readonly findThread: (process: number, tid: number) => number;
	/** In order of time. */
	readonly marks: readonly ExportMark[];
	/** Texts that are no marks. */
	readonly malformedMarks: readonly string[];
	/** Ranges exported without an end. */
	readonly withoutEnd: number;
	/** Ranges whose end lies before their start. */
	readonly reversed: number;
}

type Rows = Columns<typeof pushPopRanges.columns>;

const requireUsable = (from: ExportFile): void => {
	const lacking = lackingColumns(from.tables, pushPopRanges.needs);
	if (lacking.length > 0) {
		throw new UserError(
			`${from.file} was exported by an nsys that is too old: no ${lacking.join(', ')}`,
			{
				next: 'Export the report again with a newer nsys.',
			},
		);
	}
};

/** Starts are counted from the earliest, so one that a double cannot hold lies 104 days after it. */
const requireOneSession = (file: string, rows: Rows): void => {
	if (countRows(rows.length, (row) => Number.isNaN(rows.startNs[row])) > 0) {
		throw new UserError(`${file} is damaged: its ranges lie more than 104 days apart`, {
			next: 'Export the report again.',
		});
	}
};

const endsOf = (
	{length, startNs, endNs}: Rows,
	session: ExportSession,
): Pick<ExportRanges, 'withoutEnd' | 'reversed'> & Pick<RangeRows, 'endNs' | 'unfinished'> => {
	const isMissing = (row: number): boolean => Number.isNaN(endNs[row]);
	const latest = Number.isNaN(session.lastRangeEndNs)
		? startNs.reduce((late, start) => Math.max(late, start), 0)
		: session.lastRangeEndNs;
	const endAt = (row: number): number => (isMissing(row) ? latest : Number(endNs[row]));
	return {
		endNs: fill(new Float64Array(length), (row) => Math.max(endAt(row), Number(startNs[row]))),
		unfinished: fill(new Uint8Array(length), (row) =>
			isMissing(row) || endNs[row] === session.endNs ? 1 : 0,
		),
		withoutEnd: countRows(length, isMissing),
		reversed: countRows(length, (row) => endAt(row) < Number(startNs[row])),
	};
};

/** Ids that mean the library's domain in one process or another: most marks of a trace lie elsewhere. */
const annotationDomains = (
	created: readonly z.infer<typeof domains.row>[],
	findDomain: FindDomain,
): bigint[] => [
	...new Set(
		created
			.filter(({pid, domain}) => findDomain(Number(pid), Number(domain)) === annotationDomain)
			.map(({domain}) => domain),
	),
];

const readMarks = (
	from: ExportFile,
	{baseNs}: ExportSession,
	strings: RegisteredStrings,
	findDomain: FindDomain,
	domainIds: readonly bigint[],
): Pick<ExportRanges, 'marks' | 'malformedMarks'> => {
	const marks: ExportMark[] = [];
	const malformedMarks: string[] = [];
	for (const row of readRows(from, domainMarks, {baseNs, domains: `[${domainIds.join(',')}]`})) {
		const process = Number(row.process);
		if (findDomain(pidOf(process), Number(row.domain)) !== annotationDomain) {
			continue;
		}

		const text = messageOfEvent(strings, Number(row.textId ?? NaN), row.text);
		const parsed = parseMark(text);
		if (parsed.ok) {
			marks.push({at: Number(row.atNs), process, tid: Number(row.tid), mark: parsed.mark});
		} else {
			malformedMarks.push(parsed.problem);
		}
	}

	return {marks, malformedMarks};
};

/** @throws UserError for an export too old or too damaged to be read */
export const readExportRanges = (from: ExportFile, session: ExportSession): ExportRanges => {
	requireUsable(from);
	const strings = indexStrings(readRows(from, registeredStrings));
	const created = readRows(from, domains);
	const findDomain = indexDomains(created, strings);
	const rows = readColumns(from, pushPopRanges, {baseNs: session.baseNs});
	requireOneSession(from.file, rows);
	const {withoutEnd, reversed, ...ends} = endsOf(rows, session);
	const threads = internThreads(pidOf);
	const thread = fill(new Uint32Array(rows.length), (row) =>
		threads.intern(Number(rows.process[row]), Number(rows.tid[row])),
	);
	return {
		rows: {
			length: rows.length,
			thread,
			threads: threads.threads,
			...nameRanges(rows, strings, findDomain),
			startNs: rows.startNs,
			...ends,
		},
		rowId: rows.rowId,
		findThread: threads.find,
		...readMarks(from, session, strings, findDomain, annotationDomains(created, findDomain)),
		withoutEnd,
		reversed,
	};
};
