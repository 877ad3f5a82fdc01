import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {readFileName} from '../../../perf-analyzer/file-name.ts';
import {buildStudy, parseFile, type KnownFacts} from '../../../perf-analyzer/study.ts';
import {Study} from '../../../schemas/study.ts';
import {writeExperiment, writeExport} from '../../support/request-export.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

const nothing = {model: null, batchSize: null};

const studyOf = (
	contents: Readonly<Record<string, string>>,
	facts: KnownFacts = nothing,
): Study => {
	const folder = path.dirname(temporaryFile('x'));
	const files = Object.entries(contents).map(([name, text]) => {
		writeFileSync(path.join(folder, name), text);
		return [name, parseFile(path.join(folder, name), name, facts)] as const;
	});
	return Study.parse(buildStudy(new Map(files), facts));
};

describe('names of files', () => {
	it.each([
		['gpu_2instances.csv', 'gpu', 2, 'gpu_2instances'],
		['out/cpu_1instance.txt', 'cpu', 1, 'cpu_1instance'],
		['CPU-16-Instances.v2.csv', 'cpu', 16, 'CPU-16-Instances.v2'],
		['perf.csv', null, null, 'perf'],
		['gpus.csv', null, null, 'gpus'],
		['0instances.csv', null, null, '0instances'],
	])('%s', (file, device, instances, stem) => {
		expect(readFileName(file)).toEqual({device, instances, stem});
	});
});

const report = `Request concurrency: 2
  Client:
    Request count: 3
    Throughput: 400 infer/sec
    Avg latency: 10 usec (standard deviation 0 usec)
    p50 latency: 10 usec
    p90 latency: 10 usec
    p95 latency: 10 usec
    p99 latency: 10 usec
  Server:
    Inference count: 12
`;
const csv = `Concurrency,Inferences/Second,Server Queue,p50 latency,p90 latency,p95 latency,p99 latency,Avg GPU Utilization
2,400,5,10,10,10,10,GPU-a:0.125;
3,500,5,10,10,10,11,GPU-a:0.25;
`;
const exported = writeExport(
	writeExperiment(
		'concurrency',
		'2',
		[0, 1, 2].map((place) => ({sent: place * 10_000_000, answers: [place * 10_000_000 + 10_999]})),
		[-1, 9_999_999, 19_999_999, 29_999_999],
	),
);

describe('a study', () => {
	it('counts a measurement once, whatever tells of it', () => {
		const {points, warnings} = studyOf({
			'perf.csv': csv,
			'run.log': report,
			'export.json': exported,
		});
		expect(points.map(({load, sources}) => [load, sources.map(({kind}) => kind)])).toEqual([
			[{kind: 'concurrency', value: 2}, ['report', 'csv', 'export']],
			[{kind: 'concurrency', value: 3}, ['csv']],
		]);
		expect(points[0]).toMatchObject({
			batchSize: 4,
			status: 'stable',
			repeat: 1,
			client: {requestCount: 3, throughput: 400, mean: 0.010_999},
			server: {inferenceCount: 12, queue: 0.005},
			gpus: [{uuid: 'GPU-a', utilization: 0.125}],
		});
		expect(points[0]?.windows.map(({throughput}) => throughput)).toEqual([400, 400, 400]);
		expect(points[1]?.status).toBe('unknown');
		expect(warnings.map(({code, message}) => [code, message.slice(0, 15)])).toEqual([
			['mixed-sources', '1 of 2 points h'],
		]);
	});

	it('judges nothing stable where requests were counted, whatever a CSV leaves open', () => {
		const counted = `*** Measurement Settings ***\n  Sending 3 benchmark requests\n${report}`;
		const {points} = studyOf({'run.log': counted, 'perf.csv': csv});
		expect(points[0]?.sources).toHaveLength(2);
		expect(points[0]?.status).toBe('unknown');
	});

	it('judges by the windows, whatever -s perf_analyzer was called with', () => {
		const pass = (throughput: number, place: number): string =>
			`  Pass [${place + 1}] throughput: ${throughput} infer/sec. Avg latency: 10 usec (std 1 usec).\n`;
		const log = (throughputs: readonly number[]): string =>
			report.replace('  Client:\n', `${throughputs.map(pass).join('')}  Client:\n`);
		const judge = (files: Readonly<Record<string, string>>): readonly unknown[] => {
			const [point] = studyOf(files).points;
			return [point?.status, point?.reasons.map(({code}) => code)];
		};
		expect(judge({'run.log': log([300, 400, 500])})).toEqual(['unstable', ['unstable']]);
		expect(judge({'run.log': log([9, 400, 410, 420])})).toEqual(['stable', []]);
		const percentile = log([400, 400, 400]).replace(
			/Avg latency: 10 usec \(std.*/g,
			'p95 latency: 9 usec',
		);
		expect(judge({'run.log': percentile})).toEqual(['stable', []]);
		expect(judge({'perf.csv': csv})).toEqual(['unknown', []]);
		// Without the batch size, the windows' throughput is not the CSV's: the export's own judgement stands.
		const late = [0, 1, 2].map((place) => ({
			sent: place * 10_000_000,
			answers: [place * 10_000_000 + 10_999 * (place + 1)],
		}));
		const uneven = writeExport(
			writeExperiment('concurrency', '2', late, [-1, 9_999_999, 19_999_999, 29_999_999]),
		);
		expect(judge({'export.json': uneven})).toEqual(['unstable', ['unstable']]);
		expect(
			judge({
				'perf.csv': csv.replace('2,400,5,10,10,10,10', '2,77,5,21,32,32,32'),
				'e.json': uneven,
			}),
		).toEqual(['unstable', ['unstable']]);
	});

	it('passes over empty files, as perf_analyzer leaves them', () => {
		const {points, warnings} = studyOf({'run.log': report, 'export.json': ''});
		expect(points).toHaveLength(1);
		expect(warnings).toEqual([{code: 'empty-file', message: 'export.json is empty'}]);
	});

	it('counts two measurements of one file as repeats, even where they agree', () => {
		expect(studyOf({'run.log': report + report}).points.map(({repeat}) => repeat)).toEqual([1, 2]);
	});

	it('warns where an export stands alone, and takes the batch size from the command line', () => {
		const alone = studyOf({'export.json': exported});
		expect(alone.warnings.map(({code}) => code)).toEqual(['batch-size-unknown']);
		const told = studyOf({'export.json': exported}, {model: 'm', batchSize: 4});
		expect(told.warnings).toEqual([]);
		expect(told.points[0]).toMatchObject({model: 'm', batchSize: 4, client: {throughput: 400}});
		expect(alone.points[0]?.client.throughput).toBe(100);
	});

	it('may begin with the mark of Windows', () => {
		for (const text of [exported, csv, report]) {
			expect(studyOf({file: `\uFEFF${text}`}).points.length).toBeGreaterThan(0);
		}
	});

	it.each([
		['blank.txt', '\n', /holds nothing that perf_analyzer writes/],
		['study.json', '{"formatVersion": 1, "points": []}', /is a study already/],
		['sweep.json', '{"formatVersion": 1,\n"status": "done"}', /benchmark's own/],
		['other.json', ' {"a": 1}', /no request export/],
	])('refuses %s', (name, text, message) => {
		expect(() => studyOf({[name]: text})).toThrow(message);
	});

	it('says which file cannot be read', () => {
		expect(() => parseFile('/nowhere/a.csv', 'a.csv', nothing)).toThrow(/a\.csv cannot be read/);
		expect(() => parseFile(path.dirname(temporaryFile('x')), 'folder', nothing)).toThrow(
			/folder is a folder/,
		);
	});
});
