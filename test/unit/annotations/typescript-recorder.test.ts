import {once} from 'node:events';
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {RecordingLine, recordingFileName} from '../../../schemas/recording.ts';
import {
	fixture,
	programCommand,
	runCommand,
	runProgram,
	startCommand,
} from '../../support/annotated-program.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'recorder-'));
});
afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

const recordingEnvironment = (): Record<string, string> => ({
	BENCHMARK_PY: '1',
	BENCHMARK_RECORDING: folder,
	OUT: folder,
});

const recordings = (): string[] =>
	readdirSync(folder)
		.filter((name) => name.endsWith('.jsonl'))
		.sort();

const readTexts = (name: string): string[] =>
	readFileSync(path.join(folder, name), 'utf8').split('\n').slice(0, -1);

const readLines = (name: string): RecordingLine[] =>
	readTexts(name).map((line) => RecordingLine.parse(JSON.parse(line)));

interface Range {
	readonly path: string;
	readonly tid: number;
	readonly domain: string | null;
	startNs: number;
	endNs: number | null;
	readonly notes: string[];
}

/** The ranges of a recording in the order of opening, each with the marks that speak of it. */
const readRanges = (lines: readonly RecordingLine[]): Range[] => {
	const ranges: Range[] = [];
	const stacks = new Map<number, Range[]>();
	const stackOf = (tid: number): Range[] => stacks.get(tid) ?? stacks.set(tid, []).get(tid) ?? [];
	for (const line of lines) {
		if (line[0] === 'open') {
			const [, tid, startNs, name, domain] = line;
			const stack = stackOf(tid);
			const place = [...stack.map((range) => range.path.split(' > ').at(-1)), name].join(' > ');
			const range: Range = {path: place, tid, domain, startNs, endNs: null, notes: []};
			ranges.push(range);
			stack.push(range);
		} else if (line[0] === 'close') {
			const [, tid, startNs, endNs] = line;
			Object.assign(stackOf(tid).pop() ?? {}, {startNs, endNs});
		} else if (line[0] === 'mark') {
			stackOf(line[1]).at(-1)?.notes.push(line[3]);
		}
	}

	return ranges;
};

describe('a recording', () => {
	it('holds the ranges, their marks and their times', async () => {
		const run = await runProgram('batches.ts', recordingEnvironment());
		expect(run).toMatchObject({exitCode: 0, stderr: ''});
		const [name = ''] = recordings();
		const lines = readLines(name);
		const ranges = readRanges(lines);
		expect(ranges.map(({path: place, domain, notes}) => [place, domain, notes])).toEqual([
			['pipeline', null, ['{"object":"obj"}']],
			...[0, 1, 2].flatMap((index) => [
				[`pipeline > batch_${index}`, null, [`{"batch":${index}}`, '{"items":4}']],
				[`pipeline > batch_${index} > decode`, 'io', []],
				[`pipeline > batch_${index} > inférence "1"`, null, []],
			]),
			['pipeline > batch_3', null, ['{"batch":3}', '{"delete":true}']],
			['low level', null, []],
		]);

		const measured = JSON.parse(run.stdout) as number[];
		const recorded = ranges.filter(({domain}) => domain === 'io');
		for (const [index, {startNs, endNs}] of recorded.entries()) {
			const ns = (endNs ?? 0) - startNs;
			expect(ns).toBeGreaterThan(29e6);
			// The program's own clock runs around the range and all that recording it takes.
			expect(ns).toBeLessThan(measured[index] ?? 0);
		}

		for (const {startNs, endNs} of ranges) {
			expect(startNs).toBeLessThanOrEqual(endNs ?? -1);
		}
	});

	it('begins with a header, and the meta of the object', async () => {
		const before = process.hrtime.bigint();
		await runProgram('batches.ts', recordingEnvironment());
		const after = process.hrtime.bigint();
		const [name = ''] = recordings();
		const [header, meta] = readLines(name);
		if (header?.[0] !== 'header' || meta?.[0] !== 'mark') {
			throw new Error('the first lines are no header and no mark');
		}

		expect(name).toBe(recordingFileName(header[1].pid));
		expect(header[1].library).toMatch(/^nsys-benchmark \d.* \(Node \d+\.\d+\.\d+\)$/);
		const origin = BigInt(header[1].originMonotonicNs);
		expect(origin > before && origin < after).toBe(true);
		const wallMs = Number(BigInt(header[1].originUnixNs) / 1_000_000n);
		expect(Math.abs(Date.now() - wallMs)).toBeLessThan(60_000);
		expect(JSON.parse(meta[3])).toMatchObject({meta: {obj_name: 'obj', args: {x: 'é"\n'}}});
	});

	it('keeps all that was closed when the program is killed, and what was open', async () => {
		const child = startCommand(programCommand(fixture('hanging.ts')), recordingEnvironment());
		await once(child.stdout ?? child, 'data');
		child.kill('SIGKILL');
		await once(child, 'close');
		expect(recordings()).toEqual([recordingFileName(child.pid ?? 0)]);
		const ranges = readRanges(readLines(recordingFileName(child.pid ?? 0)));
		expect(ranges.map(({path: place, endNs}) => [place, endNs !== null])).toEqual([
			['pipeline', false],
			['pipeline > batch_0', true],
			['pipeline > batch_1', false],
		]);
	});

	it('has whole lines when the program is killed in the middle of writing', async () => {
		const child = startCommand(programCommand(fixture('storm.ts')), recordingEnvironment());
		await once(child.stdout ?? child, 'data');
		child.kill('SIGKILL');
		await once(child, 'close');
		const lines = readLines(recordingFileName(child.pid ?? 0));
		expect(lines.length).toBeGreaterThan(200);
		expect(readRanges(lines).filter(({endNs}) => endNs === null).length).toBeLessThanOrEqual(1);
	});

	it('ends when the disk takes no more, and the program goes on', async () => {
		const limit = 'trap "" XFSZ; ulimit -f 16; exec "$@"';
		const run = await runCommand(
			['bash', '-c', limit, 'sh', ...programCommand(fixture('storm.ts'))],
			{
				...recordingEnvironment(),
				TOTAL: '2000',
				TSX_DISABLE_CACHE: '1',
			},
		);
		expect(run).toMatchObject({exitCode: 0, stdout: 'running\ndone\n'});
		expect(run.stderr.match(/Warning: recording into .* has stopped/g)).toHaveLength(1);
		const [name = ''] = recordings();
		expect(statSync(path.join(folder, name)).size).toBe(16 * 1024);
		// All but the line that was cut short.
		expect(readLines(name).length).toBeGreaterThan(100);
	});

	it('is not there, and said not to be, where the folder cannot be', async () => {
		const file = path.join(folder, 'file');
		writeFileSync(file, '');
		const run = await runProgram('storm.ts', {BENCHMARK_RECORDING: file, TOTAL: '200'});
		expect(run).toMatchObject({exitCode: 0, stdout: 'running\ndone\n'});
		expect(run.stderr).toContain('Warning: no range will be recorded');
	});
});

