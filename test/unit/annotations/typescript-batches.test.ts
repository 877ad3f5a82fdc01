/** Batches as scopes: their items, and what becomes of one whose body fails. */

import {beforeEach, describe, expect, it} from 'vitest';
import type {BenchmarkPerf} from '../../../annotations/typescript/index.ts';
import {listEnded, openPerf, rest, withCode} from '../../support/scoped-perf.ts';

let perf: BenchmarkPerf;
beforeEach(() => {
	perf = openPerf();
});

const ended = (): string[] => listEnded(perf);

const batches = (): unknown => perf.finalize().batch_info;

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
