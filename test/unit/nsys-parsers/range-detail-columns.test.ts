import {describe, expect, it} from 'vitest';
import {
	chooseDetail,
	detailGroups,
	detailRanges,
} from '../../../nsys-parsers/range-detail-columns.ts';
import {listRanges} from '../../../nsys-parsers/range-listing.ts';
import {summarizeNames, summarizePaths} from '../../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {DetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {Cell, ReportRows} from '../../../schemas/report-rows.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';
import type {TraceSpec} from '../../support/trace-builder.ts';

const readSpec = (spec: TraceSpec): DetailedTrace =>
	readDetailedTrace(buildTrace(temporaryFile('trace.sqlite'), spec));

const outer = {name: 'outer', start: 0, end: 100};

const firstRow = ({columns, rows}: ReportRows): Record<string, Cell | undefined> => {
	const [row = []] = rows;
	return Object.fromEntries(columns.map(({title}, place) => [title, row[place]]));
};

describe('detail of several traces', () => {
	it('has the same columns in each', () => {
		const calls = [{correlation: 1, start: 1, end: 2}];
		const kernels = [{correlation: 1, start: 10, end: 12}];
		const one = readSpec({ranges: [outer], calls, kernels});
		const other = readSpec({ranges: [outer], calls, memsets: kernels});
		const choice = chooseDetail([one, other]);
		for (const report of [
			(read: DetailedTrace) => summarizePaths(read, detailGroups(read, choice)),
			(read: DetailedTrace) => summarizeNames(read, detailGroups(read, choice)),
			(read: DetailedTrace) => listRanges(read, detailRanges(read, choice)),
		]) {
			expect(report(one).columns).toEqual(report(other).columns);
			expect(firstRow(report(one))).toMatchObject({Kernels: 1, Memsets: 0});
			expect(firstRow(report(other))).toMatchObject({Kernels: 0, Memsets: 1});
		}
	});

	it('calls launches so in the table for people, where NVIDIA calls them GPU ops', () => {
		const read = readSpec({ranges: [outer]});
		const shorts = (report: ReportRows) => report.columns.map(({short}) => short);
		expect(shorts(summarizePaths(read))).toContain('GPU ops');
		const detailed = shorts(summarizePaths(read, detailGroups(read, chooseDetail([read]))));
		expect(detailed).not.toContain('GPU ops');
		expect(detailed).toEqual(expect.arrayContaining(['launches', 'operations']));
	});
});
