/** Every row of NVIDIA's own reports of real traces, from five years of nsys, is what readTrace says. */

import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readDetailedTrace, readTrace} from '../../nsys-parsers/read-trace.ts';
import {noNsys, nsysForTests} from '../support/nsys.ts';
import {parseProjectionTrace, parsePushPopTrace} from '../support/nvidia-reports.ts';
import {projectionRows, pushPopRows} from '../support/report-rows.ts';
import {expectedReport, noSharedTraces, sharedTrace} from '../support/shared-traces.ts';

const exports = [
	'fuser-h200-threads',
	'llm-a100-nvtx',
	'poolformer-cpu-only',
	'pytorch-2gpu-after',
	'pytorch-2gpu-before',
	'saxpy-mpi-a100',
];

/** The two of them that have no export beside them, and one whose export an older nsys made. */
const reports = [
	'jacobi-2gpu-v100.qdrep',
	'jacobi-mpi-rank1.qdrep',
	'jacobi-mpi-rank2.qdrep',
	'poolformer-cpu-only.nsys-rep',
];

const byRangeId = (a: {rangeId: number}, b: {rangeId: number}): number => a.rangeId - b.rangeId;

/** An absent report was empty. */
const expectNvidiasRows = (file: string, trace: string): void => {
	const read = readDetailedTrace(file, {cudaGraphs: false});
	const pushPop = parsePushPopTrace(expectedReport(trace, 'nvtx_pushpop_trace') ?? '');
	expect(pushPop.length).toBeGreaterThan(0);
	expect(pushPopRows(read)).toEqual(pushPop.sort(byRangeId));
	const projected = parseProjectionTrace(expectedReport(trace, 'nvtx_gpu_proj_trace') ?? '');
	expect(projectionRows(read)).toEqual(
		projected.filter(({style}) => style === 'PushPop').sort(byRangeId),
	);
};

describe('readTrace on exports of other people', () => {
	for (const trace of exports) {
		it(`gives NVIDIA's rows of ${trace}`, (context) => {
			const file = sharedTrace(`${trace}.sqlite`);
			if (file === undefined) {
				context.skip(noSharedTraces(`${trace}.sqlite`));
				return;
			}

			expectNvidiasRows(file, trace);
		});
	}

	it('gives the same whatever the file is called', (context) => {
		const file = sharedTrace('llm-a100-nvtx.sqlite');
		if (file === undefined) {
			context.skip(noSharedTraces('llm-a100-nvtx.sqlite'));
			return;
		}

		const {source, ...trace} = readTrace(file);
		expect(source).toBe(file);
		const relative = readTrace(path.relative(process.cwd(), file));
		expect({...relative, source: undefined}).toEqual({...trace, source: undefined});
	});

	it('counts graphs that were traced as a whole, and says so', (context) => {
		const file = sharedTrace('llm-a100-cuda-graph.sqlite');
		if (file === undefined) {
			context.skip(noSharedTraces('llm-a100-cuda-graph.sqlite'));
			return;
		}

		const {warnings, ranges, hasGpuWork} = readTrace(file);
		expect(ranges.length).toBe(0);
		expect(hasGpuWork).toBe(true);
		expect(warnings.map(({code}) => code)).toEqual(
			expect.arrayContaining(['no-ranges', 'unattributed-gpu-work', 'whole-cuda-graphs']),
		);
	});
});

describe('readTrace on reports that this nsys exports', () => {
	const nsys = nsysForTests();
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'nsys-parsers-'));
	});
	afterAll(() => rmSync(folder, {recursive: true}));

	for (const report of reports) {
		it(`gives NVIDIA's rows of ${report}`, (context) => {
			const file = sharedTrace(report);
			if (nsys === undefined || file === undefined) {
				context.skip(nsys === undefined ? noNsys : noSharedTraces(report));
				return;
			}

			const trace = report.replace(/\.[^.]+$/, '');
			const exported = path.join(folder, `${trace}.sqlite`);
			execFileSync(nsys.path, ['export', '-q', 'true', '-t', 'sqlite', '-o', exported, file], {
				stdio: 'ignore',
			});
			expectNvidiasRows(exported, trace);
		});
	}
});