describe('threads', () => {
	const stagesOf = (ranges: readonly Range[], tid: number): number =>
		ranges.filter((range) => range.tid === tid && range.path.endsWith('> stage')).length;

	it('write into one file, each with a stack of its own', async () => {
		const run = await runProgram('threads.ts', {...recordingEnvironment(), MAIN_FIRST: '1'});
		expect(run).toMatchObject({exitCode: 0, stderr: ''});
		const [main = 0, ...workers] = JSON.parse(run.stdout) as number[];
		expect(recordings()).toEqual([recordingFileName(main)]);
		const ranges = readRanges(readLines(recordingFileName(main)));
		expect(ranges.every(({endNs}) => endNs !== null)).toBe(true);
		expect(stagesOf(ranges, main)).toBe(60);
		expect(workers.map((tid) => stagesOf(ranges, tid))).toEqual([20, 20]);
		expect(ranges.filter(({notes}) => notes.includes('{"object":"two"}'))).toHaveLength(1);
	});

	it('write into the file of a main thread that begins last', async () => {
		const run = await runProgram('threads.ts', recordingEnvironment());
		expect(run).toMatchObject({exitCode: 0, stderr: ''});
		const tids = JSON.parse(run.stdout) as number[];
		expect(recordings()).toEqual([recordingFileName(tids[0] ?? 0)]);
		const ranges = readRanges(readLines(recordings()[0] ?? ''));
		expect(tids.map((tid) => stagesOf(ranges, tid))).toEqual([20, 20, 20]);
	});

	it('have files of their own where the main thread has none to share', async () => {
		const child = startCommand(programCommand(fixture('threads-only.mjs')), recordingEnvironment());
		await once(child, 'close');
		const names = [`recording-${child.pid}-1.jsonl`, `recording-${child.pid}.jsonl`];
		expect(recordings()).toEqual(names);
		const perFile = names.map((name) => readRanges(readLines(name)));
		const tids = perFile.map((ranges) => ranges[0]?.tid ?? 0);
		expect(new Set([...tids, child.pid]).size).toBe(3);
		expect(perFile.map((ranges, file) => stagesOf(ranges, tids[file] ?? 0))).toEqual([20, 20]);
	});
});

describe('the progress file', () => {
	const progressOf = async (text?: string): Promise<string> => {
		const file = path.join(folder, 'progress');
		if (text !== undefined) {
			writeFileSync(file, text);
		}

		await runProgram('batches.ts', {BENCHMARK_PROGRESS: file, OUT: folder});
		return readFileSync(file, 'utf8');
	};

	it('holds the batches that have ended, without the deleted one', async () => {
		expect(await progressOf()).toBe('3\n');
	});

	it('counts on from what another process of the worker has told', async () => {
		expect(await progressOf('98\n')).toBe('101\n');
	});

	it('is given up with a warning where it cannot be written', async () => {
		const run = await runProgram('batches.ts', {BENCHMARK_PROGRESS: folder, OUT: folder});
		expect(run.exitCode).toBe(0);
		expect(run.stderr).toContain('[NSYS_BENCHMARK_PROGRESS] Warning');
	});
});
