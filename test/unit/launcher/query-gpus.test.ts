/** One question for drivers of all ages, by what they are recorded to answer. */

import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {askNvidiaSmi, readSmiNumber, readSmiValue} from '../../../launcher/ask-nvidia-smi.ts';
import {telemetryFields} from '../../../launcher/gpu-telemetry-fields.ts';
import {queryGpus} from '../../../launcher/query-gpus.ts';
import {FakeSmi} from '../../support/fake-smi.ts';
import {h100Pair590, h200Mig580} from '../../support/recorded-hopper-gpus.ts';
import {a100Of470, geforce470, laptop} from '../../support/recorded-older-gpus.ts';
import {noDriver} from '../../support/recorded-smi.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'smi-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const countCalls = ({askedFile}: FakeSmi): number =>
	readFileSync(askedFile, 'utf8').trimEnd().split('\n').length;

describe('readSmiValue', () => {
	it.each([
		'[N/A]',
		'N/A',
		' [Not Supported]',
		'[Unknown Error]',
		'[GPU is lost]',
		'[Requested functionality has been deprecated]',
		'',
	])('%j is no value', (cell) => {
		expect(readSmiValue(cell)).toBeNull();
	});

	it('keeps what is one, and takes no word for a number', () => {
		expect(readSmiValue(' 85.32')).toBe('85.32');
		expect(['85.32', '0', 'P0', null].map(readSmiNumber)).toEqual([85.32, 0, null, null]);
	});
});

describe('queryGpus', () => {
	it('asks a driver that knows all of it once', async () => {
		const smi = new FakeSmi(folder, h100Pair590);
		const {rows, refused, failure} = await queryGpus(telemetryFields, smi);
		expect(refused).toEqual([]);
		expect(failure).toBeNull();
		expect(rows).toMatchObject([
			{uuid: 'GPU-aaaaaaaa', instant_power_watts: '588.39', power_watts: '629.45'},
			{uuid: 'GPU-bbbbbbbb', gpu_percent: '0', eventReasons: '0x0000000000000001'},
		]);
		expect(countCalls(smi)).toBe(1);
	});

	it.each([
		['GeForce', geforce470, {power_watts: '32.70', temperature_celsius: '36'}],
		['A100', a100Of470, {eventReasons: '0x0000000000000024', corrected_ecc_errors: '3'}],
	])('asks driver 470 (%s) for what it knows, by its own names', async (_, recording, known) => {
		const smi = new FakeSmi(folder, recording);
		const {rows, refused, fields} = await queryGpus(telemetryFields, smi);
		expect(refused).toEqual([
			'instant_power_watts',
			'encoder_percent',
			'decoder_percent',
			'power_cap_us',
			'thermal_us',
			'hw_thermal_us',
			'hw_power_brake_us',
		]);
		expect(fields).toContainEqual({
			name: 'eventReasons',
			field: 'clocks_throttle_reasons.active',
		});
		expect(rows).toHaveLength(1);
		expect(rows[0]).toMatchObject({
			...known,
			encoder_percent: null,
			memory_temperature_celsius: null,
		});
		// The query, the help, the query again.
		expect(countCalls(smi)).toBe(3);
	});

	it('drops one by one where the help is of no help', async () => {
		const smi = new FakeSmi(folder, a100Of470);
		smi.write('help', 'Not supported.\n');
		const {rows, refused} = await queryGpus(telemetryFields, smi);
		expect(refused).toHaveLength(7);
		expect(rows[0]).toMatchObject({uuid: 'GPU-a1000000', sm_clock_mhz: '1080'});
		// Eight spellings are refused.
		expect(countCalls(smi)).toBe(10);
	});

	it('leaves out what a laptop and a MIG GPU do not tell', async () => {
		const {rows} = await queryGpus(telemetryFields, new FakeSmi(folder, laptop));
		expect(rows[0]).toMatchObject({
			power_watts: null,
			sm_clock_mhz: null,
			video_clock_mhz: null,
			temperature_celsius: '36',
		});
		const mig = mkdtempSync(path.join(folder, 'mig-'));
		const answer = await queryGpus(telemetryFields, new FakeSmi(mig, h200Mig580));
		expect(answer.rows[0]).toMatchObject({gpu_percent: null, power_watts: '89.93'});
	});

	it('says what nvidia-smi says without a driver, and why it does not run', async () => {
		const {rows, failure} = await queryGpus(telemetryFields, new FakeSmi(folder, null));
		expect(rows).toEqual([]);
		expect(failure).toBe(noDriver.trim());
		const absent = await queryGpus(telemetryFields, {command: '/no/such/nvidia-smi'});
		expect(absent.rows).toEqual([]);
		expect(absent.failure).toMatch(/ENOENT/);
	});

	it('gives up where a driver knows nothing of it', async () => {
		const smi = new FakeSmi(folder, h200Mig580);
		const {rows, refused, failure} = await queryGpus({a: ['x.y'], b: ['z', 'w']}, smi);
		expect(rows).toEqual([]);
		expect(refused).toEqual(['a', 'b']);
		expect(failure).toMatch(/"x\.y" is not a valid field/);
	});
});

it('a nvidia-smi that hangs is given up', async () => {
	const {failure, text} = await askNvidiaSmi(['1000'], {command: 'sleep', timeoutMs: 50});
	expect(failure).toMatch(/timed out/);
	expect(text).toBe('');
});
