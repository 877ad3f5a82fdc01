import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {writeRandomInput} from '../../../perf-analyzer/random-input.ts';
import {InputData} from '../../../schemas/input-data.ts';
import {readJsonFile} from '../../../schemas/json-file.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

const plan = {model: 'm', arguments: ['-p', '500', '--async']};

const configOf = (inputs: readonly object[], more: object = {}): string =>
	JSON.stringify({name: 'm', max_batch_size: 8, input: inputs, ...more});
const single = {name: 'X', data_type: 'TYPE_FP32', dims: [2, 3], optional: false};
const double = {name: 'Y', data_type: 'TYPE_FP64', dims: [1]};
const half = {name: 'H', data_type: 'TYPE_FP16', dims: [4]};

const write = (config: string | null, own = plan): string | null =>
	writeRandomInput(path.dirname(temporaryFile('x')), own, config);

describe('input data of our own', () => {
	it('are finite floats of every input, the same at every call', () => {
		const file = write(configOf([single, double, half]));
		const [step] = readJsonFile(InputData, file ?? '').data.flat();
		expect(Object.keys(step ?? {})).toEqual(['X', 'Y', 'H']);
		const tensor = step?.['X'];
		const bytes = Buffer.from(tensor !== undefined && 'b64' in tensor ? tensor.b64 : '', 'base64');
		const values = Array.from({length: 6}, (_, place) => bytes.readFloatLE(place * 4));
		expect(bytes).toHaveLength(24);
		expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
		expect(new Set(values).size).toBe(6);
		const again = write(configOf([single, double, half]));
		expect(readFileSync(again ?? '', 'utf8')).toBe(readFileSync(file ?? '', 'utf8'));
	});

	it.each([
		['whole numbers, which are no NaN', configOf([{...single, data_type: 'TYPE_UINT8'}])],
		['half precision alone, which no export has', configOf([half])],
		['an index beside', configOf([single, {...double, data_type: 'TYPE_INT64'}])],
		['an open length', configOf([{...single, dims: [-1]}])],
		['an input that may be left out', configOf([single, {...double, optional: true}])],
		['sequences', configOf([single], {sequence_batching: {}})],
		['a tensor of shapes', configOf([{...single, is_shape_tensor: true}])],
		['no configuration of Triton', '{}'],
		['no configuration', null],
	])('are not made for %s', (_, config) => {
		expect(write(config)).toBeNull();
	});

	it.each([
		['--input-data', 'zero'],
		['--input-data=x.json'],
		['-z'],
		['--shape', 'X:2,3'],
		['--string-length', '5'],
	])('are not made where the user chose some: %s', (...words) => {
		const folder = path.dirname(temporaryFile('x'));
		const own = {model: 'm', arguments: words};
		expect(writeRandomInput(folder, own, configOf([single]))).toBeNull();
		expect(existsSync(path.join(folder, 'random-input.json'))).toBe(false);
	});
});
