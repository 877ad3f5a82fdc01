/**
 * Random and damaged texts: whatever stands in a file, the parsers of perf_analyzer's output make a study that fits its
 * schema, or refuse the file with a UserError.
 *
 *     NSYS_BENCHMARK_FUZZ_SECONDS=600 npx vitest run test/fuzz     new seeds for ten minutes
 */

import fc from 'fast-check';
import {expect, it} from 'vitest';
import {UserError} from '../../base/errors.ts';
import {parseCsv} from '../../perf-analyzer/csv.ts';
import {parseExport} from '../../perf-analyzer/export.ts';
import type {ParsedFile} from '../../perf-analyzer/parsed-file.ts';
import {parseReport} from '../../perf-analyzer/report.ts';
import {buildStudy} from '../../perf-analyzer/study.ts';
import {formatRows} from '../../report/row-formats.ts';
import {listModelRows} from '../../report/study-models.ts';
import {listStudyRows} from '../../report/study-rows.ts';
import {listStepRows, listSteps} from '../../report/study-steps.ts';
import {Study} from '../../schemas/study.ts';
import {readFrom, writeExperiment, writeExport} from '../support/request-export.ts';

const seconds = Number(process.env['NSYS_BENCHMARK_FUZZ_SECONDS'] ?? 0);
const options = {
	numRuns: seconds > 0 ? 10_000_000 : 300,
	...(seconds > 0 ? {interruptAfterTimeLimit: seconds * 333} : {}),
};

/** @returns whether there was a study */
const check = (parse: () => ParsedFile): boolean => {
	let parsed: ParsedFile;
	try {
		parsed = parse();
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return false;
	}

	const study = Study.parse(buildStudy(new Map([['f', parsed]]), {model: null, batchSize: null}));
	const rows = [listStudyRows(study), listStepRows(listSteps(study), []), listModelRows(study)];
	for (const report of rows) {
		for (const format of ['table', 'json'] as const) {
			expect([...formatRows(report, format)].join('')).not.toContain('undefined');
		}
	}

	return true;
};

const lines = [
	'*** Measurement Settings ***',
	'  Batch size: 0',
	'  Service Kind: TRITON',
	'  Sending 5 benchmark requests',
	'Request concurrency: 1',
	'Request concurrency: 99999999999999999999',
	'Request Rate: 1e400 inference requests per second',
	'Request Rate: 1.5 inference requests per second',
	'  Client: ',
	'    Request count: 0',
	'    Request count: 18446744073709551615',
	'    Throughput: nan infer/sec',
	'    Throughput: 1.5e+06 infer/sec',
	'    Avg latency: 5 usec (standard deviation 18446744073709551615 usec)',
	'    Avg latency: 500 usec (standard deviation 1 usec)',
	'    p50 latency: 9000 usec',
	'    p0 latency: 3 usec',
	'    p101 latency: 3 usec',
	'    Delayed Request Count: 7',
	'    Avg gRPC time: 5 usec ((un)marshal request/response 1 usec + response wait 4 usec)',
	'    Avg HTTP time: 5 usec (nonsense + 4 usec)',
	'  Server: ',
	'    Inference count: 3',
	'    Avg request latency: 5 usec (overhead 1 usec + queue 2 usec + compute 2 usec)',
	'  Composing models: ',
	'  m, version: 1',
	'      Composing models: ',
	'constructor, version: __proto__',
	'  Server Prometheus Metrics: ',
	'    Avg GPU Utilization:',
	'      GPU-a : 12.5%',
	'      GPU-a : -1%',
	'Inferences/Second vs. Client p95 Batch Latency',
	'Inferences/Second vs. Client Average Batch Latency',
	'Concurrency: 1, throughput: 1.5e+06 infer/sec, latency 5 usec',
	'Request Rate: -1, throughput: 5 infer/sec, latency 5 usec',
	'Failed to obtain stable measurement within 1 measurement windows for concurrency 1.',
	'Measured latency went over the set limit of 1 msec. ',
	'error: failed to create concurrency manager: x',
	'## A heading',
	'```',
	'$ perf_analyzer -m one -b 2 -i gRPC \\',
	'[1,0]<stdout>:Request concurrency: 3',
	'  Pass [1] throughput: 5 infer/sec. Avg latency: 5 usec (std 1 usec). ',
];

const anyText = fc.oneof(fc.string(), fc.string({unit: 'binary'}));

it('lines of reports in any order, with anything between them', () => {
	const line = fc.oneof({weight: 8, arbitrary: fc.constantFrom(...lines)}, anyText);
	let points = 0;
	fc.assert(
		fc.property(fc.array(line, {maxLength: 60}), (text) => {
			check(() => {
				const parsed = parseReport(text.join('\n'), 'f');
				points += parsed.points.length;
				return parsed;
			});
		}),
		options,
	);
	expect(points).toBeGreaterThan(100);
});

it('CSVs with any columns and cells', () => {
	const title = fc.constantFrom(
		'Client Send',
		'Server Queue',
		'p99 latency',
		'p0 latency',
		'Avg GPU Utilization',
		'Total GPU Memory',
		'Response Throughput',
		'constructor',
		'__proto__',
		'',
	);
	const cell = fc.oneof(
		fc.constantFrom(
			'',
			'1',
			'-1',
			'18446744073709551615',
			'1e5',
			'nan',
			'GPU-a:1;',
			':;;:',
			'GPU:b:2;GPU:b:3',
		),
		anyText,
	);
	fc.assert(
		fc.property(
			fc.array(title, {maxLength: 12}),
			fc.array(fc.array(cell, {maxLength: 14}), {maxLength: 8}),
			(titles, rows) => {
				const header = ['Concurrency', 'Inferences/Second', ...titles].join(',');
				const body = rows.map((cells, place) => [place, ...cells].join(','));
				expect(check(() => parseCsv([header, ...body].join('\n'), 'f'))).toBe(true);
			},
		),
		options,
	);
});

it('exports with bytes changed, and cut anywhere', () => {
	const original = Buffer.from(
		writeExport(
			...[1, 2].map((load) =>
				writeExperiment(
					'concurrency',
					String(load),
					Array.from({length: 6}, (_, at) => ({
						sent: at * 10,
						answers: [at * 10 + 5, at * 10 + 7],
					})),
					[0, 20, 40, 60],
				),
			),
		),
	);
	const change = fc.tuple(
		fc.nat({max: original.length - 1}),
		fc.oneof(fc.constantFrom(...Buffer.from('"{}[]:,\\0-9e ')), fc.nat({max: 255})),
	);
	let whole = 0;
	fc.assert(
		fc.property(
			fc.array(change, {maxLength: 4}),
			fc.oneof(
				{weight: 3, arbitrary: fc.constant(original.length)},
				fc.nat({max: original.length}),
			),
			fc.integer({min: 1, max: 64}),
			(changes, length, pieceSize) => {
				const bytes = Buffer.from(original);
				changes.forEach(([at, byte]) => (bytes[at] = byte));
				const text = bytes.subarray(0, length);
				whole += Number(check(() => parseExport(readFrom(text, pieceSize), 'f', null)));
			},
		),
		options,
	);
	expect(whole).toBeGreaterThan(50);
});
