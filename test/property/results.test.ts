import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {MeanResult, ProcessResult, type RangeResult} from '../../schemas/benchmark-result.ts';
import {codes, measure, measureRun} from '../support/measure.ts';
import {
	range,
	traceOfThreads,
	type RangeLiteral,
	type ThreadLiteral,
} from '../support/trace-ranges.ts';

/** A forest of ranges inside [start, end), of few names, so that paths meet; any of them may be a batch. */
const forest = (start: number, end: number, depth: number): fc.Arbitrary<readonly RangeLiteral[]> =>
	fc
		.array(
			fc.record({
				name: fc.constantFrom('a', 'b', 'cpu_time', 'a/b', 'batch_*', '__proto__'),
				length: fc.integer({min: 0, max: 1000}),
				gpu: fc.integer({min: 0, max: 2000}),
				batch: fc.option(fc.integer({min: 0, max: 4}), {nil: undefined}),
				items: fc.option(fc.integer({min: 0, max: 3}), {nil: undefined}),
				unfinished: fc.boolean().map((value) => value && depth > 2),
			}),
			{maxLength: 4},
		)
		.chain((rows) => {
			const slot = Math.floor((end - start) / Math.max(1, rows.length));
			return fc.tuple(
				...rows.map(({name, length, gpu, batch, items, unfinished}, index) => {
					const from = start + index * slot;
					const to = from + Math.min(length, slot);
					const note = {
						...(batch === undefined ? {} : {batch}),
						...(items === undefined ? {} : {items}),
					};
					const inside = depth === 0 ? fc.constant([]) : forest(from, to, depth - 1);
					return inside.map((children) =>
						range(
							batch === undefined ? name : `${name}_${batch}`,
							from,
							to,
							{gpu, unfinished, note},
							children,
						),
					);
				}),
			);
		});

const thread = (tid: number): fc.Arbitrary<ThreadLiteral> =>
	forest(0, 4000, 3).map((ranges) => ({pid: 1, tid, ranges}));

const threads = fc.tuple(thread(1), thread(2), thread(3));

const measureThreads = (literals: readonly ThreadLiteral[], warmup: number) =>
	measure(traceOfThreads(literals), {warmup});

/** Every range's numbers, by path, in no order. */
const flatten = (results: Readonly<Record<string, RangeResult>>) => {
	const rows = new Map<string, Readonly<Record<string, number>>>();
	const visit = (result: RangeResult, path: string): void => {
		const numbers = Object.entries(result).filter(
			(entry): entry is [string, number] => typeof entry[1] === 'number',
		);
		rows.set(path, Object.fromEntries(numbers));
		for (const [name, inside] of Object.entries(result)) {
			if (typeof inside !== 'number') {
				visit(inside, `${path}\n${name}`);
			}
		}
	};

	visit(results, '');
	return rows;
};

const countRanges = (ranges: readonly RangeLiteral[]): number =>
	ranges.reduce((sum, {children}) => sum + 1 + countRanges(children), 0);

describe('results of any trace', () => {
	it('have the shape of their schemas and no negative number', () => {
		fc.assert(
			fc.property(threads, fc.integer({min: 0, max: 2}), (literals, warmup) => {
				const {result} = measureThreads(literals, warmup);
				expect(ProcessResult.parse(result)).toEqual(result);
				for (const [, numbers] of flatten(result.data)) {
					expect(Object.values(numbers).every((value) => value >= 0)).toBe(true);
				}
			}),
		);
	});

	it('lose no range: instances add up to the ranges of the trace', () => {
		fc.assert(
			fc.property(threads, (literals) => {
				const {result} = measureThreads(literals, 1);
				const instances = [...flatten(result.data).values()].map((row) => row['instances'] ?? 0);
				const ranges = literals.reduce((sum, literal) => sum + countRanges(literal.ranges), 0);
				expect(instances.reduce((a, b) => a + b, 0)).toBe(ranges);
			}),
		);
	});

	it('do not depend on the order of threads', () => {
		fc.assert(
			fc.property(threads, ([a, b, c]) => {
				const one = measureThreads([a, b, c], 0).result;
				const other = measureThreads([c, a, b], 0).result;
				expect(flatten(other.data)).toEqual(flatten(one.data));
				expect(other.meta.total_batches).toEqual(one.meta.total_batches);
			}),
		);
	});

	it('name paths alike in every order, and merge none', () => {
		fc.assert(
			fc.property(threads, ([a, b, c]) => {
				const one = measureThreads([a, b, c], 0);
				const other = measureThreads([c, b, a], 0);
				expect([...other.samples.keys()].sort()).toEqual([...one.samples.keys()].sort());
				for (const [path, {values}] of one.samples) {
					const again = other.samples.get(path)?.values.cpu_time ?? [];
					expect([...again].sort()).toEqual([...(values.cpu_time ?? [])].sort());
				}
			}),
		);
	});

	it('give as many samples as batches that are measured', () => {
		fc.assert(
			fc.property(threads, fc.integer({min: 0, max: 2}), (literals, warmup) => {
				const {result, samples} = measureThreads(literals, warmup);
				expect(Object.keys(result.stats)).toEqual([...samples.keys()]);
				for (const [path, {values}] of samples) {
					expect(result.stats[path]?.cpu_time.count).toBe(values.cpu_time?.length);
				}
			}),
		);
	});

	it('keep the identities between their numbers', () => {
		fc.assert(
			fc.property(threads, (literals) => {
				const {result} = measureThreads(literals, 1);
				for (const [, row] of flatten(result.data)) {
					const items = row['total_items'] ?? 0;
					if (items > 0) {
						expect(row['cpu_time_per_item']).toBeCloseTo((row['cpu_time'] ?? 0) / items, 5);
					}

					expect(row['cpu_time_minus_warmup'] ?? 0).toBeLessThanOrEqual(row['cpu_time'] ?? 0);
					expect(row['gpu_busy_time'] ?? 0).toBeLessThanOrEqual(row['gpu_time'] ?? 0);
				}
			}),
		);
	});
});

describe('the mean of identical processes', () => {
	it('equals each of them', () => {
		fc.assert(
			fc.property(threads, fc.integer({min: 1, max: 7}), (literals, count) => {
				const measured = measureThreads(literals, 1);
				const mean = measureRun([Array.from({length: count}, () => measured)]);
				expect(MeanResult.parse(mean)).toEqual(mean);
				expect(mean.mean_data).toEqual(roundItems(measured.result.mean_data));
				expect(mean.mean_all_batches).toEqual(roundItems(measured.result.data));
				expect(mean.meta.total_batches).toEqual(measured.result.meta.total_batches);
				expect(Object.keys(mean.stats)).toEqual(Object.keys(measured.result.stats));
				expect(codes(mean)).not.toContain('paths-not-everywhere');
			}),
			{numRuns: 50},
		);
	});
});

/** Means are kept to six decimals, items too; those of several threads can be thirds. */
const roundItems = <Value>(value: Value): Value =>
	JSON.parse(
		JSON.stringify(value, (_, inside: unknown) =>
			typeof inside === 'number' ? Math.round(inside * 1e6) / 1e6 : inside,
		),
	) as Value;
