/** Ranges that end by themselves: around a body, with a block, around a batch, around a function's calls. */

import {setTimeout as delay} from 'node:timers/promises';
import {beforeEach, describe, expect, it} from 'vitest';
import type {BenchmarkPerf} from '../../../annotations/typescript/index.ts';
import {listEnded, makeGate, openPerf, rest, withCode} from '../../support/scoped-perf.ts';

let perf: BenchmarkPerf;
beforeEach(() => {
	perf = openPerf();
});

const ended = (): string[] => listEnded(perf);

describe('a range around a body', () => {
	it('gives back what the body returns', async () => {
		expect(perf.range('sync', () => 1)).toBe(1);
		expect(await perf.range('async', {color: 'red'}, async () => (await rest(), 2))).toBe(2);
		expect(ended()).toEqual(['obj/sync', 'obj/async']);
	});

	it('ends only when the promise settles', async () => {
		const gate = makeGate();
		const running = perf.range('a', () => gate.opened);
		expect(ended).toThrow(withCode('still-open', '"obj/a"'));
		gate.open();
		await running;
		expect(ended()).toEqual(['obj/a']);
	});

	it('nests across awaits, timers and callbacks', async () => {
		await perf.range('a', async () => {
			await rest();
			await perf.range('b', async () => {
				await new Promise<void>((resolve) => {
					setTimeout(() => {
						perf.range('c', () => undefined);
						process.nextTick(resolve);
					}, 1);
				});
				await Promise.resolve().then(async () => perf.range('d', rest));
			});
			perf.pushRange('e');
			await rest();
			perf.popRange();
		});
		expect(ended()).toEqual(['obj/a/b/c', 'obj/a/b/d', 'obj/a/b', 'obj/a/e', 'obj/a']);
	});

	it('takes flows that await one another', async () => {
		for (const name of ['a', 'b']) {
			await perf.range(name, rest);
		}

		await perf.range('c', rest).then(() => perf.range('d', rest));
		expect(ended()).toEqual(['obj/a', 'obj/b', 'obj/c', 'obj/d']);
	});

	it('ends and throws on when the body throws', () => {
		const body = (): never => {
			perf.pushRange('inner');
			throw new Error('broken');
		};
		expect(() => perf.range('a', body)).toThrow('broken');
		expect(ended()).toEqual(['obj/a/inner', 'obj/a']);
	});

	it('ends and throws on when the promise is rejected', async () => {
		const body = async (): Promise<void> => {
			await perf.range('inner', async () => {
				await rest();
				throw new Error('broken');
			});
		};
		await expect(perf.range('a', body)).rejects.toThrow('broken');
		expect(ended()).toEqual(['obj/a/inner', 'obj/a']);
	});

	it('refuses a body whose work comes later', () => {
		const body = function* () {
			yield 1;
		};
		expect(() => perf.range('a', body)).toThrow(withCode('generator-in-scope', 'obj/a'));
	});

	it('names what the body left open, and ends it', async () => {
		const body = async (): Promise<void> => {
			await rest();
			perf.pushRange('left');
		};
		await expect(perf.range('a', body)).rejects.toThrow(withCode('still-open', 'obj/a', 'left'));
		expect(ended()).toEqual(['obj/a/left', 'obj/a']);
	});

	it('is not ended by popRange', () => {
		expect(() => perf.range('a', () => perf.popRange())).toThrow(withCode('wrong-owner', 'obj/a'));
	});
});

describe('using', () => {
	it('ends with its block', async () => {
		{
			using _outer = perf.range('a');
			await rest();
			using _inner = perf.range('b', {domain: 'other'});
		}

		expect(ended()).toEqual(['obj/a/b', 'obj/a']);
	});

	it('ends once', () => {
		const scope = perf.range('a');
		scope[Symbol.dispose]();
		scope[Symbol.dispose]();
		expect(ended()).toEqual(['obj/a']);
	});

	it('works inside a generator whose consumer opens ranges of its own', () => {
		function* produce() {
			using _range = perf.range('produce');
			yield 1;
			yield 2;
		}

		for (const value of produce()) {
			perf.range(`consume_${value}`, () => undefined);
		}

		expect(ended()).toEqual(['obj/produce/consume_1', 'obj/produce/consume_2', 'obj/produce']);
	});

	it('finds generators that take turns', () => {
		function* produce(name: string) {
			using _range = perf.range(name);
			yield name;
		}

		const first = produce('first');
		const second = produce('second');
		first.next();
		second.next();
		expect(() => first.next()).toThrow(withCode('still-open', '"obj/first"', '"obj/first/second"'));
		second.next();
		expect(ended()).toEqual(['obj/first/second', 'obj/first']);
	});

	it('finds blocks of two flows that overlap, when the outer one ends', async () => {
		const block = async (name: string, ms: number): Promise<void> => {
			using _range = perf.range(name);
			await delay(ms);
		};
		await expect(Promise.all([block('a', 1), block('b', 15)])).rejects.toThrow(
			withCode('still-open', '"obj/a"', '"obj/a/b"'),
		);
		await delay(20);
	});
});

it('annotates a function, its receiver and its arguments', async () => {
	const camera = {
		frames: 3,
		read: perf.annotate('read', async function read(this: {frames: number}, more: number) {
			await rest();
			return this.frames + more;
		}),
	};
	expect(await camera.read(4)).toBe(7);
	expect(ended()).toEqual(['obj/read']);
});
