/** What perf_analyzer itself wrote of one call into three files: they must agree, and ours with all of them. */

import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {buildStudy, parseFile} from '../../perf-analyzer/study.ts';
import type {Study, StudyPoint} from '../../schemas/study.ts';

const folder = path.resolve(import.meta.dirname, '../fixtures/perf-analyzer');

const studyOf = (...files: readonly string[]): Study => {
	const facts = {model: 'm', batchSize: 2};
	return buildStudy(
		new Map(files.map((file) => [file, parseFile(path.join(folder, file), file, facts)])),
		facts,
	);
};

/** Whole microseconds: what perf_analyzer cuts times to. */
const cut = (ms: number | undefined): number =>
	Math.floor(Math.round((ms ?? Number.NaN) * 1e6) / 1000);
const sixDigits = (value: number | undefined): string =>
	Number((value ?? Number.NaN).toPrecision(6)).toString();

const latenciesOf = ({client}: StudyPoint): unknown => [
	client.requestCount,
	cut(client.mean),
	cut(client.std),
	client.percentiles.map(({percentile, time}) => [percentile, cut(time)]),
];
const throughputOf = ({client}: StudyPoint): string => sixDigits(client.throughput);
const windowsOf = ({windows}: StudyPoint): unknown =>
	windows.map(({throughput, mean, std}) => [sixDigits(throughput), cut(mean), cut(std)]);

describe('an export by windows', () => {
	const exported = studyOf('export.json').points;
	const printed = studyOf('gpu_2instances.log').points;

	it('gives every number that was printed', () => {
		expect(exported).toHaveLength(2);
		expect(exported.map(latenciesOf)).toEqual(printed.map(latenciesOf));
		expect(exported.map(throughputOf)).toEqual(printed.map(throughputOf));
		expect(exported.map(windowsOf)).toEqual(printed.map(windowsOf));
		expect(exported.map(({load}) => load)).toEqual(printed.map(({load}) => load));
	});

	it('is one measurement with its report and its CSV', () => {
		const {points, warnings} = studyOf('gpu_2instances.log', 'gpu_2instances.csv', 'export.json');
		expect(warnings).toEqual([]);
		expect(points.map(({sources}) => sources.map(({kind}) => kind))).toEqual([
			['report', 'csv', 'export'],
			['report', 'csv', 'export'],
		]);
		// Measured with -s 60: the latency of the first one's windows lies 15 % apart.
		expect(points.map(({status}) => status)).toEqual(['unstable', 'stable']);
		for (const {device, instances, gpus, client, server} of points) {
			expect([device, instances]).toEqual(['gpu', 2]);
			const metrics = {
				utilization: 0.453,
				power: 66.25,
				memoryUsed: 34_359_738_368,
				memoryTotal: 85_899_345_920,
			};
			expect(gpus).toEqual([
				{uuid: 'GPU-a-1', ...metrics},
				{uuid: 'GPU-b-2', ...metrics},
			]);
			expect(client.network).toBeGreaterThan(0);
			expect(server?.executionCount).toBeGreaterThan(0);
		}
	});
});

describe('an export of counted requests', () => {
	const [exported] = studyOf('counted.json').points;
	const [printed] = studyOf('counted.log').points;

	it('has the latencies that were printed, and a higher throughput', () => {
		expect(exported && latenciesOf(exported)).toEqual(printed && latenciesOf(printed));
		expect(exported?.client.throughput).toBeGreaterThan(1.1 * (printed?.client.throughput ?? 0));
		expect([printed?.status, exported?.status]).toEqual(['unknown', 'unknown']);
	});
});
