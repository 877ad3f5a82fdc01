import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {listGpus, parseGpuList} from '../../../launcher/list-gpus.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'gpus-'));
});
afterAll(() => rmSync(folder, {recursive: true}));
const smi = (text: string): string => {
	const file = path.join(folder, `smi-${text.length}`);
	writeFileSync(file, `#!/bin/sh\n${text}\n`);
	chmodSync(file, 0o755);
	return file;
};

describe('parseGpuList', () => {
	it('reads one GPU a line; unknown values are called so', () => {
		expect(
			parseGpuList(
				'0, GPU-aaa, NVIDIA H100 80GB HBM3, 550.54.15\n1, GPU-bbb, [Unknown Error], [N/A]\n',
			),
		).toEqual([
			{index: 0, uuid: 'GPU-aaa', name: 'NVIDIA H100 80GB HBM3', driver: '550.54.15'},
			{index: 1, uuid: 'GPU-bbb', name: 'unknown', driver: 'unknown'},
		]);
	});

	it.each([
		'',
		'No devices were found\n',
		'Unable to determine the device handle for GPU 0000:01\n',
	])('%j is no GPU', (text) => {
		expect(parseGpuList(text)).toEqual([]);
	});
});

describe('listGpus', () => {
	it('asks nvidia-smi', async () => {
		expect(await listGpus(smi('echo "0, GPU-a, T4, 535.1"'))).toHaveLength(1);
	});

	it('no nvidia-smi: none', async () => {
		expect(await listGpus('/no/such/nvidia-smi')).toEqual([]);
	});

	it('no driver, exit code 9: none', async () => {
		expect(await listGpus(smi('echo "NVIDIA-SMI has failed because ..."; exit 9'))).toEqual([]);
	});
});
