/** Result files with one odd value in them: compared or refused with a sentence, never a bug's end. */

import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {runMain, writeDemoRun} from '../support/compared-runs.ts';
import {foreignProcess} from '../support/foreign-runs.ts';

let root: string;
beforeAll(() => {
	root = mkdtempSync(path.join(os.tmpdir(), 'fuzz-compare-'));
	writeDemoRun(path.join(root, 'good'), {repeats: 3, gpu: 0.5});
});
afterAll(() => {
	rmSync(root, {recursive: true});
});

type Json = null | boolean | number | string | Json[] | {[key: string]: Json};

/** Every place of a value, as keys. */
const listPlaces = (value: Json, above: readonly string[] = []): readonly (readonly string[])[] =>
	typeof value === 'object' && value !== null
		? [
				above,
				...Object.entries(value).flatMap(([key, inner]) => listPlaces(inner, [...above, key])),
			]
		: [above];

const replaceAt = (value: Json, [key, ...rest]: readonly string[], by: Json): Json => {
	if (key === undefined) {
		return by;
	}

	const copy: Record<string, Json> = {...(value as Record<string, Json>)};
	copy[key] = replaceAt(copy[key] ?? null, rest, by);
	return Array.isArray(value) ? Object.values(copy) : copy;
};

/** Stands for ranges inside each other, thousands of them: too deep for a checker to print. */
const deep = '@deep@';
const levels = 20_000;
const deepText = `${'{"cpu_time":1,"a":'.repeat(levels)}{}${'}'.repeat(levels)}`;

const oddValues: fc.Arbitrary<Json> = fc.oneof(
	fc.constantFrom<Json>(null, -1, 0, 1e308, -0, '', '__proto__', '\u0001NaN', [], {}, [[]], true),
	fc.double({noNaN: true, noDefaultInfinity: true}),
	fc.jsonValue({maxDepth: 3}) as fc.Arbitrary<Json>,
	fc.constant<Json>(deep),
);

const readOwn = (name: string): Json =>
	JSON.parse(readFileSync(path.join(root, 'good', name), 'utf8')) as Json;

const kinds: readonly (readonly [string, () => Json])[] = [
	['a benchmark.json', () => readOwn('repeat_0/proc_0_gpu_0/benchmark.json')],
	['a benchmark_mean.json', () => readOwn('benchmark_mean.json')],
	["CV-CUDA's, first generation", () => foreignProcess(1, 1, 1) as Json],
	["CV-CUDA's, second generation", () => foreignProcess(2, 1, 1) as Json],
];

describe.each(kinds)('%s', (_kind, makeFile) => {
	it('with an odd value is compared, or refused with a sentence', async () => {
		const whole = makeFile();
		const places = listPlaces(whole);
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...places),
				oddValues,
				fc.boolean(),
				async (place, odd, nan) => {
					const text = JSON.stringify(replaceAt(whole, place, odd)).replace(`"${deep}"`, deepText);
					const file = path.join(root, 'odd.json');
					// As Python writes it.
					writeFileSync(file, nan ? text.replace(/:[\d.]+/, ':NaN') : text);
					const {exitCode, stderr, stdout} = await runMain(
						['compare', '--json', 'good', 'odd.json'],
						root,
					);
					expect([0, 2]).toContain(exitCode);
					expect(stderr).not.toMatch(/\n\s+at .*\.ts:/);
					expect(() => JSON.parse(stdout) as unknown).not.toThrow();
				},
			),
			{numRuns: 60},
		);
	});
});
