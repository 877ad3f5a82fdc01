/** perf_utils under a real nsys: what reaches NVTX_EVENTS. */

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {annotationDomain, workerEnvironment} from '../../base/annotation-protocol.ts';
import {describeWithNsys} from '../support/nsys.ts';
import {profileProgram} from '../support/profile.ts';
import {marks, ranges, readNvtxRows, subjectOf} from '../support/nvtx-rows.ts';

const root = path.resolve(import.meta.dirname, '../..');
let nsys = '';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'annotations-python-'));
});
afterAll(() => {
	rmSync(folder, {recursive: true, force: true});
});

const profile = (name: string, program: readonly string[], more: Record<string, string> = {}) => {
	const report = path.join(folder, name);
	const run = profileProgram({
		nsys,
		report,
		program,
		options: ['--trace-fork-before-exec=true', '--export=sqlite'],
		env: {
			TMPDIR: folder,
			PYTHONPATH: path.join(root, 'annotations/python'),
			PYTHONDONTWRITEBYTECODE: '1',
			...more,
		},
	});
	expect(run.status, run.stdout + run.stderr).toBe(0);

	return readNvtxRows(`${report}.sqlite`);
};

const profileSource = (name: string, source: string, more?: Record<string, string>) => {
	const file = path.join(folder, `${name}.py`);
	const prelude = `import os
from types import SimpleNamespace
from perf_utils import CvCudaPerf
perf = CvCudaPerf("object", SimpleNamespace(device_id=0, output_dir=${JSON.stringify(folder)}))
`;
	writeFileSync(file, prelude + source);
	return profile(name, ['python3', file], more);
};

describeWithNsys('perf_utils under a real nsys', (found) => {
	nsys = found.path;

	it("traces the issue's own program, its batches and its items", () => {
		const sample = path.join(root, 'samples/python/perf_utils_test.py');
		const rows = profile('sample', ['python3', sample, '--output_dir', folder], {
			[workerEnvironment.benchmarking]: '1',
		});

		const names = ranges(rows).map(({text}) => text);
		const batches = ['batch_0', 'batch_1', 'batch_2'].flatMap((batch) => [
			batch,
			'stage_1',
			'stage_2',
		]);
		expect(names).toEqual(['pipeline', ...batches]);
		expect(ranges(rows).every(({domain}) => domain === null)).toBe(true);
		const stages = ranges(rows).filter(({text}) => text.startsWith('stage'));
		expect(stages.every(({start, end}) => (end ?? 0) - start >= 300e6)).toBe(true);

		const [meta, ...rest] = marks(rows);
		expect(JSON.parse(meta?.text ?? '')).toMatchObject({
			meta: {
				obj_name: 'perf_utils_test',
				measurement_unit: 'milliseconds',
				args: {batch_size: 4},
			},
		});
		expect(rest.every(({domain}) => domain === annotationDomain)).toBe(true);
		expect(rest.map((mark) => [mark.text, subjectOf(mark, rows)])).toEqual([
			['{"object":"perf_utils_test"}', 'pipeline'],
			...[0, 1, 2].flatMap((index) => [
				[`{"batch":${index}}`, `batch_${index}`],
				['{"items":1}', `batch_${index}`],
			]),
		]);
	});

	it('carries domains, categories, colours and any text', () => {
		const rows = profileSource(
			'attributes',
			`
perf.push_range("pl\\u00e4in \\U0001f600")
perf.push_range("work", color="red", domain="mine", category="math")
perf.pop_range(domain="mine")
perf.push_range("other", color=0x80102030, domain="mine", category=7)
perf.pop_range()
perf.pop_range(delete_range=True)
perf.push_range("x" * 100_000)
perf.pop_range()
`,
		);
		const [plain, work, other, long] = ranges(rows);
		expect(plain).toMatchObject({
			text: 'pläin 😀',
			domain: null,
			color: 0xff0000ff,
			category: null,
		});
		expect(work).toMatchObject({text: 'work', domain: 'mine', color: 0xffff0000, category: 1});
		expect(other).toMatchObject({text: 'other', domain: 'mine', color: 0x80102030, category: 7});
		expect(long?.text).toMatch(/^x{8192}$/);
		expect(rows.find(({type}) => type === 33)).toMatchObject({
			text: 'math',
			domain: 'mine',
			category: 1,
		});
		const deleted = marks(rows).find(({text}) => text === '{"delete":true}');
		expect(deleted && subjectOf(deleted, rows)).toBe('pläin 😀');
	});

	it('keeps threads apart and follows forked children', () => {
		const rows = profileSource(
			'processes',
			`
import threading
with perf.range("pipeline"):
	def work():
		for i in range(3):
			with perf.batch(i, items=1):
				with perf.range("stage"):
					pass
	threads = [threading.Thread(target=work) for _ in range(2)]
	[thread.start() for thread in threads]
	[thread.join() for thread in threads]
	child = os.fork()
	if child == 0:
		with perf.batch(9, items=2):
			pass
		# os._exit, which ends multiprocessing's forked children too, loses what nsys still holds.
		raise SystemExit
	assert os.waitpid(child, 0)[1] == 0
`,
		);
		const pipeline = ranges(rows).find(({text}) => text === 'pipeline');
		const stages = ranges(rows).filter(({text}) => text === 'stage');
		expect(stages).toHaveLength(6);
		expect(new Set(stages.map(({tid}) => tid)).size).toBe(2);
		expect(stages.every(({pid, tid}) => pid === pipeline?.pid && tid !== pipeline.tid)).toBe(true);

		const child = ranges(rows).find(({text}) => text === 'batch_9');
		expect(child?.pid).not.toBe(pipeline?.pid);
		const childMarks = marks(rows).filter(({pid}) => pid === child?.pid);
		expect(childMarks.map((mark) => [mark.text, subjectOf(mark, rows)])).toEqual([
			['{"object":"object"}', 'batch_9'],
			['{"batch":9}', 'batch_9'],
			['{"items":2}', 'batch_9'],
		]);
	});

	it('loses nothing of many, and marks keep their batches', () => {
		const rows = profileSource(
			'many',
			`
for i in range(5000):
	perf.push_range("batch", batch_idx=i)
	perf.push_range("stage")
	perf.pop_range()
	perf.pop_range(total_items=i + 1)
`,
		);
		expect(ranges(rows)).toHaveLength(10_000);
		const batches = ranges(rows).filter(({text}) => text !== 'stage');
		const items = marks(rows).filter(({text}) => text.startsWith('{"items"'));
		expect(items.map(({text}) => text)).toEqual(
			batches.map((_, index) => `{"items":${index + 1}}`),
		);
		const inside = items.filter(({start}, index) => {
			const batch = batches[index];
			return batch !== undefined && batch.start <= start && start <= (batch.end ?? 0);
		});
		expect(inside).toHaveLength(5000);
	});

	it('is traced from grandchildren: the shell sample', () => {
		const rows = profile('shell', [path.join(root, 'samples/shell/pipeline.sh'), '2'], {
			[workerEnvironment.benchmarking]: '1',
			[workerEnvironment.outputFolder]: folder,
		});
		const pipelines = ranges(rows).filter(({text}) => text === 'pipeline');
		expect(new Set(pipelines.map(({pid}) => pid)).size).toBe(2);
		const objects = marks(rows).filter(({text}) => text.startsWith('{"object"'));
		expect(objects.map(({text}) => text).sort()).toEqual([
			'{"object":"checksum"}',
			'{"object":"compress"}',
		]);
	});
});
