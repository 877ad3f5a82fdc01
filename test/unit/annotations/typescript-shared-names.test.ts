import {describe, expect, it} from 'vitest';
import {createNameTable, SharedNames} from '../../../annotations/typescript/shared-names.ts';

describe('names of the process', () => {
	it('are made once, whichever thread asks', () => {
		const table = createNameTable();
		const [one, two] = [new SharedNames(table), new SharedNames(table)];
		expect(one.find('a', (count) => count + 10)).toBe(10);
		expect(two.find('b', (count) => count + 10)).toBe(11);
		const makeAgain = (): number => {
			throw new Error('made twice');
		};
		expect(two.find('a', makeAgain)).toBe(10);
		expect(one.find('b', makeAgain)).toBe(11);
		expect(one.find('größe "1"', () => 2 ** 52)).toBe(2 ** 52);
		expect(two.find('größe "1"', makeAgain)).toBe(2 ** 52);
	});

	it('are still right when the table is full', () => {
		const names = new SharedNames(createNameTable());
		const long = 'x'.repeat(100);
		for (let index = 0; index < 1000; index++) {
			expect(names.find(`${long}${index}`, () => index)).toBe(index);
		}

		expect(names.find(`${long}0`, () => -1)).toBe(0);
		expect(names.find(`${long}999`, () => -1)).toBe(-1);
	});

	it('let go of the lock when making one fails', () => {
		const names = new SharedNames(createNameTable());
		const fail = (): number => {
			throw new Error('declined');
		};
		expect(() => names.find('a', fail)).toThrow('declined');
		expect(names.find('a', () => 1)).toBe(1);
	});

	it('do not wait for ever for a thread that was stopped', () => {
		const table = createNameTable();
		new Int32Array(table)[0] = 1;
		expect(new SharedNames(table).find('a', () => 1)).toBe(1);
	});
});
