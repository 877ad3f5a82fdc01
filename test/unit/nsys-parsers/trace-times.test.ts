import {describe, expect, it} from 'vitest';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import type {Trace} from '../../../schemas/trace.ts';
import {listRanges, warningCodes, withoutSource} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace, programOn} from '../../support/trace-builder.ts';
import type {TraceSpec} from '../../support/trace-builder.ts';

const read = (spec: TraceSpec): Trace => readTrace(buildTrace(temporaryFile('trace.sqlite'), spec));

describe('times', () => {
	it('counts from the first range, and tells its wall clock', () => {
		const spec = {ranges: [{name: 'a', start: 1000, end: 1007}], sessionStartUnixNs: 5_000n};
		const {ranges, originUnixNs} = read(spec);
		expect([ranges.startNs[0], ranges.endNs[0], originUnixNs]).toEqual([0, 7, 6_000n]);
	});

	it('stays exact to the nanosecond where --ts-normalize moved all times past 2^53', () => {
		const program = programOn({from: 1001}).push('a').wait(12).launch({after: 3, takes: 11});
		const spec = {...program.pop().spec, sessionStartUnixNs: 1_795_253_160_962_755_551n};
		const moved = read({...spec, timeShiftNs: 1_795_253_160_962_755_551n});
		expect(withoutSource(moved)).toEqual(withoutSource(read(spec)));
		expect(moved.originUnixNs).toBe(1_795_253_160_962_756_552n);
	});

	it('knows no wall clock where the export tells none', () => {
		expect(read(programOn().push('a').pop().spec).originUnixNs).toBeNull();
	});

	it('takes negative times: a capture can begin late', () => {
		const trace = read({ranges: [{name: 'a', start: -90_514_564_082, end: -5}]});
		expect([...trace.ranges.endNs]).toEqual([90_514_564_077]);
	});

	it('counts a range that ends before its start as 0 long, and says so', () => {
		const trace = read({ranges: [{name: 'a', start: 10, end: 4}]});
		expect([...trace.ranges.endNs]).toEqual([0]);
		expect(warningCodes(trace)).toEqual(['reversed-ranges']);
	});
});

describe('unfinished ranges', () => {
	it('are those that end with the session', () => {
		const program = programOn().push('open').push('closed').wait(5).pop().wait(3);
		const trace = read(program.spec);
		expect([...trace.ranges.unfinished]).toEqual([1, 0]);
		expect(trace.warnings).toEqual([
			{
				code: 'unfinished-ranges',
				message:
					'1 range was never popped, or the profiler lost the pop: the time until the end of the trace is counted.',
			},
		]);
	});

	it('are those that end later, too: nsys closes some when it comes to it', () => {
		const trace = read({
			ranges: [
				{name: 'open', start: 0, end: 12},
				{name: 'closed', start: 2, end: 7},
			],
			durationNs: 10,
		});
		expect([...trace.ranges.unfinished]).toEqual([1, 0]);
	});

	it('are found in shifted exports too', () => {
		const {spec} = programOn().push('open').wait(3);
		const trace = read({...spec, timeShiftNs: -5_000_000_000n});
		expect([...trace.ranges.unfinished]).toEqual([1]);
	});

	it('get the latest end of all ranges where the exporter wrote none, as with NVIDIA', () => {
		const trace = read({
			ranges: [
				{name: 'open', start: 0, end: null},
				{name: 'closed', start: 2, end: 40},
			],
		});
		expect(listRanges(trace).map(({path, endNs}) => [path, endNs])).toEqual([
			['open', 40],
			['open/closed', 40],
		]);
		expect([...trace.ranges.unfinished]).toEqual([1, 0]);
		expect(warningCodes(trace)).toEqual(['unfinished-ranges', 'ranges-without-end']);
	});

	it('end with the last start where nothing at all has an end', () => {
		const trace = read({
			ranges: [
				{name: 'a', start: 0, end: null},
				{name: 'b', start: 30, end: null},
			],
		});
		expect([...trace.ranges.endNs]).toEqual([30, 30]);
	});
});
