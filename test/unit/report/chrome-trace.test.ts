import {describe, expect, it} from 'vitest';
import {writeChromeTrace} from '../../../report/chrome-trace.ts';
import type {Timeline} from '../../../schemas/timeline.ts';
import {readTrace, type TraceSlice} from '../../support/chrome-trace.ts';
import {timelineOf as makeTimeline} from '../../support/timeline.ts';
import type {PlacedSlice} from '../../support/timeline.ts';

const slice = (startNs: number, endNs: number, more: Partial<PlacedSlice> = {}): PlacedSlice => ({
	track: 0,
	name: 'a',
	startNs,
	durationNs: endNs - startNs,
	details: {},
	...more,
});

const tracks = [
	{group: 'python 7', name: 'thread 7'},
	{group: 'python 7 on GPU 0', name: 'stream 1'},
	{group: 'python 7', name: 'thread 8'},
];

const timelineOf = (...slices: readonly PlacedSlice[]): Timeline =>
	makeTimeline('job.sqlite', tracks, slices);

const write = (timeline: Timeline): string => [...writeChromeTrace(timeline)].join('');

/** The slices of the first track, as "thread: start-end", in the order of the file. */
const lanesOf = (...slices: readonly PlacedSlice[]): readonly string[] =>
	readTrace(write(timelineOf(...slices))).slices.map(
		({thread, startNs, durationNs}: TraceSlice) => `${thread}: ${startNs}-${startNs + durationNs}`,
	);

