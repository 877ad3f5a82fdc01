/** `benchmark ranges --detail` and `--attribute-threads` as a user runs them. */

import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {runBenchmark, temporaryFolder} from '../support/command.ts';
import {buildTrace, mergeSpecs, programOn} from '../support/trace-builder.ts';
import type {TraceSpec} from '../support/trace-builder.ts';

const build = (folder: string, name: string, spec: TraceSpec): string =>
	buildTrace(path.join(folder, name), spec);

/** A frame that launches a kernel of 20 ns, 5 ns after its call. */
const frame = programOn({pid: 100}).push('frame').launch({after: 5, takes: 20}).pop().spec;

const parseLines = (stdout: string): Record<string, unknown>[] =>
	stdout
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('benchmark ranges --detail', () => {
	it('has columns for what occurs in any input, the same for all of them', async () => {
		const folder = temporaryFolder('detail');
		build(folder, 'kernels.sqlite', frame);
		build(folder, 'graphs.sqlite', {...frame, kernels: [], graphs: frame.kernels ?? []});
		for (const how of [['--summary'], ['--by', 'name'], ['--trace']]) {
			const {stdout, exitCode} = await runBenchmark(
				['ranges', '--detail', ...how, '--format', 'jsonl', 'kernels.sqlite', 'graphs.sqlite'],
				{cwd: folder},
			);
			expect(exitCode).toBe(0);
			expect(parseLines(stdout)).toMatchObject([
				{File: 'kernels.sqlite', Launches: 1, Operations: 1, Kernels: 1, Graphs: 0},
				{File: 'graphs.sqlite', Launches: 1, Operations: 1, Kernels: 0, Graphs: 1},
			]);
			expect(parseLines(stdout).map((row) => row['Queue Max (ns)'])).toEqual([5, 5]);
		}
	});

	it('is not there unless asked for', async () => {
		const file = build(temporaryFolder('detail'), 'one.sqlite', frame);
		const {stdout} = await runBenchmark(['ranges', '--format', 'jsonl', file]);
		expect(parseLines(stdout)[0]).not.toHaveProperty('Kernels');
	});

	it('shows launches and operations in the table for people', async () => {
		const file = build(temporaryFolder('detail'), 'one.sqlite', frame);
		const {stdout} = await runBenchmark(['ranges', '--detail', file]);
		expect(stdout).toMatch(/launches +operations +kernels +kernel ms +overlap ms +queue median ms/);
		expect(stdout).not.toContain('GPU ops');
	});
});

describe('benchmark ranges --attribute-threads', () => {
	const threads = mergeSpecs(
		programOn({pid: 1, tid: 1}).push('step').wait(90).pop().spec,
		programOn({pid: 1, tid: 2, from: 30}).launch({takes: 5}).spec,
	);

	it('gives work of other threads to the range that was open, and then says nothing of it', async () => {
		const file = build(temporaryFolder('detail'), 'one.sqlite', threads);
		const plain = await runBenchmark(['ranges', '--format', 'jsonl', file]);
		expect(parseLines(plain.stdout)[0]).toMatchObject({Range: 'step', 'Total GPU Ops': 0});
		expect(plain.stderr).toContain('1 launched by a thread that had none open');
		const attributed = await runBenchmark([
			...['ranges', '--attribute-threads', '--format', 'jsonl'],
			file,
		]);
		expect(parseLines(attributed.stdout)[0]).toMatchObject({Range: 'step', 'Total GPU Ops': 1});
		expect(attributed.stderr).toBe('');
	});

	it('is none of the rules of NVIDIA', async () => {
		const file = build(temporaryFolder('detail'), 'one.sqlite', threads);
		const {exitCode, stderr} = await runBenchmark([
			...['ranges', '--attribute-threads', '--nvidia-rules'],
			file,
		]);
		expect(exitCode).toBe(2);
		expect(stderr).toContain('--nvidia-rules and --attribute-threads exclude each other');
	});
});
