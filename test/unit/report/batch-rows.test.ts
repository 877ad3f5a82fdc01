/** Batches of one process, found in its own results: names, roles, nesting. */

import {describe, expect, it} from 'vitest';
import {listHolderBatches} from '../../../report/batch-rows.ts';
import type {ProcessResult} from '../../../schemas/benchmark-result.ts';
import {measure} from '../../support/measure.ts';
import {batch, range, traceOf, type RangeLiteral} from '../../support/trace-ranges.ts';

const ms = 1_000_000;

const run = (count: number, itemsOf: (index: number) => number = () => 1): RangeLiteral[] =>
	Array.from({length: count}, (_, index) =>
		batch(index, itemsOf(index), index * 10 * ms, (index * 10 + 5 + index) * ms),
	);

const rolesOf = (result: ProcessResult): Record<string, readonly (string | null)[]> =>
	Object.fromEntries(
		listHolderBatches(result).map(({path, batches}) => [path, batches.map(({role}) => role)]),
	);

describe('listHolderBatches', () => {
	it('has each batch with its time, and the ends as warm-up', () => {
		const {result} = measure(traceOf([range('pipeline', 0, 100 * ms, {}, run(5))]), {warmup: 2});
		expect(listHolderBatches(result)).toEqual([
			{
				path: 'pipeline/batch_*',
				batches: [0, 1, 2, 3, 4].map((index) => ({
					name: `batch_${index}`,
					cpuTime: 5 + index,
					gpuTime: 0,
					role: index === 2 ? 'measured' : 'warm-up',
				})),
			},
		]);
	});

	it('tells batches without items apart: the ends of those that count are warm-up', () => {
		const ranges = run(5, (index) => (index === 0 ? 0 : 1));
		const {result} = measure(traceOf([range('pipeline', 0, 100 * ms, {}, ranges)]));
		expect(rolesOf(result)['pipeline/batch_*']).toEqual([
			'uncounted',
			'warm-up',
			'measured',
			'measured',
			'warm-up',
		]);
	});

	it('finds names with signs of paths and of patterns', () => {
		const ranges = run(4);
		const {result} = measure(traceOf([range('a/b*(c)\\', 0, 100 * ms, {}, ranges)]));
		const [holder] = listHolderBatches(result);
		expect(holder?.path).toBe(String.raw`a\/b\*(c)\\/batch_*`);
		expect(holder?.batches).toHaveLength(4);
	});

	it('finds batches that no range holds', () => {
		const {result} = measure(traceOf(run(4)));
		expect(rolesOf(result)).toEqual({'batch_*': ['warm-up', 'measured', 'measured', 'warm-up']});
	});

	it('counts what stands inside of warm-up as such', () => {
		const outer = [0, 1, 2].map((index) =>
			batch(index, 3, index * 100 * ms, (index * 100 + 90) * ms, {}, [
				range(
					'inner',
					index * 100 * ms,
					(index * 100 + 80) * ms,
					{},
					[0, 1, 2].map((inside) => {
						const start = (index * 100 + inside * 10) * ms;
						return batch(inside, 1, start, start + 5 * ms);
					}),
				),
			]),
		);
		const {result} = measure(traceOf([range('pipeline', 0, 300 * ms, {}, outer)]));
		const roles = rolesOf(result)['pipeline/batch_*/inner/batch_*'];
		expect(roles).toHaveLength(9);
		expect(roles?.filter((role) => role === 'measured')).toHaveLength(1);
		expect(roles?.[4]).toBe('measured');
	});

	it('says that it does not know rather than guess', () => {
		const {result} = measure(traceOf([range('pipeline', 0, 100 * ms, {}, run(5))]));
		const other = {...result, meta: {...result.meta, warmup_batches: 2}};
		expect(rolesOf(other)['pipeline/batch_*']).toEqual([null, null, null, null, null]);
	});
});
