/**
 * Damaged and hostile files for `triton input` and `triton logs`: read, or refused with a UserError.
 *
 *     NSYS_BENCHMARK_FUZZ_SECONDS=600 npx vitest run test/fuzz     new seeds for ten minutes
 */

import {writeFileSync} from 'node:fs';
import fc from 'fast-check';
import {expect, it} from 'vitest';
import {UserError} from '../../base/errors.ts';
import {checkInput} from '../../perf-analyzer/input/check-input.ts';
import {readCsvRecords} from '../../perf-analyzer/input/csv-records.ts';
import {parseModelInputs} from '../../perf-analyzer/input/model-inputs.ts';
import {countElements, readNpyElements, readNpyHeader} from '../../perf-analyzer/input/npy-file.ts';
import {parseTensorSpec} from '../../perf-analyzer/input/tensor-spec.ts';
import {findValues, readLogName, usualValues} from '../../perf-analyzer/program-log.ts';
import {describeLogs} from '../../results/study/log-series.ts';
import {ProgramLogs} from '../../schemas/program-logs.ts';
import {readFrom} from '../support/request-export.ts';
import {temporaryFile} from '../support/temporary-file.ts';

const seconds = Number(process.env['NSYS_BENCHMARK_FUZZ_SECONDS'] ?? 0);
const options = {
	numRuns: seconds > 0 ? 10_000_000 : 300,
	...(seconds > 0 ? {interruptAfterTimeLimit: seconds * 333} : {}),
};

/** @returns whether it was read */
const readsOrRefuses = (read: () => void): boolean => {
	try {
		read();
		return true;
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return false;
	}
};

const npy = (dictionary: string, data: Uint8Array, version = 1): Buffer => {
	const header = Buffer.from(dictionary, 'latin1');
	const length = Buffer.alloc(version === 1 ? 2 : 4);
	length.writeUIntLE(header.length, 0, length.length);
	return Buffer.concat([
		Buffer.from('\u0093NUMPY', 'latin1'),
		Buffer.of(version, 0),
		length,
		header,
		data,
	]);
};

const type = fc.constantFrom(
	'<f4',
	'>f8',
	'|b1',
	'<i8',
	'>u2',
	'<f2',
	'|S3',
	'<U2',
	'|O',
	'<c8',
	'=i4',
	'f4',
	'<f3',
	'',
);
const shape = fc.constantFrom(
	'()',
	'(3,)',
	'(2, 3)',
	'(0,)',
	'(1000000000, 1000000000)',
	'(-1,)',
	'(3L,)',
	'(3',
	'(a,)',
);

it('arrays with any header, cut anywhere, bytes changed', () => {
	const file = temporaryFile('x.npy');
	let whole = 0;
	fc.assert(
		fc.property(
			type,
			shape,
			fc.constantFrom('True', 'False', 'Maybe'),
			fc.constantFrom(1, 2, 3, 9),
			fc.uint8Array({minLength: 24, maxLength: 60}),
			fc.option(fc.nat({max: 130})),
			fc.array(fc.tuple(fc.nat({max: 120}), fc.nat({max: 255})), {maxLength: 2}),
			(descr, dimensions, order, version, data, cut, changes) => {
				const bytes = npy(
					`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${dimensions}, }\n`,
					data,
					version,
				);
				changes.forEach(([at, byte]) => (bytes[at] = byte));
				writeFileSync(file, bytes.subarray(0, cut ?? bytes.length));
				whole += Number(
					readsOrRefuses(() => {
						const header = readNpyHeader(file, 'x.npy');
						const count = countElements(header.shape);
						expect([...readNpyElements(file, 'x.npy', header, {from: 0, count})]).toHaveLength(
							count,
						);
					}),
				);
			},
		),
		// One in fifteen is whole.
		{...options, numRuns: 4 * options.numRuns},
	);
	expect(whole).toBeGreaterThan(10);
});

it('tables with quotes, ends of lines and delimiters anywhere', () => {
	const file = temporaryFile('x.csv');
	const piece = fc.constantFrom(
		'a',
		'b,c',
		'"',
		'""',
		'\n',
		'\r\n',
		',',
		' ',
		'\uFEFF',
		'1.5',
		'"x\ny"',
		'\0',
	);
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 30}), (pieces) => {
			writeFileSync(file, pieces.join(''));
			readsOrRefuses(() => {
				const widths = [...readCsvRecords(file, 'x.csv', ',')].map(({cells}) => cells.length);
				expect(new Set(widths).size).toBeLessThanOrEqual(1);
			});
		}),
		options,
	);
});

