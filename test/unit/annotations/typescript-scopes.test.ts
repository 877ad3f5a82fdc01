import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {setImmediate as nextTurn, setTimeout as delay} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {type AnnotationErrorCode, BenchmarkPerf} from '../../../annotations/typescript/index.ts';

let folder: string;
let perf: BenchmarkPerf;
beforeEach(() => {
	folder = mkdtempSync(`${tmpdir()}/scopes-`);
	vi.stubEnv('BENCHMARK_PY', '1');
	perf = new BenchmarkPerf('obj', {deviceId: 0, outputDir: folder});
});
afterEach(() => {
	vi.unstubAllEnvs();
	// Whatever a test refused, nothing may be left open on the thread: the next test would find it.
	expect(() => perf.finalize()).not.toThrow();
	rmSync(folder, {recursive: true, force: true});
});

const ended = (): string[] => Object.keys(perf.finalize().data ?? {});
const batches = (): unknown => perf.finalize().batch_info;
const withCode = (code: AnnotationErrorCode, ...texts: string[]): unknown =>
	expect.objectContaining({
		code,
		message: expect.stringMatching(new RegExp(texts.join('.*'), 's')) as unknown,
	});

/** Lets other flows run a few turns. */
const rest = async (): Promise<void> => {
	await nextTurn();
	await delay(1);
};

/** A promise that the test settles. */
const makeGate = (): {readonly opened: Promise<void>; readonly open: () => void} => {
	let open = (): void => undefined;
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return {opened, open: () => open()};
};

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
		const other = new BenchmarkPerf('other', {deviceId: 0, outputDir: folder});
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

describe('batches', () => {
	it('tell their items before, inside or not at all', async () => {
		perf.batch(0, {items: 4}, () => undefined);
		await perf.batch(1, async (batch) => {
			await rest();
			batch.items = 5;
		});
		perf.batch(2, () => undefined);
		{
			using batch = perf.batch(3, {message: 'frame'});
			batch.items = 0;
		}

		expect(batches()).toEqual({
			'obj/batch_0': [0, 4],
			'obj/batch_1': [1, 5],
			'obj/frame_3': [3, 0],
		});
		expect(ended()).toContain('obj/batch_2');
	});

	it('are deleted when their body throws', async () => {
		const body = async (): Promise<void> => {
			await perf.range('stage', rest);
			throw new Error('broken');
		};
		await expect(perf.batch(0, {items: 1}, body)).rejects.toThrow('broken');
		expect(() =>
			perf.range('pipeline', () => {
				perf.pushRange('batch', {batchIdx: 1});
				throw new Error('broken');
			}),
		).toThrow('broken');
		expect(ended()).toEqual(['obj/pipeline']);
	});

	it('are deleted when the body says so', () => {
		perf.batch(0, {items: 1}, (batch) => {
			perf.range('stage', () => undefined);
			batch.delete();
		});
		expect(ended()).toEqual([]);
	});

	it('refuse items that cannot be, and end all the same', () => {
		const body = () => undefined;
		expect(() => perf.batch(0, {items: -1}, body)).toThrow(withCode('bad-argument'));
		expect(() =>
			perf.batch(0, (batch) => {
				batch.items = Number.NaN;
			}),
		).toThrow(withCode('bad-argument'));
		expect(ended()).toEqual([]);
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
