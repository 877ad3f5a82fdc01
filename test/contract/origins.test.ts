/**
 * Every console block of the documents that the project comes from, to the last digit. The expected numbers are found by
 * a search of their own: all lines of a kind in the text, in their order, with none of the reader's rules.
 */

import {describe, expect, it} from 'vitest';
import {buildStudy} from '../../perf-analyzer/study.ts';
import {parseReport} from '../../perf-analyzer/report.ts';
import {listStepRows, listSteps} from '../../report/study-steps.ts';
import type {Study, StudyPoint} from '../../schemas/study.ts';
import {noSharedOrigin, sharedOrigin} from '../support/shared-origins.ts';

const importText = (text: string): Study =>
	buildStudy(new Map([['log.md', parseReport(text, 'log.md')]]), {model: null, batchSize: null});

const groupsOf = (text: string, pattern: RegExp): readonly (readonly string[])[] =>
	[...text.matchAll(pattern)].map((match) => match.slice(1));

/** A time as it was printed. */
const usec = (ms: number | undefined): string => String(Math.round((ms ?? Number.NaN) * 1000));

const isBlock = ({sources}: StudyPoint): boolean => sources[0]?.kind === 'report';

const tuningLog = '002_64088a9500a853f5.txt';
const ensembleRun = '003_cdf52ba90970110a.txt';

describe.each([
	[tuningLog, 7],
	[ensembleRun, 8],
])('the blocks of %s', (name, blocks) => {
	it('have the throughput and every latency that was printed', (context) => {
		const text = sharedOrigin(name) ?? context.skip(noSharedOrigin(name));
		const {points} = importText(text);
		const found = points.filter(isBlock);
		expect(found).toHaveLength(blocks);
		expect(
			found.map(({client}) => [String(client.requestCount), String(client.throughput)]),
		).toEqual(groupsOf(text, / {4}Request count: (\d+)\n +Throughput: (\S+) infer/g));
		expect(found.map(({client}) => [usec(client.mean), usec(client.std)])).toEqual(
			groupsOf(text, /Avg latency: (\d+) usec \(standard deviation (\d+) usec\)/g),
		);
		expect(
			found.flatMap(({client}) =>
				client.percentiles.map(({percentile, time}) => [String(percentile), usec(time)]),
			),
		).toEqual(groupsOf(text, /p(\d+) latency: (\d+) usec/g));
		expect(
			found.map(({client}) =>
				[client.requestTime, client.sendReceive, client.responseWait].map(usec),
			),
		).toEqual(
			groupsOf(
				text,
				/Avg (?:HTTP|gRPC) time: (\d+) usec \(.*?(\d+) usec \+ response wait (\d+) usec\)/g,
			),
		);
		expect(found.flatMap(({reasons}) => reasons)).toEqual([]);
		expect(new Set(found.map(({status}) => status))).toEqual(new Set(['stable']));
	});

	it('have every number of the server and of the models that it calls', (context) => {
		const text = sharedOrigin(name) ?? context.skip(noSharedOrigin(name));
		const servers = importText(text)
			.points.filter(isBlock)
			.flatMap(({server, composing}) => [server ?? {}, ...composing]);
		expect(
			servers.map(({inferenceCount, executionCount, successCount}) =>
				[inferenceCount, executionCount, successCount].map(String),
			),
		).toEqual(
			groupsOf(
				text,
				/Inference count: (\d+)\n +Execution count: (\d+)\n +Successful request count: (\d+)/g,
			),
		);
		expect(
			servers.map((server) =>
				server.compute === undefined
					? [
							server.requestTime,
							server.overhead,
							server.queue,
							server.computeInput,
							server.computeInfer,
							server.computeOutput,
						].map(usec)
					: [server.requestTime, server.overhead, server.queue, server.compute].map(usec),
			),
		).toEqual(
			[...text.matchAll(/Avg request latency: .*/g)].map(([line]) =>
				[...line.matchAll(/(\d+) usec/g)].map((match) => match[1]),
			),
		);
	});
});

