import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {describeMachine} from '../../../launcher/machine.ts';
import {planRun, type RunPlan} from '../../../launcher/plan.ts';
import {openRunFolder} from '../../../launcher/run-folder.ts';
import {writeJsonFile} from '../../../schemas/json-file.ts';
import {Manifest} from '../../../schemas/manifest.ts';
import {runOptions} from '../../support/launch.ts';
import {makeManifest} from '../../support/manifests.ts';

let root: string;
let out: string;
beforeEach(() => {
	root = mkdtempSync(path.join(os.tmpdir(), 'folder-'));
	out = path.join(root, 'deep/out');
});
afterEach(() => {
	chmodSync(root, 0o755);
	rmSync(root, {recursive: true});
});

const plan = (processesPerGpu = 1): RunPlan =>
	planRun(runOptions({outputFolder: out, processesPerGpu}), {
		gpus: [],
		cudaVisibleDevices: undefined,
	});
const put = (name: string): void => {
	const file = path.join(out, name);
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, 'x');
};
const list = (): string[] =>
	readdirSync(out, {recursive: true, encoding: 'utf8'})
		.filter((name) => !statSync(path.join(out, name)).isDirectory())
		.toSorted();

const manifest = (change: Partial<Manifest>): Manifest =>
	makeManifest({
		status: 'running',
		startedAt: new Date().toISOString(),
		launcher: {pid: process.ppid, host: os.hostname()},
		machine: describeMachine(),
		...change,
	});
const writeManifest = (change: Partial<Manifest>): void =>
	writeJsonFile(Manifest, path.join(out, 'run.json'), manifest(change));

describe('openRunFolder', () => {
	it('makes the folders of all workers', () => {
		openRunFolder(out, plan(2));
		expect(readdirSync(out)).toEqual(['proc_0_gpu_0', 'proc_1_gpu_0']);
	});

	it('removes what an earlier run left, and nothing else', () => {
		const ours = [
			'run.json',
			'benchmark_mean.json',
			'benchmark_mean.json.77.tmp',
			...[
				'benchmark.json',
				'benchmark.json.12.tmp',
				'perf_utils.json',
				'report.nsys-rep',
				'report.sqlite',
				'report.4711.sqlite',
				'.report.4711.sqlite.4711.sqlite',
				'report.qdstrm',
				'stdout.log',
				'stderr.log',
				'nsys.log',
				'recording/recording-12.jsonl',
			].flatMap((name) => [`proc_7_gpu_1/${name}`, `repeat_3/proc_0_gpu_0/${name}`]),
		];
		const others = [
			'benchmark.json',
			'notes.txt',
			'proc_0_gpu_0/model.engine',
			'proc_0_gpu_0/report.txt',
			'proc_0_gpu_0/app.log',
			'proc_0_gpu_0/recording/mine.jsonl',
			'proc_x_gpu_0/benchmark.json',
			'repeat_0/other/benchmark.json',
		];
		[...ours, ...others].forEach(put);
		openRunFolder(out, plan());
		expect(list()).toEqual(others.toSorted());
		expect(existsSync(path.join(out, 'proc_7_gpu_1'))).toBe(false);
		expect(existsSync(path.join(out, 'repeat_3'))).toBe(false);
	});

	it('follows no link that looks like a worker’s folder', () => {
		mkdirSync(path.join(root, 'elsewhere'));
		writeFileSync(path.join(root, 'elsewhere/benchmark.json'), 'x');
		mkdirSync(out, {recursive: true});
		symlinkSync(path.join(root, 'elsewhere'), path.join(out, 'proc_5_gpu_0'));
		openRunFolder(out, plan());
		expect(existsSync(path.join(root, 'elsewhere/benchmark.json'))).toBe(true);
	});

	it('refuses a folder that a living launcher holds', () => {
		writeManifest({});
		put('proc_0_gpu_0/benchmark.json');
		expect(() => openRunFolder(out, plan())).toThrow(/in use by another run/);
		expect(existsSync(path.join(out, 'proc_0_gpu_0/benchmark.json'))).toBe(true);
	});

	it('refuses one that a run on another host may hold, and names the way out', () => {
		const startedAt = '2026-01-02T03:04:05.000Z';
		writeManifest({startedAt, launcher: {pid: process.pid, host: 'node-17'}});
		put('proc_0_gpu_0/benchmark.json');
		expect(() => openRunFolder(out, plan())).toThrow(
			expect.objectContaining({
				message: expect.stringMatching(/run on node-17 .*since 2026-01-02T03:04:05/) as string,
				next: expect.stringContaining(`delete ${path.join(out, 'run.json')}`) as string,
			}),
		);
		expect(existsSync(path.join(out, 'proc_0_gpu_0/benchmark.json'))).toBe(true);
		rmSync(path.join(out, 'run.json'));
		openRunFolder(out, plan());
		expect(existsSync(path.join(out, 'proc_0_gpu_0/benchmark.json'))).toBe(false);
	});

	it.each([
		['that has ended', {status: 'done'}],
		['that has ended elsewhere', {status: 'done', launcher: {pid: 1, host: 'elsewhere'}}],
		['that is dead', {launcher: {pid: 2 ** 22 + 1, host: os.hostname()}}],
		['whose pid has a new owner', {startedAt: '2001-01-01T00:00:00.000Z'}],
		['that is this one', {launcher: {pid: process.pid, host: os.hostname()}}],
	] satisfies [string, Partial<Manifest>][])('takes over from a launcher %s', (_, change) => {
		writeManifest(change);
		openRunFolder(out, plan());
		expect(existsSync(path.join(out, 'run.json'))).toBe(false);
	});

	it('a path through a file: says what to do', () => {
		writeFileSync(path.join(root, 'deep'), 'a file');
		expect(() => openRunFolder(out, plan())).toThrow(UserError);
		expect(() => openRunFolder(out, plan())).toThrow(/cannot be written to/);
	});

	it.skipIf(process.getuid?.() === 0)('a folder that is not writable', () => {
		chmodSync(root, 0o555);
		expect(() => openRunFolder(out, plan())).toThrow(/cannot be written to/);
	});

	it('a read-only file system', () => {
		expect(() => openRunFolder('/proc/nsys-benchmark', plan())).toThrow(UserError);
	});
});
