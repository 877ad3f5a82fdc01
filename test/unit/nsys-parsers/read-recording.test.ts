import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {readRecording} from '../../../nsys-parsers/read-recording.ts';
import {recordingFileName} from '../../../schemas/recording.ts';
import type {RecordingLine} from '../../../schemas/recording.ts';
import {listNotes, listRanges, warningCodes} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

const headerOf = (pid: number, originMonotonicNs = '1000'): RecordingLine => [
	'header',
	{
		formatVersion: 1,
		pid,
		library: 'perf_utils 0.1.0 (Python 3.11.7)',
		originMonotonicNs,
		originUnixNs: `1795253160962755551`,
	},
];

const makeFolder = (): string => {
	const folder = temporaryFile('recording');
	mkdirSync(folder);
	return folder;
};

const record = (folder: string, pid: number, lines: readonly RecordingLine[]): string => {
	const file = path.join(folder, recordingFileName(pid));
	writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
	return file;
};

const read = (...lines: RecordingLine[]) => {
	const folder = makeFolder();
	record(folder, 7, [headerOf(7), ...lines]);
	return readRecording(folder);
};

describe('readRecording', () => {
	it('gives ranges with the exact times of their closing, nested as they were opened', () => {
		const trace = read(
			['open', 7, 100, 'pipeline', null],
			['open', 7, 200, 'decode', 'media'],
			['close', 7, 210, 290],
			['open', 7, 300, '', null],
			['close', 7, 310, 390],
			['close', 7, 110, 400],
		);
		expect(listRanges(trace)).toEqual([
			{path: 'pipeline', tid: 7, startNs: 110, endNs: 400},
			{path: 'pipeline/media:decode', tid: 7, startNs: 210, endNs: 290},
			{path: 'pipeline/(unnamed)', tid: 7, startNs: 310, endNs: 390},
		]);
		expect(trace.tool).toEqual({kind: 'builtin', library: 'perf_utils 0.1.0 (Python 3.11.7)'});
		expect(trace.originUnixNs).toBe(1795253160962755551n);
		expect(trace.hasGpuWork).toBe(false);
		expect([...trace.ranges.gpuSpanNs]).toEqual([0, 0, 0]);
		expect(trace.warnings).toEqual([]);
	});

	it('nests by the order of lines where a coarse clock cannot', () => {
		const trace = read(
			['open', 7, 5, 'a', null],
			['close', 7, 5, 5],
			['open', 7, 5, 'b', null],
			['open', 7, 5, 'c', null],
			['close', 7, 5, 5],
			['close', 7, 5, 5],
		);
		expect(listRanges(trace).map(({path: names}) => names)).toEqual(['a', 'b', 'b/c']);
		expect(trace.warnings).toEqual([]);
	});

	it('keeps threads apart', () => {
		const trace = read(
			['open', 1, 0, 'a', null],
			['open', 2, 1, 'b', null],
			['close', 1, 0, 2],
			['close', 2, 1, 3],
		);
		expect(trace.threads).toEqual([
			{pid: 7, tid: 1},
			{pid: 7, tid: 2},
		]);
		expect([...trace.ranges.parent]).toEqual([-1, -1]);
	});

	it('attaches marks to the innermost open range', () => {
		const trace = read(
			['mark', 7, 0, '{"meta":{"obj_name":"o"}}'],
			['open', 7, 1, 'batch', null],
			['mark', 7, 1, '{"batch":4}'],
			['open', 7, 1, 'stage', null],
			['close', 7, 1, 1],
			['mark', 7, 1, '{"items":2}'],
			['close', 7, 1, 9],
			['mark', 7, 9, '{"items":3}'],
			['mark', 7, 9, 'nonsense'],
		);
		expect(listNotes(trace)).toEqual({batch: {batch: 4, items: 2}});
		expect(trace.metas).toEqual([{pid: 7, meta: {obj_name: 'o'}}]);
		expect(warningCodes(trace)).toEqual(['malformed-marks', 'homeless-marks']);
	});

	it('puts several processes on the clock of the first', () => {
		const folder = makeFolder();
		const lines: RecordingLine[] = [
			['open', 1, 5, 'a', null],
			['mark', 1, 6, '{"meta":{}}'],
			['close', 1, 6, 9],
		];
		record(folder, 8, [headerOf(8, '18446744073709551000'), ...lines]);
		record(folder, 9, [headerOf(9, '18446744073709550900'), ...lines]);
		const trace = readRecording(folder);
		expect(trace.threads).toEqual([
			{pid: 9, tid: 1},
			{pid: 8, tid: 1},
		]);
		expect(listRanges(trace).map(({startNs, endNs}) => [startNs, endNs])).toEqual([
			[6, 9],
			[106, 109],
		]);
		expect(trace.metas.map(({pid}) => pid)).toEqual([9, 8]);
	});
});

