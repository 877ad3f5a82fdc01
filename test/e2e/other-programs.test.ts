/** Programs that know nothing of this project, and machines that lack nsys. */

import {cpSync, existsSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {execFileSync} from 'node:child_process';
import {expect, it, describe} from 'vitest';
import {MeanResult, ProcessResult} from '../../schemas/benchmark-result.ts';
import {readJsonFile} from '../../schemas/json-file.ts';
import {projectRoot, runBenchmark, temporaryFolder} from '../support/command.ts';
import {compileProgram, findCompileObstacle} from '../support/compiled-program.ts';
import {describeWithNsys} from '../support/nsys.ts';
import {buildTrace} from '../support/trace-builder.ts';

const programs = path.join(projectRoot, 'test/fixtures/programs');
const readMean = (out: string): MeanResult =>
	readJsonFile(MeanResult, path.join(out, 'benchmark_mean.json'));

describeWithNsys('a program with a perf_utils of its own', () => {
	it('runs unmodified and finds its batches by the placeholder that it writes', async () => {
		const out = temporaryFolder('cvcuda');
		const sample = path.join(programs, 'cvcuda/sample.py');
		const ended = await runBenchmark(['-np', '2', '-o', out, sample, '-b', '8']);
		expect(ended.stderr).not.toMatch(/error:/);
		expect(ended.exitCode).toBe(0);
		const folder = path.join(out, 'proc_1_gpu_0');
		const result = readJsonFile(ProcessResult, path.join(folder, 'benchmark.json'));
		expect(result.meta).toMatchObject({
			obj_name: 'object_detection',
			batch_source: 'placeholder',
			total_batches: {'object_detection/run_sample/pipeline': 4},
			args: {batch_size: 8, device_id: 0, output_dir: folder},
		});
		expect(result.data).toMatchObject({
			object_detection: {run_sample: {pipeline: {total_items_minus_warmup: 16, total_items: 32}}},
		});
		expect(existsSync(path.join(folder, 'perf_utils.json'))).toBe(true);

		const before = readMean(out);
		expect((await runBenchmark(['reprocess', out])).exitCode).toBe(0);
		expect(readMean(out)).toEqual(before);
	});
});

describe('a compiled program', () => {
	it('is measured by the names of its ranges', async ({skip}) => {
		const obstacle = findCompileObstacle();
		skip(obstacle !== undefined, obstacle);
		const folder = temporaryFolder('compiled');
		const binary = path.join(folder, 'frames');
		compileProgram('frames.c', binary);
		const out = path.join(folder, 'out');
		const pattern = String.raw`^frame (?<index>\d+) of (?<items>\d+)$`;
		const ended = await runBenchmark(['--batch', pattern, '-w', '1', '-o', out, binary, '-o', '5']);
		expect(ended.exitCode).toBe(2);
		expect(ended.stderr).toMatch(/--script-args never/);
		const again = await runBenchmark([
			...['--batch', pattern, '--script-args', 'never', '-o', out],
			...[binary, '-o', '5'],
		]);
		expect(again.exitCode).toBe(0);
		const mean = readMean(out);
		expect(mean.meta.total_batches).toEqual({decode: 5});
		expect(mean.stats['decode/frame * of *']?.cpu_time.count).toBe(3);
		expect(mean.stats['decode']?.throughput?.items_per_second).toBeGreaterThan(0);
	});
});

describe('a machine without nsys', () => {
	/** Our own package with nothing in its tool folder, and a PATH that holds no nsys. */
	const bareMachine = () => {
		const folder = temporaryFolder('bare');
		for (const part of ['dist', 'package.json', 'annotations']) {
			cpSync(path.join(projectRoot, part), path.join(folder, part), {recursive: true});
		}

		symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
		const bin = path.join(folder, 'bin');
		mkdirSync(bin);
		for (const tool of ['python3', 'sh', 'flock', 'grep', 'sleep', 'rm', 'kill', 'true']) {
			const found = (process.env['PATH'] ?? '')
				.split(':')
				.map((place) => path.join(place, tool))
				.find((file) => existsSync(file));
			if (found !== undefined) {
				symlinkSync(found, path.join(bin, tool));
			}
		}

		return {
			folder,
			options: {bin: path.join(folder, 'dist/bin/benchmark.js'), env: {PATH: bin, NSYS: ''}},
		};
	};

	const usualPlaces = ['/usr/bin/nsys', '/usr/local/bin/nsys', '/opt/nvidia'].filter((place) =>
		existsSync(place),
	);

	it('measures annotated programs all the same, and says how to get nsys', async ({skip}) => {
		skip(usualPlaces.length > 0, `this machine has an nsys installed (${usualPlaces.join()})`);
		const {folder, options} = bareMachine();
		const out = path.join(folder, 'out');
		const program = path.join(programs, 'faults.py');
		const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
			encoding: 'utf8',
		}).trim();
		const ended = await runBenchmark(['--python', python, '-o', out, program, 'none'], options);
		expect(ended.stderr).toMatch(/without nsys \(no nsys was found\).*npm run nsys/);
		expect(ended.exitCode).toBe(0);
		expect(readMean(out).meta).toMatchObject({
			profiler: 'builtin',
			total_batches: {'faults/pipeline': 3},
		});
		expect(readFileSync(path.join(out, 'run.json'), 'utf8')).toMatch(/no nsys was found/);

		const again = await runBenchmark(['reprocess', '-w', '0', out], options);
		expect(again.exitCode).toBe(0);
		expect(readMean(out).meta.warmup_batches).toBe(0);
	});

	it('refuses --profiler nsys, and reads exports but not reports', async ({skip}) => {
		skip(usualPlaces.length > 0, `this machine has an nsys installed (${usualPlaces.join()})`);
		const {folder, options} = bareMachine();
		const run = await runBenchmark(['--profiler', 'nsys', '-o', folder, 'true'], options);
		expect(run.exitCode).toBe(2);
		expect(run.stderr).toMatch(/no nsys was found/);

		const exported = path.join(folder, 'trace.sqlite');
		buildTrace(exported, {ranges: [{name: 'batch_0', start: 0, end: 2_000_000}]});
		const read = await runBenchmark(['reprocess', '-w', '0', exported], options);
		expect(read.exitCode).toBe(0);
		expect(read.stdout).toMatch(/batch_\* +1 +2\.000/);

		cpSync(exported, path.join(folder, 'trace.nsys-rep'));
		const report = await runBenchmark(['reprocess', path.join(folder, 'trace.nsys-rep')], options);
		expect(report.exitCode).toBe(2);
		expect(report.stderr).toMatch(/needs nsys to be read/);
	});
});
