import {describe, expect, it} from 'vitest';
import {findModelProcesses} from '../../../cli/server-trace.ts';
import {parseComputes} from '../../../perf-analyzer/server-client.ts';
import {listModelRanges, modelFinder, withModels} from '../../../report/model-ranges.ts';

const stats = JSON.stringify({
	model_stats: [
		{name: 'net', version: '1', batch_stats: [{compute_infer: {count: 2, ns: 40}}]},
		{name: 'net', version: '2', batch_stats: [{compute_infer: {count: 1, ns: 10}}, {}]},
		{name: 'net_large', batch_stats: [{batch_size: 8, compute_infer: {count: 1, ns: 100}}]},
		{name: 'idle', batch_stats: []},
	],
});

const served = {computes: parseComputes(stats), processes: new Map([[7, 'pre']])};

describe('ranges of a traced server', () => {
	const columns = (...values: readonly number[]) => Float64Array.from(values);
	const names = ['scale', 'net_large_0_1 run', 'copy', 'nettle'];
	const trace = {
		names,
		threads: [
			{pid: 7, tid: 1},
			{pid: 9, tid: 2},
		],
		ranges: {
			length: 5,
			name: Uint32Array.of(0, 1, 2, 3, 0),
			thread: Uint32Array.of(0, 1, 1, 1, 0),
			parent: Int32Array.of(-1, -1, 1, -1, -1),
			startNs: columns(0, 0, 10, 60, 100),
			endNs: columns(30, 50, 20, 65, 120),
			gpuSpanNs: columns(0, 9, 4, 0, 0),
			gpuBusyNs: columns(0, 8, 3, 0, 0),
			gpuOperations: Uint32Array.of(0, 2, 1, 0, 0),
			unfinished: new Uint8Array(5),
		},
	};

	it('belong to the model of their process, or of a name around them, or to none', () => {
		const {rows} = listModelRanges(trace, served);
		expect([...rows]).toEqual([
			['net_large', '(computing)', 1, 100, null, 100, null, null],
			['net_large', 'net_large_0_1 run', 1, 50, 0.5, 50, 8, 2],
			['net_large', 'net_large_0_1 run/copy', 1, 10, 0.1, 10, 3, 1],
			['net', '(computing)', 3, 50, null, 50 / 3, null, null],
			['pre', 'scale', 2, 50, null, 25, 0, 0],
			[null, 'nettle', 1, 5, null, 5, 0, 0],
		]);
	});

	it('tell the model of a kernel', () => {
		const kernels = {
			columns: [
				{title: 'NVTX Range', kind: 'text' as const},
				{title: 'PID', kind: 'id' as const},
			],
			rows: [
				['net', 9],
				['scale', 7],
				['', 9],
			],
		};
		expect([...withModels(kernels, modelFinder(served)).rows]).toEqual([
			['net', 'net', 9],
			['pre', 'scale', 7],
			[null, '', 9],
		]);
	});
});

it('answers without statistics are none', () => {
	for (const text of ['', '[]', '{"model_stats": 1}', '<html>']) {
		expect(parseComputes(text)).toEqual([]);
	}
});

it("processes of Triton's Python backend name their model", () => {
	const stub = '/opt/backends/python/triton_python_backend_stub';
	const commands = new Map([
		[1, ['/opt/bin/tritonserver', '--model-repository', '/models']],
		[2, [stub, '/models/my net/1/model.py', 'region', '1048576', 'my net_0_0']],
		[3, []],
	]);
	expect([...findModelProcesses(commands)]).toEqual([[2, 'my net']]);
});
