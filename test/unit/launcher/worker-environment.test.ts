import {describe, expect, it} from 'vitest';
import {buildEnvironment, type Environment} from '../../../launcher/worker-environment.ts';

const build = (inherited: Environment, recordingFolder: string | null = null) =>
	buildEnvironment({
		worker: {
			repeat: 0,
			process: 1,
			gpu: 2,
			folder: 'proc_1_gpu_2',
			cudaVisibleDevices: '5',
			gpuUuid: 'GPU-5',
			migUuid: null,
			cpus: null,
			memoryNode: null,
		},
		folder: '/out/proc_1_gpu_2',
		scratch: {folder: '/tmp/nb/0', temporary: '/tmp/nb/0/t', progressFile: '/tmp/nb/0/progress'},
		token: 'abc.0',
		recordingFolder,
		startLine: null,
		pythonAnnotations: '/package/annotations/python',
		packageRoot: '/modules/nsys-benchmark',
		inherited,
	});

describe('buildEnvironment', () => {
	it('exactly', () => {
		expect(build({HOME: '/home/me', GONE: undefined})).toEqual({
			HOME: '/home/me',
			CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
			CUDA_VISIBLE_DEVICES: '5',
			TMPDIR: '/tmp/nb/0/t',
			PYTHONPATH: '/package/annotations/python',
			NODE_PATH: '/modules',
			BENCHMARK_PY: '1',
			BENCHMARK_OUTPUT_DIR: '/out/proc_1_gpu_2',
			BENCHMARK_PROCESS: '1',
			BENCHMARK_GPU: '2',
			BENCHMARK_PROGRESS: '/tmp/nb/0/progress',
			BENCHMARK_TOKEN: 'abc.0',
		});
	});

	it('the user’s own paths stand after ours', () => {
		expect(build({PYTHONPATH: '/mine:/yours', NODE_PATH: ''})).toMatchObject({
			PYTHONPATH: '/package/annotations/python:/mine:/yours',
			NODE_PATH: '/modules',
		});
	});

	it('an incoming list keeps the meaning of its numbers', () => {
		expect(build({CUDA_VISIBLE_DEVICES: '5'})).not.toHaveProperty('CUDA_DEVICE_ORDER');
		const order = {CUDA_VISIBLE_DEVICES: '5', CUDA_DEVICE_ORDER: 'FASTEST_FIRST'};
		expect(build(order)).toMatchObject({CUDA_DEVICE_ORDER: 'FASTEST_FIRST'});
	});

	it('numbers of our own are nvidia-smi’s, whatever order was asked for', () => {
		expect(build({CUDA_DEVICE_ORDER: 'FASTEST_FIRST'})).toMatchObject({
			CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
		});
	});

	it('a recording only where it is asked for, and never an outer benchmark’s', () => {
		expect(build({BENCHMARK_RECORDING: '/outer'})).not.toHaveProperty('BENCHMARK_RECORDING');
		expect(build({}, '/out/r')).toMatchObject({BENCHMARK_RECORDING: '/out/r'});
	});
});
