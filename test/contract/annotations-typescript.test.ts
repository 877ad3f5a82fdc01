/** The TypeScript annotations under a real nsys: what reaches NVTX_EVENTS. */

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {
	fixture,
	programCommand,
	type ProgramRun,
	projectFolder,
	runCommand,
} from '../support/annotated-program.ts';
import {profileProgram} from '../support/profile.ts';
import {noNsys, nsysForTests} from '../support/nsys.ts';

const nsys = nsysForTests();

interface NvtxRow {
	readonly start: number;
	readonly end: number | null;
	/** 33 category, 34 mark, 59 push/pop, 60 start/end, 75 domain. */
	readonly type: number;
	readonly text: string;
	/** 1 where the text is a registered string. */
	readonly registered: number;
	readonly domain: string | null;
	readonly category: string | null;
	readonly color: number | null;
	readonly int64: number | null;
	readonly double: number | null;
	readonly tid: number;
}

const rowsSql = `
SELECT
	event.start,
	event.end,
	event.eventType AS type,
	COALESCE(registered.value, event.text) AS text,
	registered.value IS NOT NULL AS registered,
	domain.text AS domain,
	category.text AS category,
	event.color,
	event.int64Value AS int64,
	event.doubleValue AS double,
	event.globalTid % 0x1000000 AS tid
FROM NVTX_EVENTS AS event
LEFT JOIN StringIds AS registered ON registered.id = event.textId
LEFT JOIN NVTX_EVENTS AS domain ON domain.eventType = 75 AND domain.domainId = event.domainId
LEFT JOIN NVTX_EVENTS AS category
	ON category.eventType = 33
	AND category.domainId = event.domainId
	AND category.category = event.category
WHERE event.eventType IN (34, 59, 60)
ORDER BY event.start, event.rowid`;

interface Profiled extends ProgramRun {
	/** Its files without their endings. */
	readonly report: string;
	readonly rows: readonly NvtxRow[];
}

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'annotations-typescript-'));
});
afterAll(() => {
	rmSync(folder, {recursive: true, force: true});
});

const readRows = (file: string): NvtxRow[] => {
	const database = new Database(file, {readonly: true});
	try {
		return database.prepare<[], NvtxRow>(rowsSql).all();
	} finally {
		database.close();
	}
};

