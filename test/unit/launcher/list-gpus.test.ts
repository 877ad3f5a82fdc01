import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {listGpus, plainGpu} from '../../../launcher/list-gpus.ts';
import {parseMigInstances} from '../../../launcher/mig-instances.ts';
import {Gpu} from '../../../schemas/manifest.ts';
import {FakeSmi} from '../../support/fake-smi.ts';
import {h100MigOf535, h200Mig580} from '../../support/recorded-hopper-gpus.ts';
import {a100MigOf450, a100Of470} from '../../support/recorded-older-gpus.ts';
import type {SmiRecording} from '../../support/recorded-smi.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'gpus-'));
});
afterEach(() => rmSync(folder, {recursive: true}));
const list = async (recording: SmiRecording | null) => listGpus(new FakeSmi(folder, recording));

describe('listGpus', () => {
	it('one GPU without MIG', async () => {
		expect(await list(a100Of470)).toEqual([
			{
				index: 0,
				uuid: 'GPU-a1000000',
				name: 'NVIDIA A100-SXM4-40GB',
				driver: '470.129.06',
				busId: '00000000:0C:00.0',
				migInstances: null,
			},
		]);
	});

	it('what nvidia-smi does not tell is called unknown', async () => {
		const values = {...a100Of470.values, name: ['[Unknown Error]'], uuid: ['[N/A]']};
		expect(await list({...a100Of470, values})).toMatchObject([{name: 'unknown', uuid: 'unknown'}]);
	});

	it('instances of an old driver: their names are paths', async () => {
		const uuid = 'GPU-9de3d0e8-33f5-10dc-0c79-2c88a7ab0a23';
		expect(await list(a100MigOf450)).toMatchObject([
			{
				uuid,
				migInstances: [
					{profile: '4g.20gb', uuid: `MIG-${uuid}/2/0`, path: `MIG-${uuid}/2/0`},
					{profile: '2g.10gb', uuid: `MIG-${uuid}/3/0`, path: `MIG-${uuid}/3/0`},
					{profile: '1g.5gb', uuid: `MIG-${uuid}/9/0`, path: `MIG-${uuid}/9/0`},
				],
			},
		]);
	});

	it('instances of newer drivers: UUIDs, and the path from the table', async () => {
		expect(await list(h100MigOf535)).toMatchObject([
			{
				index: 0,
				migInstances: [
					{
						profile: '3g.40gb',
						uuid: 'MIG-11111111-0000-5000-8000-000000000001',
						path: 'MIG-GPU-aaaaaaaa-0000-4000-8000-000000000001/1/0',
					},
					{
						profile: '3g.40gb',
						uuid: 'MIG-11111111-0000-5000-8000-000000000002',
						path: 'MIG-GPU-aaaaaaaa-0000-4000-8000-000000000001/2/0',
					},
				],
			},
			{index: 1, migInstances: []},
			{index: 2, migInstances: null},
		]);
	});

	it('without that table: UUIDs alone', async () => {
		expect(await list({...h200Mig580, table: ''})).toMatchObject([
			{
				migInstances: [
					{uuid: 'MIG-f165f0ad-bde2-5b72-acdf-73bbf48eeb2c', profile: '3g.71gb', path: null},
				],
			},
		]);
	});

	it('a driver from before MIG refuses the question, and is asked without it', async () => {
		const values = {...a100Of470.values};
		delete (values as Partial<typeof values>)['mig.mode.current'];
		expect(await list({...a100Of470, values})).toMatchObject([{index: 0, migInstances: null}]);
	});

	it('no nvidia-smi: none', async () => {
		expect(await listGpus({command: '/no/such/nvidia-smi'})).toEqual([]);
	});

	it('no driver, exit code 9: none', async () => {
		expect(await list(null)).toEqual([]);
	});

	it('compute instances, as the MIG user guide lists them (R570)', () => {
		const text = `GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-c08d91cb-e324-655c-71ba-7570956445bc)
MIG 1c.3g.40gb Device 0: (UUID: MIG-c788539f-c1ea-5a36-8b4d-9b07d024b1bb)
MIG 1g.10gb Device 3: (UUID: MIG-b4b2228d-6933-5839-bc0e-41ab9edb61c6)
GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-0aa11ebd-627f-af3f-1a0d-4e1fd92fd7b0)
MIG 1g.10gb+me Device 0: (UUID: MIG-0c757cd7-e942-5726-a0b8-0e8fb7067135)
`;
		const found = [...parseMigInstances(text, '')].map(([gpu, all]) => [
			gpu,
			...all.map(({profile, uuid}) => `${profile} ${uuid.slice(0, 8)}`),
		]);
		expect(found).toEqual([
			[0, '1c.3g.40gb MIG-c788', '1g.10gb MIG-b4b2'],
			[1, '1g.10gb+me MIG-0c75'],
		]);
	});

	it('the manifest takes what it knows of', async () => {
		const gpus = await list(h100MigOf535);
		expect(gpus.map((gpu) => Gpu.parse(plainGpu(gpu)))).toHaveLength(3);
	});
});
