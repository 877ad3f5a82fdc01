/** What goes into an --input-data file comes out of it: no value changes on the way, whatever its type. */

import fc from 'fast-check';
import {expect, it} from 'vitest';
import {checkInput} from '../../perf-analyzer/input/check-input.ts';
import {
	encodeElement,
	rangeOf,
	sizeOf,
	writeElement,
	type Datatype,
	type Element,
} from '../../perf-analyzer/input/datatypes.ts';
import {toBfloat16, toFloat16} from '../../perf-analyzer/input/half-precision.ts';
import {resolveShape, writeInput} from '../../perf-analyzer/input/write-input.ts';
import type {StepTensor} from '../../perf-analyzer/input/step-tensors.ts';
import {InputData} from '../../schemas/input-data.ts';
import {readFrom} from '../support/request-export.ts';

const isDecimal = (token: string): boolean =>
	/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(token) && /[.eE]/.test(token);

it('floats are decimal, and read back as the same bits', () => {
	fc.assert(
		fc.property(fc.double({noNaN: true, noDefaultInfinity: true}), (value) => {
			const token = writeElement('FP64', value);
			expect(isDecimal(token)).toBe(true);
			expect(JSON.parse(token)).toBe(value);
		}),
	);
});

it('float32 values read back as the same float32, with nine digits at most', () => {
	fc.assert(
		fc.property(fc.float({noNaN: true, noDefaultInfinity: true}), (value) => {
			const token = writeElement('FP32', value, true);
			expect(isDecimal(token)).toBe(true);
			expect(Math.fround(JSON.parse(token) as number)).toBe(value);
			expect(
				token
					.replace(/e.*$/i, '')
					.replaceAll(/[-.]/g, '')
					.replace(/^0+|0+$/g, '').length,
			).toBeLessThanOrEqual(9);
		}),
	);
});

const integerTypes = [
	'UINT8',
	'UINT16',
	'UINT32',
	'UINT64',
	'INT8',
	'INT16',
	'INT32',
	'INT64',
] as const;

it('whole numbers keep every digit, from numbers, bigints and text', () => {
	const value = fc.constantFrom(...integerTypes).chain((type) => {
		const [min, max] = rangeOf(type);
		return fc.tuple(fc.constant(type), fc.bigInt({min, max}));
	});
	fc.assert(
		fc.property(value, ([type, whole]) => {
			expect(writeElement(type, whole)).toBe(String(whole));
			expect(writeElement(type, String(whole))).toBe(String(whole));
			const bytes = encodeElement(type, whole);
			const read = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
			const bits = bytes.length * 8;
			expect(type.startsWith('U') ? read : BigInt.asIntN(bits, read)).toBe(whole);
		}),
	);
});

it('every half-precision number comes back from its value', () => {
	for (const {bits, value} of [toFloat16, toBfloat16]) {
		const wrong = Array.from({length: 0x10000}, (_, pattern) => pattern).filter(
			(pattern) => !Number.isNaN(value(pattern)) && bits(value(pattern)) !== pattern,
		);
		expect(wrong).toEqual([]);
	}
});

it('half precision is the nearest one', () => {
	fc.assert(
		fc.property(fc.double({min: -65_519, max: 65_519, noNaN: true}), (value) => {
			const pattern = toFloat16.bits(value);
			const own = Math.abs(toFloat16.value(pattern) - value);
			const neighbours = [pattern - 1, pattern + 1]
				.filter(
					(other) =>
						(other & 0x7fff) <= 0x7bff && (other & 0x8000) === (pattern & 0x8000) && other >= 0,
				)
				.map((other) => Math.abs(toFloat16.value(other) - value));
			expect(neighbours.every((other) => own <= other)).toBe(true);
		}),
	);
});

const elementOf: Readonly<
	Record<'BOOL' | 'INT64' | 'FP32' | 'FP16' | 'BYTES', fc.Arbitrary<Element>>
> = {
	BOOL: fc.boolean(),
	INT64: fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n}),
	FP32: fc.float({noNaN: true, noDefaultInfinity: true}),
	FP16: fc.integer({min: -2048, max: 2048}),
	BYTES: fc.string({unit: 'binary'}).filter((text) => !text.includes('\0')),
};

const tensorOf = (type: keyof typeof elementOf): fc.Arbitrary<StepTensor> =>
	fc.array(elementOf[type], {maxLength: 20}).map((elements) => ({
		name: `"ü" ${type}`,
		type,
		shape: null,
		single: type === 'FP32',
		naturalShape: (count) => [count],
		where: () => 'here',
		elements: () => elements,
	}));

it('whole files fit the schema and the check, in any mixture of types, steps and streams', () => {
	const step = fc.tuple(...(Object.keys(elementOf) as (keyof typeof elementOf)[]).map(tensorOf));
	fc.assert(
		fc.property(
			fc.array(step, {minLength: 1, maxLength: 5}),
			fc.option(fc.integer({min: 1, max: 5})),
			fc.boolean(),
			(steps, wanted, base64) => {
				const streams = wanted === null ? null : Math.min(wanted, steps.length);
				const text = [
					...writeInput(
						{steps: steps.length, at: (place) => steps[place] ?? []},
						{streams, base64},
					),
				].join('');
				const {data} = InputData.parse(JSON.parse(text));
				expect(data.flat()).toHaveLength(steps.length);
				const types = new Map<string, Datatype>(steps[0]?.map(({name, type}) => [name, type]));
				const checked = checkInput(readFrom(Buffer.from(text), 7), types);
				expect(checked).toMatchObject({steps: steps.length, streams: streams ?? 0, problems: []});
			},
		),
		{numRuns: 60},
	);
});

it('shapes are filled where they can be', () => {
	fc.assert(
		fc.property(
			fc.array(fc.integer({min: 1, max: 6}), {minLength: 1, maxLength: 4}),
			fc.nat(),
			(full, at) => {
				const axis = at % full.length;
				const count = full.reduce((product, length) => product * length, 1);
				const open = full.map((length, place) => (place === axis ? -1 : length));
				expect(resolveShape({name: 'x', shape: open, naturalShape: (all) => [all]}, count)).toEqual(
					full.length === 1 ? [count] : full,
				);
			},
		),
	);
	expect(sizeOf('FP64')).toBe(8);
});