describe('the tuning log', () => {
	it('has a variant for each heading, with its model', (context) => {
		const {points} = importText(sharedOrigin(tuningLog) ?? context.skip(noSharedOrigin(tuningLog)));
		expect(points.map(({model}) => model)).toEqual([
			'sifigan-pt-fp32',
			'sifigan-pt-fp32',
			'sifigan-onnx-fp32',
			'sifigan-trt-fp32',
			'sifigan-pt-fp16',
			'sifigan-onnx-fp16',
			'sifigan-trt-fp16',
		]);
		expect(new Set(points.map(({label}) => label)).size).toBe(7);
		expect(points.every(({batchSize, protocol}) => batchSize === 1 && protocol === 'http')).toBe(
			true,
		);
	});

	it('gives the percentages of its writer', (context) => {
		const study = importText(sharedOrigin(tuningLog) ?? context.skip(noSharedOrigin(tuningLog)));
		const steps = listSteps(study);
		const [, firstTweak, , tensorRt] = steps;
		const {columns, rows} = listStepRows(
			steps,
			[firstTweak, tensorRt].filter((step) => step !== undefined),
		);
		const percent = (step: number, title: string): number => {
			const cell = [...rows][step - 1]?.[columns.findIndex((column) => column.title === title)];
			return Math.round(Number(cell) * 100);
		};
		expect(percent(2, 'Change From First')).toBe(8);
		expect(percent(4, 'Change From step 2')).toBe(30);
		expect(percent(4, 'Change From Best Before')).toBe(30);
		expect(percent(5, 'Change From step 2')).toBe(81);
		// Its writer says 40: 38.8862 by 27.9424 is 1.392.
		expect(percent(5, 'Change From step 4')).toBe(39);
		expect(percent(7, 'Change From Best Before')).toBe(64);
		expect(percent(7, 'Change From step 4')).toBe(128);
		expect(percent(3, 'Change From Previous')).toBeLessThan(0);
		expect(percent(6, 'Change From Previous')).toBeLessThan(0);
	});
});

describe('the ensemble', () => {
	it('calls three models at each concurrency', (context) => {
		const {points} = importText(
			sharedOrigin(ensembleRun) ?? context.skip(noSharedOrigin(ensembleRun)),
		);
		for (const {composing, protocol, model} of points.filter(isBlock)) {
			expect(composing.map(({name, version, depth}) => [name, version, depth])).toEqual([
				['postprocessing', '', 1],
				['preprocessing', '', 1],
				['resnet50_trt', '', 1],
			]);
			expect([protocol, model]).toEqual(['grpc', 'ensemble_python_resnet50']);
		}
	});

	it('keeps both tables of which only the last lines are left, as variants', (context) => {
		const text = sharedOrigin(ensembleRun) ?? context.skip(noSharedOrigin(ensembleRun));
		const {points, warnings} = importText(text);
		expect(
			points.map(({load, client}) => [
				load.kind === 'schedule' ? '' : String(load.value),
				String(client.throughput),
				usec(client.mean),
			]),
		).toEqual(
			groupsOf(text, /^Concurrency: (\d+), throughput: (\S+) infer\/sec, latency (\d+) usec/gm),
		);
		expect(new Set(points.map(({label}) => label)).size).toBe(3);
		expect(points.every(({repeat}) => repeat === 1)).toBe(true);
		expect(warnings.map(({code}) => code)).toEqual([
			'start-failed',
			'worker-failed',
			'worker-error',
		]);
	});
});

it('reads the two lines that are all of a run, with the model of the call above them', (context) => {
	const name = '004_a3454aeff4a68199.txt';
	const {points} = importText(sharedOrigin(name) ?? context.skip(noSharedOrigin(name)));
	expect(points.map(({model, load, client}) => [model, load, client])).toEqual([
		[
			'MnistInfer',
			{kind: 'concurrency', value: 1},
			{throughput: 501.624, mean: 1.992, percentiles: []},
		],
		[
			'MnistInfer',
			{kind: 'concurrency', value: 65},
			{throughput: 1463.2, mean: 44.347, percentiles: []},
		],
	]);
});