describe('a recording whose process died', () => {
	it('ends what was open at its last time', () => {
		const trace = read(
			['open', 7, 10, 'pipeline', null],
			['open', 7, 20, 'batch', null],
			['close', 7, 21, 30],
			['mark', 7, 44, '{"items":1}'],
		);
		expect(
			listRanges(trace).map(({path: names, startNs, endNs}) => [names, startNs, endNs]),
		).toEqual([
			['pipeline', 10, 44],
			['pipeline/batch', 21, 30],
		]);
		expect([...trace.ranges.unfinished]).toEqual([1, 0]);
		expect(listNotes(trace)).toEqual({pipeline: {items: 1}});
		expect(warningCodes(trace)).toEqual(['unfinished-ranges']);
	});

	it('leaves a last line that was cut short out, wherever it was cut', () => {
		const last = Buffer.from(JSON.stringify(['close', 7, 5, 'größer'.length]));
		for (let bytes = 1; bytes < last.length; bytes++) {
			const folder = makeFolder();
			const file = record(folder, 7, [headerOf(7), ['open', 7, 1, 'größer', null]]);
			appendFileSync(file, last.subarray(0, bytes));
			const trace = readRecording(folder);
			expect(trace.names).toEqual(['größer']);
			expect(warningCodes(trace)).toEqual(['unfinished-ranges', 'recording-cut-short']);
		}
	});

	it('may not even have a whole first line', () => {
		const folder = makeFolder();
		writeFileSync(path.join(folder, recordingFileName(7)), '["header",{"format');
		writeFileSync(path.join(folder, recordingFileName(8)), '');
		const trace = readRecording(folder);
		expect(trace.ranges.length).toBe(0);
		expect(warningCodes(trace)).toEqual(['no-ranges', 'recording-cut-short']);
	});
});

describe('a recording that is damaged', () => {
	it('is read but for the lines that make no sense, and says so', () => {
		const folder = makeFolder();
		const file = record(folder, 7, [headerOf(7), ['close', 7, 1, 2], ['open', 7, 3, 'a', null]]);
		appendFileSync(file, 'rubbish\n["later",1]\n["close",7,9,8]\n["close",7,3,8]\n');
		const trace = readRecording(folder);
		expect(listRanges(trace).map(({endNs}) => endNs)).toEqual([8]);
		expect(trace.warnings).toEqual([
			{
				code: 'damaged-recording',
				message: '4 lines were not understood in the recording and left out.',
			},
		]);
	});

	it('is refused where its first line is no header', () => {
		const folder = makeFolder();
		const file = record(folder, 7, [['open', 7, 3, 'a', null]]);
		expect(() => readRecording(folder)).toThrow(UserError);
		expect(() => readRecording(folder)).toThrow(
			`${file} is not a recording of this version: its first line is no header`,
		);
	});

	it('is refused where the folder is missing', () => {
		const folder = temporaryFile('absent');
		expect(() => readRecording(folder)).toThrow(UserError);
		expect(() => readRecording(folder)).toThrow(`the recording ${folder} cannot be read: ENOENT`);
	});
});

it('makes an empty Trace of a folder without recordings', () => {
	const folder = makeFolder();
	writeFileSync(path.join(folder, 'notes.txt'), 'not a recording');
	expect(warningCodes(readRecording(folder))).toEqual(['no-ranges']);
});

it('reads lines that lie across the edges of its buffer', () => {
	const folder = makeFolder();
	const name = 'ü'.repeat(300_000);
	const lines: RecordingLine[] = Array.from({length: 10}, (_, at): RecordingLine[] => [
		['open', 7, at * 10, `${name}${at}`, null],
		['close', 7, at * 10, at * 10 + 5],
	]).flat();
	record(folder, 7, [headerOf(7), ...lines]);
	const trace = readRecording(folder);
	expect(trace.names).toEqual(Array.from({length: 10}, (_, at) => `${name}${at}`));
	expect(trace.warnings).toEqual([]);
});
