/** The Python library: its own unittest suite, and what it writes read by this project's schemas. */

import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {annotationDomain, workerEnvironment} from '../../../base/annotation-protocol.ts';
import {Placeholder} from '../../../schemas/placeholder.ts';
import {RecordingLine} from '../../../schemas/recording.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const library = path.join(root, 'annotations/python');
const python = spawnSync('python3', ['--version']).status === 0 ? 'python3' : undefined;

const environment = (more: Record<string, string> = {}): Record<string, string> => ({
	PATH: process.env['PATH'] ?? '',
	PYTHONPATH: library,
	PYTHONDONTWRITEBYTECODE: '1',
	...more,
});

const runPython = (argv: readonly string[], more: Record<string, string> = {}): string =>
	execFileSync('python3', argv, {encoding: 'utf8', cwd: root, env: environment(more)});

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'perf-utils-'));
});
afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

describe.skipIf(python === undefined)('perf_utils (skipped: no python3 on this machine)', () => {
	it('passes its own tests', () => {
		const suite = spawnSync('python3', ['-m', 'unittest', 'discover', '-s', 'test/python'], {
			encoding: 'utf8',
			cwd: root,
			env: environment(),
		});
		expect(suite.stderr).toMatch(/Ran \d{2,} tests in .*\n\nOK/);
		expect(suite.status).toBe(0);
	});

	it('says what base/annotation-protocol.ts says', () => {
		const printed = runPython([
			'-c',
			`import json; from perf_utils import _protocol as p
print(json.dumps({
	"domain": p.ANNOTATION_DOMAIN,
	"environment": [p.BENCHMARKING, p.OUTPUT_FOLDER, p.RECORDING_FOLDER, p.PROGRESS_FILE, p.SYNC_FILE, p.SYNC_TIMEOUT],
	"marks": [p.batch_mark(3), p.items_mark(16), p.DELETE_MARK, p.object_mark("name"), p.meta_mark({}), p.sync_mark(5, "late")],
}))`,
		]);
		expect(JSON.parse(printed)).toEqual({
			domain: annotationDomain,
			environment: [
				workerEnvironment.benchmarking,
				workerEnvironment.outputFolder,
				workerEnvironment.recordingFolder,
				workerEnvironment.progressFile,
				workerEnvironment.syncFile,
				workerEnvironment.syncTimeout,
			],
			marks: [
				'{"batch":3}',
				'{"items":16}',
				'{"delete":true}',
				'{"object":"name"}',
				'{"meta":{}}',
				'{"sync":{"waitedNs":5,"end":"late"}}',
			],
		});
	});

	it('has the version of the package', () => {
		const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
		const version = runPython(['-c', 'import perf_utils; print(perf_utils.__version__)']).trim();
		expect(manifest).toMatchObject({version});
	});

	it("writes the formats of schemas/, in the issue's own program", () => {
		const recording = path.join(folder, 'recording');
		runPython([path.join(root, 'samples/python/perf_utils_test.py'), '--output_dir', folder], {
			[workerEnvironment.benchmarking]: '1',
			[workerEnvironment.recordingFolder]: recording,
		});

		const placeholder = Placeholder.parse(
			JSON.parse(readFileSync(path.join(folder, 'benchmark.json'), 'utf8')),
		);
		expect(placeholder.meta['total_batches']).toEqual({'perf_utils_test/pipeline': 3});
		const lines = readdirSync(recording).flatMap((file) =>
			readFileSync(path.join(recording, file), 'utf8')
				.trimEnd()
				.split('\n')
				.map((line) => RecordingLine.parse(JSON.parse(line))),
		);
		expect(lines.filter(([kind]) => kind === 'open')).toHaveLength(10);
		const stages = lines.filter((line) => line[0] === 'close').map(([, , from, to]) => to - from);
		expect(Math.min(...stages)).toBeGreaterThanOrEqual(300e6);
	});

	it('runs the shell sample: two programs, each with a recording of its own', () => {
		const recording = path.join(folder, 'recording');
		const progress = path.join(folder, 'progress');
		execFileSync(path.join(root, 'samples/shell/pipeline.sh'), ['2'], {
			env: environment({
				[workerEnvironment.benchmarking]: '1',
				[workerEnvironment.outputFolder]: folder,
				[workerEnvironment.recordingFolder]: recording,
				[workerEnvironment.progressFile]: progress,
			}),
		});
		expect(readdirSync(recording)).toHaveLength(2);
		expect(readFileSync(progress, 'utf8')).toBe('4');
	});

	it('says clearly that the GPU sample has nothing to run on, where that is so', () => {
		// Modules that cannot be imported stand in front of any that are installed.
		const run = spawnSync(
			'python3',
			[
				'-c',
				`import runpy, sys
sys.modules["torch"] = sys.modules["cupy"] = None
sys.argv = ["gpu_pipeline.py"]
runpy.run_path("samples/python/gpu_pipeline.py", run_name="__main__")`,
			],
			{encoding: 'utf8', cwd: root, env: environment()},
		);
		expect(run.status).toBe(77);
		expect(run.stderr).toContain('install torch or cupy');
	});
});