describe('a trace for Perfetto', () => {
	it('names processes and threads and has whole ns to the digit', () => {
		const call = slice(1_234_567_890_123, 1_234_567_890_124, {
			name: 'cudaLaunchKernel',
			details: {correlation: 12, stream: '7', nothing: null, time: 1_800_000_000_000_000_001n},
			flow: {id: 12, starts: true},
		});
		const kernel = slice(5, 2005, {track: 1, name: 'k<"x">', flow: {id: 12, starts: false}});
		expect(write(timelineOf(kernel, call))).toBe(
			`${[
				'{"traceEvents":[',
				'{"ph":"M","pid":1,"tid":0,"name":"process_name","args":{"name":"python 7"}},',
				'{"ph":"M","pid":1,"tid":0,"name":"process_sort_index","args":{"sort_index":1}},',
				'{"ph":"M","pid":2,"tid":0,"name":"process_name","args":{"name":"python 7 on GPU 0"}},',
				'{"ph":"M","pid":2,"tid":0,"name":"process_sort_index","args":{"sort_index":2}},',
				'{"ph":"M","pid":1,"tid":3,"name":"thread_name","args":{"name":"thread 7"}},',
				'{"ph":"M","pid":1,"tid":3,"name":"thread_sort_index","args":{"sort_index":3}},',
				'{"ph":"X","pid":1,"tid":3,"ts":1234567890.123,"dur":0.001,"name":"cudaLaunchKernel",' +
					'"bind_id":12,"flow_out":true,' +
					'"args":{"correlation":12,"stream":"7","time":1800000000000000001}},',
				'{"ph":"M","pid":2,"tid":4,"name":"thread_name","args":{"name":"stream 1"}},',
				'{"ph":"M","pid":2,"tid":4,"name":"thread_sort_index","args":{"sort_index":4}},',
				String.raw`{"ph":"X","pid":2,"tid":4,"ts":0.005,"dur":2.000,"name":"k<\"x\">",` +
					'"bind_id":12,"flow_in":true},',
				'{"ph":"M","pid":1,"tid":5,"name":"thread_name","args":{"name":"thread 8"}},',
				'{"ph":"M","pid":1,"tid":5,"name":"thread_sort_index","args":{"sort_index":5}}',
				'],"displayTimeUnit":"ns","otherData":{"source":"job.sqlite"}}',
			].join('\n')}\n`,
		);
	});

	it('is valid without slices, and without tracks', () => {
		expect(readTrace(write(timelineOf())).slices).toEqual([]);
		const empty = {source: '"\\', tracks: []};
		expect(write(empty)).toBe(
			String.raw`{"traceEvents":[${'\n\n'}],"displayTimeUnit":"ns","otherData":{"source":"\"\u005c"}}${'\n'}`,
		);
	});

	it('keeps text valid where Perfetto would refuse the file', () => {
		const names = ['lone \ud800', 'end\\', '"\n\u001b\\x 😀', ''];
		const text = write(
			timelineOf(...names.map((name, at) => slice(at, at + 1, {name, details: {name}}))),
		);
		expect(text).toContain(String.raw`"name":"end\u005c"`);
		expect(text).not.toMatch(/\\"[,}]|\\ud/);
		expect(readTrace(text).slices.map(({name, details}) => [name, details['name']])).toEqual(
			['lone \ufffd', 'end\\', '"\n\u001b\\x 😀', ''].map((name) => [name, name]),
		);
	});

	it('writes numbers that Perfetto reads without overflow', () => {
		const details = {
			small: 0.0000012345678901234567,
			large: 1e21,
			max: 2n ** 63n - 1n,
			more: 2n ** 63n,
			some: -1.5,
			none: Number.NaN,
		};
		expect(write(timelineOf(slice(0, 1, {details})))).toContain(
			'"args":{"small":1.2345678901234567e-6,"large":1e+21,"max":9223372036854775807,' +
				'"more":"9223372036854775808","some":-1.5}}',
		);
	});

	it('comes in pieces that end with an event', () => {
		const slices = Array.from({length: 3000}, (_, at) => slice(at, at + 1));
		const pieces = [...writeChromeTrace(timelineOf(...slices))];
		expect(pieces.length).toBeGreaterThan(2);
		expect(pieces.slice(0, -1).every((piece) => piece.endsWith('}'))).toBe(true);
		expect(readTrace(pieces.join('')).slices).toHaveLength(3000);
	});

	it('writes slices by the thousand, and texts longer than a piece', () => {
		const slices = Array.from({length: 9000}, (_, at) =>
			slice(at, at + 1, {
				name: `${'x'.repeat(at === 7000 ? 5_000_000 : 1000)}${at}`,
				track: at % 3,
			}),
		);
		const read = readTrace(write(timelineOf(...slices))).slices;
		expect(read).toHaveLength(9000);
		const wrong = read.filter(({name, startNs}) => name.replace(/^x+/, '') !== String(startNs));
		expect(wrong.map(({startNs}) => startNs)).toEqual([]);
		expect(read.find(({startNs}) => startNs === 7000n)?.name).toHaveLength(5_000_004);
	});

	it('takes times of whole ns', () => {
		expect(() => write(timelineOf(slice(0.5, 1)))).toThrow('times of a slice are whole');
		expect(() => write(timelineOf(slice(-1, 1)))).toThrow('times of a slice are whole');
	});
});

describe('slices of one track', () => {
	it('stay on one lane while they nest or follow each other', () => {
		expect(lanesOf(slice(2, 4), slice(0, 10), slice(10, 20), slice(4, 10), slice(10, 20))).toEqual([
			'thread 7: 0-10',
			'thread 7: 2-4',
			'thread 7: 4-10',
			'thread 7: 10-20',
			'thread 7: 10-20',
		]);
	});

	it('go to the first lane that is free where they overlap', () => {
		expect(lanesOf(slice(5, 15), slice(0, 10), slice(9, 12), slice(10, 11), slice(16, 17))).toEqual(
			[
				'thread 7: 0-10',
				'thread 7 (2): 5-15',
				'thread 7 (2): 9-12',
				'thread 7: 10-11',
				'thread 7: 16-17',
			],
		);
	});

	it('of no length lie where they start', () => {
		expect(lanesOf(slice(3, 3), slice(3, 3), slice(0, 3), slice(3, 5), slice(4, 4))).toEqual([
			'thread 7: 0-3',
			'thread 7: 3-5',
			'thread 7: 3-3',
			'thread 7: 3-3',
			'thread 7: 4-4',
		]);
	});

	it('keep numbers apart: no thread has the number of a process or of another lane', () => {
		const {threads, processes} = readTrace(
			write(timelineOf(slice(0, 2), slice(1, 3), slice(0, 2, {track: 2}), slice(1, 3, {track: 2}))),
		);
		expect([...threads.values()]).toEqual([
			'thread 7',
			'thread 7 (2)',
			'stream 1',
			'thread 8',
			'thread 8 (2)',
		]);
		expect(new Set([...threads.keys(), ...processes.keys()]).size).toBe(7);
	});
});
