import type Database from 'better-sqlite3';
import {describe, expect, it} from 'vitest';
import {
	chooseDetail,
	detailGroups,
	detailRanges,
} from '../../../nsys-parsers/range-detail-columns.ts';
import {listRanges} from '../../../nsys-parsers/range-listing.ts';
import {summarizePaths} from '../../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {DetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {ReportRows} from '../../../schemas/report-rows.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';
import type {RangeSpec, TraceSpec} from '../../support/trace-builder.ts';
import {traceTables} from '../../support/trace-tables.ts';

interface Workload {
	/** null: the export names no process. */
	readonly pid?: number | null;
	readonly engineType: number;
	readonly start: number;
	readonly end: number;
}

const engineTypes: readonly (readonly [number, string])[] = [
	[0, 'NVDEC'],
	[1, 'NVENC'],
	[2, 'NVJPEG'],
	[3, 'OFA'],
];

const addWorkloads =
	(workloads: readonly Workload[], types: readonly (readonly [number, string])[] = engineTypes) =>
	(database: Database.Database): void => {
		database.exec(traceTables.GPU_VIDEO_ENGINE_WORKLOAD);
		database.exec(traceTables.ENUM_VIDEO_ENGINE_TYPE);
		for (const [id, name] of types) {
			database.prepare('INSERT INTO ENUM_VIDEO_ENGINE_TYPE VALUES (?, ?, NULL)').run(id, name);
		}

		const insert = database.prepare(
			`INSERT INTO GPU_VIDEO_ENGINE_WORKLOAD
				(start, end, globalEngineId, engineType, engineId, vmId, globalPid, apiId)
			VALUES (?, ?, 0, ?, 0, 0, ?, 0)`,
		);
		for (const {pid = 1000, engineType, start, end} of workloads) {
			const globalPid = pid === null ? null : (1n << 48n) | (BigInt(pid) << 24n);
			insert.run(start, end, engineType, globalPid);
		}
	};

const read = (
	ranges: readonly RangeSpec[],
	alter: (database: Database.Database) => void,
	spec: TraceSpec = {},
): DetailedTrace =>
	readDetailedTrace(buildTrace(temporaryFile('trace.sqlite'), {ranges, ...spec}, alter));

const videoCells = ({columns, rows}: ReportRows): Record<string, unknown>[] =>
	[...rows].map((row) =>
		Object.fromEntries(
			columns.flatMap(({title}, place) =>
				title.includes('Engine Busy') ? [[title, row[place]] as const] : [],
			),
		),
	);

const byRange = (detailed: DetailedTrace) =>
	videoCells(listRanges(detailed, detailRanges(detailed, chooseDetail([detailed]))));

const warnings = ({trace}: DetailedTrace) =>
	trace.warnings.filter(({code}) => code.startsWith('video'));

const range = {name: 'a', start: 100, end: 200};