it('configurations of any shape', () => {
	const value = fc.oneof(fc.jsonValue(), fc.constantFrom('TYPE_FP32', '-1', 'x'));
	const input = fc.record(
		{name: value, data_type: value, dims: fc.oneof(value, fc.array(value))},
		{requiredKeys: []},
	);
	fc.assert(
		fc.property(
			fc.oneof(fc.record({input: fc.oneof(value, fc.array(input))}), fc.jsonValue()),
			(config) => {
				readsOrRefuses(() => parseModelInputs(JSON.stringify(config), 'x.json'));
			},
		),
		options,
	);
	fc.assert(
		fc.property(
			fc.array(
				fc.constantFrom(
					'input',
					'{',
					'}',
					'[',
					']',
					'name: "x"',
					'data_type: TYPE_FP32',
					'dims: -1',
					'dims: [ 1, 2 ]',
					':',
					'# x\n',
				),
				{maxLength: 20},
			),
			(words) => {
				readsOrRefuses(() => parseModelInputs(words.join(' '), 'config.pbtxt'));
			},
		),
		options,
	);
});

it('what tensors are said to be made of', () => {
	const word = fc.constantFrom(
		'X',
		'=',
		':',
		',',
		'@',
		'random',
		'(',
		')',
		'FP32',
		'zero',
		'-1',
		'3',
		'*',
		' ',
	);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.array(word, {maxLength: 12}).map((words) => words.join('')),
				fc.string(),
			),
			(text) => {
				readsOrRefuses(() => parseTensorSpec(text));
			},
		),
		options,
	);
});

it('input files that are checked, with bytes changed', () => {
	const original = Buffer.from(
		'{"data":[{"A":{"content":[1.5,-2.0],"shape":[2]},"B":{"b64":"AAAA","shape":[3]}},[{}]]}',
	);
	fc.assert(
		fc.property(
			fc.array(
				fc.tuple(
					fc.nat({max: original.length - 1}),
					fc.constantFrom(...Buffer.from('"{}[]:,1.xA\\')),
				),
				{maxLength: 4},
			),
			fc.nat({max: original.length}),
			(changes, length) => {
				const bytes = Buffer.from(original);
				changes.forEach(([at, byte]) => (bytes[at] = byte));
				const {problems} = checkInput(
					readFrom(bytes.subarray(0, length), 5),
					new Map([['A', 'FP32']]),
				);
				expect(problems.length > 0 || length === original.length).toBe(true);
			},
		),
		options,
	);
});

it('logs of any text, with any name', () => {
	const line = fc.oneof(
		fc.constantFrom(
			'Event processing  1.5 ms/event, 2.5 events/s',
			'Event processing  1e-05 ms/event, 1e+05 events/s',
			'Event processing  nan ms/event, inf events/s',
			'Clusterization (cuda)  103 ms',
			'Clusterization  99999999999999999999 ms',
		),
		fc.string({unit: 'binary'}),
	);
	const name = fc.oneof(
		fc.constantFrom(
			'gpu_mu100.log',
			'cpu_mu1e5',
			'mu20-gpu.log',
			'gpu.log',
			'.log',
			'gpu_mu99999999999999999999.log',
		),
		fc.string(),
	);
	let found = 0;
	fc.assert(
		fc.property(
			fc.array(fc.tuple(name, fc.array(line, {maxLength: 8})), {maxLength: 6}),
			(logs) => {
				for (const {metric, pattern} of usualValues) {
					const runs = logs.flatMap(([file, lines]) => {
						const {label = 'x', value = null} = readLogName(file, null) ?? {};
						const {values} = findValues(lines.join('\n'), pattern(label));
						found += values.length;
						return values.length === 0
							? []
							: [{file, label, parameter: value, values: [...values]}];
					});
					ProgramLogs.parse(describeLogs(runs, {metric, parameter: 'mu', wanted: null}));
				}
			},
		),
		options,
	);
	expect(found).toBeGreaterThan(20);
});
