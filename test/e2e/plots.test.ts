/** Pictures through the command: the bundle finds the renderer and its font, runs and studies have theirs. */

import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {projectRoot, runBenchmark, temporaryFolder} from '../support/command.ts';
import {describeWithNsys} from '../support/nsys.ts';
import {FakeSmi} from '../support/fake-smi.ts';
import {h100Pair590} from '../support/recorded-hopper-gpus.ts';
import {findElements, parseXml} from '../support/xml.ts';

const report = path.join(projectRoot, 'test/fixtures/perf-analyzer/gpu_2instances.log');
const plotsIn = (folder: string): readonly string[] =>
	readdirSync(folder)
		.filter((name) => name.startsWith('plot.'))
		.toSorted();

describe('benchmark triton import -o', () => {
	it('draws what was asked for, and removes what an earlier study left', async () => {
		const folder = temporaryFolder('study-plots');
		const drawn = await runBenchmark(['triton', 'import', '-o', folder, report]);
		expect(drawn.exitCode).toBe(0);
		expect(plotsIn(folder)).toContain('plot.throughput.svg');
		const png = readFileSync(path.join(folder, 'plot.throughput.png'));
		expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');

		const mine = path.join(folder, 'plot.mine.svg');
		writeFileSync(mine, '');
		await runBenchmark(['triton', 'import', '-o', folder, '--plots', 'svg', report]);
		expect(plotsIn(folder).every((name) => name.endsWith('.svg'))).toBe(true);
		await runBenchmark(['triton', 'import', '-o', folder, '--no-plots', report]);
		expect(plotsIn(folder)).toEqual(['plot.mine.svg']);
	});

	it('refuses kinds that there are not, and pictures that have no place', async () => {
		for (const [options, message] of [
			[['-o', temporaryFolder('study-plots'), '--plots', 'pdf'], '--plots takes svg, png or both'],
			[['--plots', 'svg'], '--plots needs a folder'],
		] as const) {
			const ended = await runBenchmark(['triton', 'import', ...options, report]);
			expect(ended.exitCode).toBe(2);
			expect(ended.stderr).toContain(message);
		}
	});
});

describeWithNsys('a watched run', () => {
	it('draws its GPUs with its batches; reprocess draws them again, the next run clears them', async () => {
		const folder = temporaryFolder('gpu-plots');
		const smi = new FakeSmi(folder, h100Pair590);
		smi.goLive();
		const env = {
			PATH: `${folder}:${process.env['PATH'] ?? ''}`,
			WATCHED_SMI: smi.folder,
			CUDA_VISIBLE_DEVICES: '0',
		};
		const out = path.join(folder, 'out');
		const program = path.join(projectRoot, 'test/fixtures/programs/watched.py');
		const batches = [1980, 1965, 1200, 1950].map((clock) => `clocks.current.sm=${clock}`);
		const ended = await runBenchmark(
			['-o', out, '--metrics-interval', '50ms', program, ...batches],
			{env},
		);
		expect(ended.exitCode).toBe(0);
		const file = path.join(out, 'plot.clocks.svg');
		const first = readFileSync(file, 'utf8');
		const lanes = findElements(parseXml(first), 'rect').filter(({attributes}) =>
			/^span-(batch|batch-other|warm-up)$/.test(attributes['class'] ?? ''),
		);
		// Two kinds in the legend.
		expect(lanes).toHaveLength(batches.length + 2);

		expect((await runBenchmark(['reprocess', out])).exitCode).toBe(0);
		expect(readFileSync(file, 'utf8')).toBe(first);

		await runBenchmark(['-o', out, '--no-metrics', '/bin/true'], {env});
		expect(existsSync(file)).toBe(false);
	});
});
