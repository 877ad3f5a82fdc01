import {describe, expect, it} from 'vitest';
import {SpareColumns} from '../../../nsys-parsers/spare-columns.ts';

describe('spare columns', () => {
	it('serve again, all 0, the smallest one that is large enough', () => {
		const spare = new SpareColumns();
		const large = new Float64Array(9).fill(7);
		const small = new Float64Array(5).fill(7);
		spare.give(large, small);
		const doubles = spare.doubles(4);
		expect(doubles.buffer).toBe(small.buffer);
		expect([...doubles]).toEqual([0, 0, 0, 0]);
		const indices = spare.indices(12);
		expect(indices.buffer).toBe(large.buffer);
		expect(indices).toEqual(new Uint32Array(12));
	});

	it('serve once, however often they were given', () => {
		const spare = new SpareColumns();
		const column = new Int32Array(8);
		spare.give(column, column.subarray(2));
		spare.give(new Uint32Array(column.buffer));
		expect(spare.integers(8).buffer).toBe(column.buffer);
		expect(spare.integers(8).buffer).not.toBe(column.buffer);
	});

	it('are new where none is large enough', () => {
		const spare = new SpareColumns();
		const column = new Float64Array(3);
		spare.give(column);
		expect(spare.doubles(4)).toEqual(new Float64Array(4));
		expect(spare.doubles(3).buffer).toBe(column.buffer);
	});

	it('leave shared memory to those who share it', () => {
		const spare = new SpareColumns();
		const shared = new Float64Array(new SharedArrayBuffer(64));
		spare.give(shared);
		expect(spare.doubles(8).buffer).not.toBe(shared.buffer);
	});
});
