/** The annotation library's marks in an export. Other libraries' marks, by the million, are not even looked at. */

import {annotationDomain} from '../base/annotation-protocol.ts';
import type {AnnotationMeta} from '../schemas/trace.ts';
import {parseMark} from './annotation-marks.ts';
import type {PlacedMark} from './annotation-marks.ts';
import type {ExportFile} from './export-tables.ts';
import {readRows} from './export-tables.ts';
import {pidOf} from './nvtx-rows.ts';
import {domainMarks} from './queries/domain-marks.ts';
import {registeredStrings} from './queries/registered-strings.ts';
import type {LabelNames} from './range-names.ts';

export interface ExportMark extends Omit<PlacedMark, 'thread'> {
	/** As in the ranges' threads. */
	readonly process: number;
	readonly tid: number;
}

export interface LibraryMarks {
	/** In order of time. */
	readonly marks: readonly ExportMark[];
	/** Texts that are no marks. */
	readonly malformed: readonly string[];
}

/** @param baseNs what their times are counted from */
export const readLibraryMarks = (
	from: ExportFile,
	baseNs: bigint,
	{idsOfDomain, findDomain}: LabelNames,
): LibraryMarks => {
	const domainIds = idsOfDomain(annotationDomain);
	if (domainIds.length === 0) {
		return {marks: [], malformed: []};
	}

	const rows = readRows(from, domainMarks, {baseNs, domains: `[${domainIds.join(',')}]`});
	const textIds = rows.flatMap(({textId}) => (textId === null ? [] : [textId]));
	const strings = new Map(
		readRows(from, registeredStrings, {ids: `[${textIds.join(',')}]`}).map(
			({id, value}) => [id, value] as const,
		),
	);
	const marks: ExportMark[] = [];
	const malformed: string[] = [];
	for (const row of rows) {
		const process = Number(row.process);
		if (findDomain(pidOf(process), Number(row.domain)) === annotationDomain) {
			const parsed = parseMark(
				(row.textId === null ? undefined : strings.get(row.textId)) ?? row.text,
			);
			if (parsed.ok) {
				marks.push({at: Number(row.atNs), process, tid: Number(row.tid), mark: parsed.mark});
			} else {
				malformed.push(parsed.problem);
			}
		}
	}

	return {marks, malformed};
};

/** What the annotation objects said of themselves. */
export const listMetas = (marks: readonly ExportMark[]): AnnotationMeta[] =>
	marks.flatMap(({process, mark}) =>
		'meta' in mark ? [{pid: pidOf(process), meta: mark.meta}] : [],
	);
