/** The samples by themselves; they import the package by its name, so they run the build. */

import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {Placeholder} from '../../../schemas/placeholder.ts';
import {programCommand, projectFolder, runCommand} from '../../support/annotated-program.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'samples-'));
});
afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

const runSample = async (name: string, ...parameters: readonly string[]) => {
	const file = path.join(projectFolder, 'samples/typescript', name);
	const run = await runCommand([...programCommand(file), '-o', folder, ...parameters], {
		BENCHMARK_PY: '1',
	});
	const text = readFileSync(path.join(folder, 'benchmark.json'), 'utf8');
	return {...run, placeholder: Placeholder.parse(JSON.parse(text))};
};

it('perf_utils_test has three batches of two stages', async () => {
	const {exitCode, stderr, placeholder} = await runSample('perf_utils_test.ts');
	expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
	const top = 'perf_utils_test/pipeline';
	expect(placeholder.batch_info).toEqual({
		[`${top}/batch_0`]: [0, 1],
		[`${top}/batch_1`]: [1, 1],
		[`${top}/batch_2`]: [2, 1],
	});
	expect(placeholder.inside_batch_info).toHaveLength(6);
});

it('image_pipeline leaves a broken batch out and has a smaller last one', async () => {
	const options = ['-n', '20', '-b', '8', '-th', '32', '-tw', '32', '--broken-batch', '1'];
	const {exitCode, stdout, stderr, placeholder} = await runSample('image_pipeline.ts', ...options);
	expect(exitCode).toBe(0);
	expect(stderr).toMatch(/^batch 1 is left out: /);
	expect(placeholder.batch_info).toEqual({
		'image_pipeline/pipeline/batch_0': [0, 8],
		'image_pipeline/pipeline/batch_2': [2, 4],
	});
	const images = [...stdout.matchAll(/^class \d: (\d+)$/gm)].map(([, count]) => Number(count));
	expect(images.reduce((sum, count) => sum + count, 0)).toBe(12);
});
