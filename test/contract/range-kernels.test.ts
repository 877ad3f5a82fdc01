/** `benchmark ranges --kernels` says, row by row and column by column, what nvtx_kern_sum says of real traces. */

import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {differentKernelRows, kernelRows} from '../support/kernel-rows.ts';
import {noNsys, nsysForTests} from '../support/nsys.ts';
import {parseKernelSum} from '../support/nvidia-reports.ts';
import {expectedReport, noSharedTraces, sharedTrace} from '../support/shared-traces.ts';

const exports = [
	'fuser-h200-threads',
	'llm-a100-nvtx',
	'pytorch-2gpu-after',
	'pytorch-2gpu-before',
	'saxpy-mpi-a100',
];

const reports = ['jacobi-2gpu-v100', 'jacobi-mpi-rank1', 'jacobi-mpi-rank2'];

const expectNvidiasRows = (file: string, trace: string): void => {
	const expected = parseKernelSum(expectedReport(trace, 'nvtx_kern_sum') ?? '');
	expect(expected.length).toBeGreaterThan(0);
	const rows = kernelRows(file, true);
	expect(differentKernelRows(rows, expected)).toEqual([]);
	expect(rows.map(({totalNs}) => totalNs)).toEqual(expected.map(({totalNs}) => totalNs));
};

describe("kernels by range of other people's exports", () => {
	for (const trace of exports) {
		it(`are NVIDIA's rows of ${trace}, in their order`, (context) => {
			const file = sharedTrace(`${trace}.sqlite`);
			if (file === undefined) {
				context.skip(noSharedTraces(`${trace}.sqlite`));
				return;
			}

			expectNvidiasRows(file, trace);
		});
	}

	it('count a kernel once though its call was recorded twice', (context) => {
		const file = sharedTrace('saxpy-mpi-a100.sqlite');
		if (file === undefined) {
			context.skip(noSharedTraces('saxpy-mpi-a100.sqlite'));
			return;
		}

		const [ours, ...others] = kernelRows(file, false);
		const [theirs] = parseKernelSum(expectedReport('saxpy-mpi-a100', 'nvtx_kern_sum') ?? '');
		expect(others).toEqual([]);
		expect(ours?.kernelInstances).toBe(5);
		expect(ours?.totalNs).toBe(Number(theirs?.totalNs) / 2);
	});

	it('are the same by our own rules where each call was recorded once', (context) => {
		const file = sharedTrace('llm-a100-nvtx.sqlite');
		if (file === undefined) {
			context.skip(noSharedTraces('llm-a100-nvtx.sqlite'));
			return;
		}

		expect(kernelRows(file, false)).toEqual(kernelRows(file, true));
	});
});

describe("kernels by range of other people's reports", () => {
	const nsys = nsysForTests();
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(path.join(tmpdir(), 'range-kernels-'));
	});
	afterAll(() => rmSync(folder, {recursive: true, force: true}));

	for (const trace of reports) {
		it(`are NVIDIA's rows of ${trace}`, (context) => {
			const report = sharedTrace(`${trace}.qdrep`);
			if (report === undefined || nsys === undefined) {
				context.skip(report === undefined ? noSharedTraces(`${trace}.qdrep`) : noNsys);
				return;
			}

			const file = path.join(folder, `${trace}.sqlite`);
			execFileSync(nsys.path, ['export', '--type', 'sqlite', '--output', file, report], {
				stdio: 'ignore',
			});
			expectNvidiasRows(file, trace);
		});
	}
});
