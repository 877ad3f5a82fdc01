import {describe, expect, it} from 'vitest';
import {parseExport} from '../../../perf-analyzer/export.ts';
import type {ParsedFile} from '../../../perf-analyzer/parsed-file.ts';
import {readRequestExport} from '../../../perf-analyzer/request-export.ts';
import {
	exportBase,
	readFrom,
	writeExperiment,
	writeExport,
	type ExportedRequest,
} from '../../support/request-export.ts';

const ms = 1_000_000;

/** Requests one after another, each with its latency in ns. */
const chain = (latencies: readonly number[]): readonly ExportedRequest[] => {
	let at = 0;
	return latencies.map((latency) => {
		const sent = at;
		at += latency;
		return {sent, answers: [at]};
	});
};

const parse = (text: string, batchSize: number | null = null): ParsedFile =>
	parseExport(readFrom(text), 'out/cpu_1instance.json', batchSize);

describe('reading', () => {
	const odd = [1, 3, 255, 257, 123_456_789];
	const text = writeExport(writeExperiment('concurrency', '4', chain(odd), [0, 500]));

	it.each([1, 2, 7, 1 << 18])('keeps every nanosecond, %i bytes at a time', (size) => {
		const {experiments, version, serviceKind, damage} = readRequestExport(
			readFrom(text, size),
			size,
		);
		expect(damage).toBeUndefined();
		expect([version, serviceKind, experiments.length]).toEqual(['2.59.0', 'triton_c_api', 1]);
		const {starts, ends} = experiments[0]?.requests ?? expect.fail('no experiment');
		expect(Array.from(ends, (end, place) => end - Number(starts[place]))).toEqual(odd);
		expect(experiments[0]?.boundaries).toEqual([0, 500]);
	});

	it('takes the last answer with content', () => {
		const requests = [
			{sent: 0, answers: [5, 9, 20], outputs: ['{"a":1}', '{"a":2}', '{}']},
			{sent: 0, answers: [5, 9, 20], outputs: ['{"a":1}', '{}', '{"a":2}']},
			{sent: 0, answers: [7], outputs: ['{}']},
		];
		const {experiments} = readRequestExport(
			readFrom(writeExport(writeExperiment('concurrency', '1', requests, []))),
		);
		expect(Array.from(experiments[0]?.requests.ends ?? [])).toEqual([9, 20, 7]);
		expect(experiments[0]?.requests.responses).toBe(6);
	});

	it('leaves out what has no answer, or one before the question', () => {
		const requests = [
			{sent: 10, answers: []},
			{sent: 10, answers: [5]},
			{sent: 10, answers: [30]},
		];
		const {points} = parse(writeExport(writeExperiment('concurrency', '1', requests, [])));
		expect(points[0]?.client.requestCount).toBe(1);
		expect(points[0]?.reasons.map(({code}) => code)).toEqual(['broken-requests']);
	});

	it('tells latencies alone of a file that ends too early, as whole workers can be missing', () => {
		for (const end of ['"sequence_id":7,"request_inputs"', '"window_boundaries"']) {
			const {points, warnings} = parse(text.slice(0, text.lastIndexOf(end)));
			expect(points[0]?.status).toBe('failed');
			expect(Object.keys(points[0]?.client ?? {}).toSorted()).toEqual([
				'mean',
				'percentiles',
				'std',
			]);
			expect(points[0]?.windows).toEqual([]);
			expect(points[0]?.reasons.map(({code}) => code)).toEqual(['export-cut']);
			expect(warnings[0]?.message).toMatch(/read up to its damage: .* at byte \d+$/);
		}
	});

	it('is whole where only its last brackets are missing', () => {
		const {points} = parse(text.slice(0, text.lastIndexOf('}],"version"')));
		expect(points[0]?.client.requestCount).toBe(odd.length);
		expect(points[0]?.reasons).toEqual([]);
	});

	it('holds nothing where it ends before its first request', () => {
		const {points, warnings} = parse(text.slice(0, 40));
		expect([points, warnings.map(({code}) => code)]).toEqual([[], ['export-cut']]);
	});

	it.each(['{}', '{"data":[]}', '{"experiments":5}', '[1]', ''])('refuses %s', (other) => {
		expect(() => parse(other)).toThrow(/no request export of perf_analyzer/);
	});
});

describe('statistics', () => {
	/** Four windows of 10 ms; in the first, requests take 5 ms, in the others 1 ms. */
	const requests = chain([...Array<number>(2).fill(5 * ms), ...Array<number>(30).fill(ms)]);
	const bounds = [0, 10, 20, 30, 40].map((bound) => bound * ms + 1);
	const [point] = parse(
		writeExport(writeExperiment('concurrency', '1', requests, bounds)),
		8,
	).points;

	it('are of the last three windows', () => {
		expect(point?.client).toEqual({
			requestCount: 30,
			throughput: 8000,
			mean: 1,
			std: 0,
			percentiles: [50, 90, 95, 99].map((percentile) => ({percentile, time: 1})),
		});
		expect(point?.status).toBe('stable');
		expect(point?.windows.map(({throughput}) => throughput)).toEqual([1600, 8000, 8000, 8000]);
	});

	it('are unstable where the windows differ', () => {
		const [uneven] = parse(
			writeExport(writeExperiment('request_rate', '10.5', requests, bounds.slice(0, 4))),
		).points;
		expect(uneven?.load).toEqual({kind: 'request-rate', value: 10.5});
		expect([uneven?.status, uneven?.reasons.map(({code}) => code)]).toEqual([
			'unstable',
			['unstable'],
		]);
	});

	it('go by the requests alone where one window ends late', () => {
		const [counted] = parse(
			writeExport(writeExperiment('concurrency', '1', chain([4 * ms, 6 * ms]), [-5, 1000 * ms])),
		).points;
		expect(counted?.client.throughput).toBe(200);
		expect(counted?.client.mean).toBe(5);
		expect(counted?.client.std).toBe(1.414214);
		expect(counted?.status).toBe('unknown');
	});

	it('have no windows where a run had none', () => {
		const schedule = writeExperiment('request_rate', '0.0', chain([ms]), []).replace(
			'"window_boundaries":[]',
			'"window_boundaries":[0,18446744073709551615]',
		);
		const [only] = parse(writeExport(schedule)).points;
		expect(only?.load).toEqual({kind: 'schedule'});
		expect(only?.client).toEqual({
			requestCount: 1,
			throughput: 1000,
			mean: 1,
			percentiles: [50, 90, 95, 99].map((percentile) => ({percentile, time: 1})),
		});
	});

	it('take order statistics, p99.9 from a thousand requests on', () => {
		const latencies = Array.from({length: 1000}, (_, place) => (place + 1) * 1000);
		const [many] = parse(
			writeExport(writeExperiment('concurrency', '1', chain(latencies), [])),
		).points;
		expect(many?.client.percentiles).toEqual([
			{percentile: 50, time: 0.501},
			{percentile: 90, time: 0.9},
			{percentile: 95, time: 0.95},
			{percentile: 99, time: 0.99},
			{percentile: 99.9, time: 0.999},
		]);
	});

	it('say so where nothing ended in time', () => {
		const late = [{sent: 0, answers: [50]}];
		const [none] = parse(
			writeExport(writeExperiment('concurrency', '1', late, [0, 1, 2, 3])),
		).points;
		expect([none?.status, none?.client]).toEqual(['failed', {requestCount: 0, percentiles: []}]);
	});
});

it('bases are beyond what a double holds', () => {
	expect(BigInt(Number(exportBase))).not.toBe(exportBase);
});