describe('work of the video engines', () => {
	it('is told by engine, as far as it lies within the wall time of a range', () => {
		const detailed = read(
			[range],
			addWorkloads([
				{engineType: 0, start: 90, end: 110},
				{engineType: 0, start: 150, end: 160},
				{engineType: 0, start: 195, end: 300},
				{engineType: 1, start: 120, end: 121},
				{engineType: 2, start: 20, end: 30},
			]),
		);
		expect(byRange(detailed)).toEqual([
			{
				'NVDEC Engine Busy (ns)': 10 + 10 + 5,
				'NVENC Engine Busy (ns)': 1,
				'NVJPEG Engine Busy (ns)': 0,
			},
		]);
	});

	it('counts engines of a kind that work at once as one', () => {
		const detailed = read(
			[range],
			addWorkloads([
				{engineType: 0, start: 150, end: 170},
				{engineType: 0, start: 110, end: 130},
				{engineType: 0, start: 120, end: 125},
				{engineType: 0, start: 130, end: 140},
			]),
		);
		expect(byRange(detailed)).toEqual([{'NVDEC Engine Busy (ns)': 30 + 20}]);
	});

	it('is that of the process of the range only', () => {
		const detailed = read(
			[
				{...range, pid: 1},
				{...range, pid: 2},
			],
			addWorkloads([
				{pid: 1, engineType: 0, start: 110, end: 115},
				{pid: 3, engineType: 0, start: 110, end: 199},
				{pid: null, engineType: 0, start: 110, end: 199},
			]),
		);
		expect(byRange(detailed)).toEqual([
			{'NVDEC Engine Busy (ns)': 5},
			{'NVDEC Engine Busy (ns)': 0},
		]);
	});

	it('is summed up over the ranges of a path', () => {
		const detailed = read(
			[range, {name: 'a', start: 300, end: 400}],
			addWorkloads([{engineType: 1, start: 150, end: 310}]),
		);
		const report = summarizePaths(detailed, detailGroups(detailed, chooseDetail([detailed])));
		expect(videoCells(report)).toEqual([{'NVENC Engine Busy (ns)': 50 + 10}]);
	});

	it('is read under the names that the file gives its engines', () => {
		const detailed = read(
			[range],
			addWorkloads(
				[
					{engineType: 7, start: 110, end: 115},
					{engineType: 8, start: 120, end: 121},
				],
				[
					[7, 'NVENC'],
					[8, 'NEWENGINE'],
				],
			),
		);
		expect(byRange(detailed)).toEqual([{'NVENC Engine Busy (ns)': 5, 'Other Engine Busy (ns)': 1}]);
	});

	it('is named as in all known exports, where the file does not name its engines', () => {
		const detailed = read([range], addWorkloads([{engineType: 2, start: 110, end: 115}], []));
		expect(byRange(detailed)).toEqual([{'NVJPEG Engine Busy (ns)': 5}]);
	});

	it('lies where it should in a file whose times were shifted past 2^53', () => {
		const detailed = read(
			[range],
			(database) => {
				addWorkloads([{engineType: 0, start: 110, end: 115}])(database);
				database.exec(`UPDATE GPU_VIDEO_ENGINE_WORKLOAD
					SET start = start + 1800000000000000001, end = end + 1800000000000000001`);
			},
			{timeShiftNs: 1_800_000_000_000_000_001n},
		);
		expect(byRange(detailed)).toEqual([{'NVDEC Engine Busy (ns)': 5}]);
	});
});

describe('a trace with work of the video engines', () => {
	it('warns that it is in no GPU time', () => {
		const detailed = read(
			[range],
			addWorkloads([
				{engineType: 0, start: 1_000_000, end: 3_500_000},
				{engineType: 1, start: 120, end: 1_000_120, pid: null},
			]),
		);
		expect(detailed.trace.ranges.gpuSpanNs[0]).toBe(0);
		expect(warnings(detailed)).toEqual([
			{
				code: 'video-engine-work',
				message:
					'2 pieces of video engine work (NVDEC 2.5 ms, NVENC 1 ms): no launch is known of it, ' +
					'so it is in no GPU time. `benchmark ranges --detail` tells it by process and time.',
			},
		]);
	});

	it('warns of what the profiler lost, and of times that make no sense', () => {
		const detailed = read([range], (database) => {
			addWorkloads([{engineType: 0, start: 150, end: 140}])(database);
			database.exec(traceTables.GPU_VIDEO_ENGINE_MISSING);
			database.exec('INSERT INTO GPU_VIDEO_ENGINE_MISSING VALUES (0, 1, 0, 3), (2, 3, 0, 4)');
		});
		expect(warnings(detailed).map(({code}) => code)).toEqual([
			'video-work-without-times',
			'video-engine-loss',
		]);
		expect(warnings(detailed)[1]?.message).toMatch(/^nsys lost 7 stretches/);
		expect(byRange(detailed)).toEqual([{}]);
	});
});

describe('a trace without work of the video engines', () => {
	it.each([
		['has no such table', () => undefined],
		['has an empty one', addWorkloads([])],
		[
			'has one of another shape',
			(database: Database.Database) =>
				void database.exec(
					'CREATE TABLE GPU_VIDEO_ENGINE_WORKLOAD (engineType INTEGER, frames INTEGER)',
				),
		],
	])('(%s) has neither columns nor warnings of it', (_, alter) => {
		const detailed = read([range], alter);
		expect(byRange(detailed)).toEqual([{}]);
		expect(warnings(detailed)).toEqual([]);
	});
});