const profileCommand = (
	name: string,
	command: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Profiled => {
	const report = path.join(folder, name);
	const {status, stdout, stderr} = profileProgram({
		nsys: nsys?.path ?? '',
		report,
		program: command,
		options: ['--export=sqlite'],
		env: {TMPDIR: folder, OUT: folder, ...environment},
		cwd: projectFolder,
	});
	return {exitCode: status, stdout, stderr, report, rows: readRows(`${report}.sqlite`)};
};

const profile = (name: string, environment: Readonly<Record<string, string>> = {}): Profiled =>
	profileCommand(name, programCommand(fixture(name)), environment);

/** As the launcher loads it: the build's. */
const builtResolver = path.join(projectFolder, 'dist/annotations/typescript/register-resolve.js');

/** Two worker threads that annotate, in a folder that knows nothing of the package; the main thread only starts them. */
const writeThreadsProgram = (): string => {
	const main = path.join(folder, 'main.mjs');
	writeFileSync(
		main,
		`import {Worker} from 'node:worker_threads';
		for (const name of ['one', 'two']) {
			new Worker(new URL('./worker.mjs', import.meta.url), {workerData: name});
		}`,
	);
	writeFileSync(
		path.join(folder, 'worker.mjs'),
		`import {workerData} from 'node:worker_threads';
		import {BenchmarkPerf} from 'nsys-benchmark/annotations';
		const perf = new BenchmarkPerf(workerData, {deviceId: 0, outputDir: '.'});
		perf.range('pipeline', {domain: 'shared', category: 'all'}, () => undefined);`,
	);
	return main;
};

const pushed = (rows: readonly NvtxRow[]): readonly NvtxRow[] =>
	rows.filter(({type}) => type === 59);

/** Names of the ranges that enclose a time, outermost first. */
const pathAt = (rows: readonly NvtxRow[], at: number): string =>
	pushed(rows)
		.filter(({start, end}) => start <= at && at <= (end ?? Infinity))
		.map(({text}) => text)
		.join(' > ');

describe.skipIf(nsys === undefined)(`under nsys ${nsys?.version ?? `(${noNsys})`}`, () => {
	let batches: Profiled;
	beforeAll(() => {
		batches = profile('batches.ts', {BENCHMARK_PY: '1'});
	});

	it('ranges arrive, nested, with domain, category and color', () => {
		const seen = pushed(batches.rows).map(({text, domain, category, color}) => ({
			text,
			domain,
			category,
			color: color?.toString(16),
		}));
		const plain = {domain: null, category: null, color: 'ff0000ff'};
		const stages = (index: number) => [
			{text: `batch_${index}`, ...plain},
			{text: 'decode', domain: 'io', category: 'disk', color: 'ffff8000'},
			{text: 'inférence "1"', ...plain},
		];
		expect(seen).toEqual([
			{text: 'pipeline', ...plain},
			...[0, 1, 2].flatMap(stages),
			{text: 'batch_3', ...plain},
			{text: 'low level', ...plain},
		]);
	});

	it('ranges have the times that the program measured', () => {
		const measured = (/\[[\d,]+\]/.exec(batches.stdout)?.[0] ?? '[]').match(/\d+/g)?.map(Number);
		const decodes = pushed(batches.rows).filter(({text}) => text === 'decode');
		expect(decodes).toHaveLength(3);
		for (const [index, {start, end}] of decodes.entries()) {
			const ns = (end ?? 0) - start;
			expect(ns).toBeGreaterThan(29e6);
			expect(ns).toBeLessThan(measured?.[index] ?? 0);
		}
	});

	it('marks speak of the range around them', () => {
		const notes = batches.rows.filter(
			({type, domain}) => type === 34 && domain === 'nsys-benchmark',
		);
		const [meta, ...others] = notes;
		expect(JSON.parse(meta?.text ?? '')).toMatchObject({meta: {obj_name: 'obj'}});
		expect(others.map(({text, start}) => [text, pathAt(batches.rows, start)])).toEqual([
			['{"object":"obj"}', 'pipeline'],
			...[0, 1, 2].flatMap((index) => [
				[`{"batch":${index}}`, `pipeline > batch_${index}`],
				['{"items":4}', `pipeline > batch_${index}`],
			]),
			['{"batch":3}', 'pipeline > batch_3'],
			['{"delete":true}', 'pipeline > batch_3'],
		]);
	});

	it("the program's own marks and overlapping ranges arrive", () => {
		const [own] = batches.rows.filter(({type, domain}) => type === 34 && domain === null);
		expect(own).toMatchObject({text: 'Error: end of stream', color: 0xff_ff_00_00});
		const [overlapping] = batches.rows.filter(({type}) => type === 60);
		expect(overlapping).toMatchObject({text: 'overlapping', double: 2.5, color: 0xff_ff_d7_00});
		const last = pushed(batches.rows).at(-1);
		expect(last).toMatchObject({text: 'low level', int64: 42});
		expect(overlapping?.end).toBeGreaterThan(last?.end ?? Infinity);
	});

	it('texts that come again are registered, others are not', () => {
		const registered = (name: string): unknown[] =>
			pushed(batches.rows)
				.filter(({text}) => text === name)
				.map((row) => row.registered);
		expect(registered('decode')).toEqual([1, 1, 1]);
		expect(registered('batch_0')).toEqual([0]);
	});

	it.each(['1', '0'])('threads have stacks of their own (main thread first: %s)', (first) => {
		const {rows, stdout, stderr} = profile('threads.ts', {MAIN_FIRST: first});
		expect(stderr).toBe('');
		const tids = JSON.parse(/\[[\d,]+\]/.exec(stdout)?.[0] ?? '[]') as number[];
		const perThread = tids.map((tid) => pushed(rows).filter((row) => row.tid === tid));
		const stages = perThread.map((own) => own.filter(({text}) => text === 'stage').length);
		expect(stages).toEqual([first === '1' ? 60 : 20, 20, 20]);
		for (const own of perThread) {
			const [stage] = own.filter(({text}) => text === 'stage');
			expect(pathAt(own, stage?.start ?? 0)).toBe('pipeline > batch_0 > stage');
			expect(own[0]).toMatchObject({text: 'pipeline', domain: 'shared', category: 'all'});
		}
	});

	it("threads make each domain once, or NVIDIA's own report fails", async () => {
		const {rows, report} = profileCommand('threads-only', [
			...[process.execPath, '--import', builtResolver],
			writeThreadsProgram(),
		]);
		const pipelines = pushed(rows).filter(({text}) => text === 'pipeline');
		expect(pipelines.map(({domain, category}) => [domain, category])).toEqual([
			['shared', 'all'],
			['shared', 'all'],
		]);
		const stats = await runCommand([
			...[nsys?.path ?? '', 'stats', '-q', '-r', 'nvtx_pushpop_trace', '-f', 'csv'],
			...['-o', '-', '--force-export=false', `${report}.sqlite`],
		]);
		const lines = stats.stdout.split('\n').filter((line) => line.includes('shared:pipeline'));
		expect(lines).toHaveLength(2);
	});

	it('no event is lost in a long run', () => {
		const {rows, exitCode} = profile('storm.ts', {TOTAL: '20000'});
		expect(exitCode).toBe(0);
		const names = pushed(rows).map(({text}) => text);
		expect(new Set(names).size).toBe(20_000);
		expect(names[19_999]).toBe('range of some length, number 19999');
		expect(pushed(rows).every(({end}) => end !== null)).toBe(true);
	});
});
