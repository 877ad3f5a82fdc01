/** Asynchronous flows that would overlap, or that their scope did not wait for. */

import {beforeEach, describe, expect, it} from 'vitest';
import type {BenchmarkPerf} from '../../../annotations/typescript/index.ts';
import {listEnded, makeGate, openPerf, rest, withCode} from '../../support/scoped-perf.ts';

let perf: BenchmarkPerf;
beforeEach(() => {
	perf = openPerf();
});

const ended = (): string[] => listEnded(perf);

describe('flows that would overlap', () => {
	it('are refused in Promise.all, when the second one opens', async () => {
		const gate = makeGate();
		const first = perf.range('a', () => gate.opened);
		expect(() => perf.range('b', rest)).toThrow(withCode('interleaved', '"obj/b"', '"obj/a"'));
		gate.open();
		await first;

		const all = Promise.all(['c', 'd'].map(async (name) => perf.range(name, rest)));
		await expect(all).rejects.toThrow(withCode('interleaved', '"obj/d"', '"obj/c"'));
		await rest();
		expect(ended()).toEqual(['obj/a', 'obj/c']);
	});

	it('are refused inside a common range too', async () => {
		const body = () => Promise.all(['a', 'b'].map(async (name) => perf.range(name, rest)));
		const refused = perf.range('both', body);
		// The first flow still runs when the refusal of the second one ends the range around both.
		await expect(refused).rejects.toThrow(withCode('interleaved', '"obj/both/b"', '"obj/both/a"'));
		await rest();
		expect(ended()).toEqual(['obj/both/a', 'obj/both']);
	});

	it('are refused for pushRange and popRange', async () => {
		perf.pushRange('outer');
		const gate = makeGate();
		const running = perf.range('a', () => gate.opened);
		expect(() => perf.pushRange('b')).toThrow(
			withCode('interleaved', '"obj/outer/b"', '"obj/outer/a"'),
		);
		expect(() => perf.popRange()).toThrow(withCode('interleaved', '"obj/outer"', '"obj/outer/a"'));
		gate.open();
		await running;
		perf.popRange();
		expect(ended()).toEqual(['obj/outer/a', 'obj/outer']);
	});

	it('are refused from a timer that fires while another range is open', async () => {
		const gate = makeGate();
		const outcome = new Promise<unknown>((resolve) => {
			setTimeout(() => {
				try {
					perf.pushRange('timer');
					resolve('pushed');
				} catch (error) {
					resolve(error);
				}

				gate.open();
			}, 1);
		});
		await perf.range('a', () => gate.opened);
		expect(await outcome).toEqual(withCode('interleaved', '"obj/timer"', '"obj/a"'));
	});

	it('are refused between objects as well', async () => {
		const other = openPerf('other');
		const gate = makeGate();
		const running = perf.range('a', () => gate.opened);
		expect(() => other.pushRange('b')).toThrow(withCode('interleaved', '"other/b"', '"obj/a"'));
		gate.open();
		await running;
	});

	it('may open ranges once the other has ended', async () => {
		await perf.range('a', rest);
		await perf.range('b', rest);
		expect(ended()).toEqual(['obj/a', 'obj/b']);
	});
});

describe('a flow that its scope did not await', () => {
	it('is an error of that scope, and ends with it', async () => {
		const gate = makeGate();
		let inner: Promise<void> | undefined;
		const outer = (): void => {
			inner = perf.range('inner', () => gate.opened);
		};
		expect(() => perf.range('outer', outer)).toThrow(withCode('still-open', 'obj/outer', 'inner'));
		gate.open();
		await inner;
		expect(ended()).toEqual(['obj/outer/inner', 'obj/outer']);
	});

	it('opens later ranges where its scope stood', async () => {
		const late = makeGate();
		perf.range('startup', () => {
			setTimeout(() => {
				perf.range('tick', () => undefined);
				late.open();
			}, 1);
		});
		perf.pushRange('serving');
		await late.opened;
		perf.popRange();
		expect(ended()).toEqual(['obj/startup', 'obj/serving/tick', 'obj/serving']);
	});
});
