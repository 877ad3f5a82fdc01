import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {describeGpuSettings, describeNaming} from '../../../cli/gpu-lines.ts';
import {fingerprintGpus} from '../../../launcher/fingerprint-gpus.ts';
import {listGpus} from '../../../launcher/list-gpus.ts';
import {FakeSmi} from '../../support/fake-smi.ts';
import {h100Pair590, h200Mig580} from '../../support/recorded-hopper-gpus.ts';
import {a100Of470, laptop} from '../../support/recorded-older-gpus.ts';
import type {SmiRecording} from '../../support/recorded-smi.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'gpu-lines-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const describeRecorded = async (recording: SmiRecording): Promise<readonly string[]> =>
	(await fingerprintGpus(new FakeSmi(folder, recording))).gpus.flatMap(describeGpuSettings);

it('tells a MIG GPU’s settings and instances', async () => {
	expect(await describeRecorded(h200Mig580)).toEqual([
		'power limit 700 W of 700 W, SM clock up to 1980 MHz, PCIe 5 x16, ECC on, MIG on, persistence on, NUMA node 0, VBIOS 96.00.A5.00.03',
		'MIG 3g.71gb  MIG-f165f0ad-bde2-5b72-acdf-73bbf48eeb2c',
	]);
});

it('tells application clocks where they were set', async () => {
	const values = {...a100Of470.values, 'clocks.applications.graphics': ['1410']};
	expect((await describeRecorded({...a100Of470, values}))[0]).toContain(
		'SM clock up to 1410 MHz, application clock set to 1410 MHz',
	);
});

it('leaves out what a laptop does not tell', async () => {
	expect(await describeRecorded(laptop)).toEqual(['PCIe 3 x16, VBIOS 90.04.7a.40.73']);
});

it.each([
	[undefined, 'A run may use 2: --gpus 0,1, or by the beginning of a UUID.'],
	['1', 'A run may use 1 (CUDA_VISIBLE_DEVICES=1): --gpus 1, or by the beginning of a UUID.'],
	['', 'A run may use none of them (CUDA_VISIBLE_DEVICES=).'],
])('says what to type, with CUDA_VISIBLE_DEVICES %j', async (cudaVisibleDevices, expected) => {
	const gpus = await listGpus(new FakeSmi(folder, h100Pair590));
	expect(describeNaming({gpus, cudaVisibleDevices})).toBe(expected);
});
