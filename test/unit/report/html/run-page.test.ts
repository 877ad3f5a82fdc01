/** The page of a run: its numbers are the file's, its names are text, and it stays small. */

import {describe, expect, it} from 'vitest';
import {listHolderBatches} from '../../../../report/batch-rows.ts';
import {formatMilliseconds} from '../../../../report/format.ts';
import type {RunPage} from '../../../../report/html/run-sections.ts';
import {writeRunPage} from '../../../../report/html/run-page.ts';
import {listRangeRows} from '../../../../report/range-rows.ts';
import type {WorkerOutcome, WorkerRecord} from '../../../../schemas/manifest.ts';
import {
	attributeOf,
	expectSoundPage,
	findAll,
	rowsOf,
	textOf,
	type HtmlElement,
} from '../../../support/html.ts';
import {measure, measureRun} from '../../../support/measure.ts';
import {batch, range, traceOf, type RangeLiteral} from '../../../support/trace-ranges.ts';

const ms = 1_000_000;
const head = {title: 'a run', version: '0.0.0'};

/** Times that differ in every digit down to the nanosecond. */
const makeTrace = (process: number, names: readonly string[] = ['read', 'infer']) =>
	traceOf(
		[
			range(
				'pipeline',
				0,
				1000 * ms + process,
				{gpu: 900 * ms},
				[0, 1, 2, 3, 4].map((index): RangeLiteral => {
					const start = index * 100 * ms + process * 1234;
					const end = start + 60 * ms + index * 1_234_567;
					const width = Math.floor((end - start) / (names.length + 1));
					return batch(
						index,
						2,
						start,
						end,
						{gpu: 30 * ms + index * 7},
						names.map((name, place) =>
							range(name, start + place * width, start + (place + 1) * width - 3, {
								gpu: 1 * ms + place,
							}),
						),
					);
				}),
			),
		],
		{originUnixNs: 1_700_000_000_000_000_000n},
	);

const runOf = (processes: number, names?: readonly string[]): RunPage => {
	const measured = Array.from({length: processes}, (_, process) =>
		measure(makeTrace(process, names)),
	);
	return {
		heading: 'a heading',
		manifest: null,
		mean: measureRun([measured]),
		workers: [],
		batches: measured.flatMap(({result}, process) =>
			listHolderBatches(result).map((holder) => ({
				...holder,
				repeat: 0,
				process,
				gpu: 0,
				gpuTraced: true,
				incomplete: false,
			})),
		),
		gpuPictures: [],
		files: [],
		notes: [],
	};
};

const titlesOf = (table: HtmlElement): readonly string[] =>
	rowsOf(table)[0]?.map((cell) => textOf(cell)) ?? [];

const findTable = (root: ReturnType<typeof expectSoundPage>, caption: RegExp): HtmlElement => {
	const table = findAll(root, 'table').find((one) =>
		caption.test(findAll(one, 'caption').map(textOf).join()),
	);
	if (table === undefined) {
		throw new Error(`no table ${String(caption)}`);
	}

	return table;
};

describe('writeRunPage', () => {
	it('shows the numbers of the file, in the digits of the terminal', () => {
		const run = runOf(5);
		const root = expectSoundPage(writeRunPage(run, head));
		const table = findTable(root, /^4 ranges/);
		const titles = titlesOf(table);
		const stats = run.mean?.stats ?? {};
		const shown = listRangeRows(stats);
		expect(shown.map(({name}) => name)).toEqual(['pipeline', 'batch_*', 'read', 'infer']);
		const [, ...lines] = rowsOf(table);
		expect(lines).toHaveLength(4);
		for (const [place, {path}] of shown.entries()) {
			const cellAt = (title: string, from = 0) => lines[place]?.[titles.indexOf(title, from)];
			const own = stats[path];
			if (own === undefined) {
				throw new Error(path);
			}

			const expected = {
				'CPU ms': own.cpu_time.median,
				'GPU ms': own.gpu_time.median,
				'busy ms': own.gpu_busy_time.median,
			};
			for (const [title, value] of Object.entries(expected)) {
				const cell = cellAt(title);
				expect(Number(cell === undefined ? NaN : attributeOf(cell, 'data-v'))).toBe(value);
				expect(cell === undefined ? '' : textOf(cell)).toBe(formatMilliseconds(value));
			}

			const {low, high} = own.cpu_time.confidence_interval ?? {low: NaN, high: NaN};
			const interval = cellAt('95 % interval');
			expect(interval === undefined ? '' : textOf(interval)).toBe(
				`${formatMilliseconds(low)} to ${formatMilliseconds(high)}`,
			);
		}
	});

	it('shows every statistic of the file', () => {
		const run = runOf(5);
		const root = expectSoundPage(writeRunPage(run, head));
		for (const metric of ['cpu_time', 'gpu_time'] as const) {
			const table = findTable(root, metric === 'cpu_time' ? /^CPU time/ : /^GPU time/);
			const [titles = [], ...lines] = rowsOf(table).map((row) => row.map(textOf));
			for (const [place, {path}] of listRangeRows(run.mean?.stats ?? {}).entries()) {
				const own = run.mean?.stats[path]?.[metric];
				for (const key of ['mean', 'std', 'min', 'p5', 'p84', 'p99', 'max'] as const) {
					const value = own?.[key] ?? null;
					const text = value === null ? '' : formatMilliseconds(value);
					expect(lines[place]?.[titles.indexOf(key)], `${path} ${key}`).toBe(text);
				}
			}
		}
	});

	it('draws a bar as wide as the share of the range around it', () => {
		const run = runOf(1, ['whole']);
		const root = expectSoundPage(writeRunPage(run, head));
		const stats = run.mean?.stats ?? {};
		const share =
			(stats['pipeline/batch_*/whole']?.cpu_time.median ?? 0) /
			(stats['pipeline/batch_*']?.cpu_time.median ?? 1);
		const [bar] = findAll(root, 'b').filter(
			(one) => attributeOf(one, 'style')?.startsWith('width') === true,
		);
		expect(bar === undefined ? '' : attributeOf(bar, 'style')).toBe(
			`width:${Math.round(share * 1000) / 10}%`,
		);
	});

	it('takes names for text, whatever they are', () => {
		const names = [
			'</script><script>alert(1)</script>',
			'"><img src=x onerror=alert(1)>',
			'\u202eevil\u2066',
			'a\nb\0c',
			'x'.repeat(10_000),
			"' onmouseover='alert(1)",
			'<!--',
		];
		const text = writeRunPage(runOf(2, names), {...head, title: names.join('')});
		const root = expectSoundPage(text);
		expect(findAll(root, 'img')).toEqual([]);
		expect(text).not.toContain('x'.repeat(500));
		const cells = findAll(root, 'th', {scope: 'row'}).map(textOf);
		expect(cells).toContain('</script><script>alert(1)</script>');
		expect(cells).toContain(String.raw`\u202eevil\u2066`);
	});

	it('folds many ranges, leaves out more, and says so each time', () => {
		const run = runOf(1);
		const own = run.mean?.stats['pipeline/batch_*/read'];
		if (run.mean === null || own === undefined) {
			throw new Error('no such range');
		}

		const more = Array.from({length: 19_998}, (_, index) => [
			`pipeline/batch_*/stage ${index} of many`,
			own,
		]);
		const stats = {...run.mean.stats, ...(Object.fromEntries(more) as typeof run.mean.stats)};
		const text = writeRunPage({...run, mean: {...run.mean, stats}, batches: []}, head);
		expect(text.length).toBeLessThan(2_000_000);
		const root = expectSoundPage(text);
		expect(rowsOf(findTable(root, /^The 60 costliest of 20,002 ranges, medians/))).toHaveLength(61);
		expect(rowsOf(findTable(root, /^The 500 costliest of 20,002 .* has all/))).toHaveLength(501);
	});

	it('draws many processes and batches in little room', () => {
		const run = runOf(1);
		const batches = Array.from({length: 64}, (_, process) => ({
			path: 'pipeline/batch_*',
			repeat: process % 2,
			process: Math.floor(process / 2),
			gpu: 0,
			gpuTraced: true,
			incomplete: process === 3,
			batches: Array.from({length: 2000}, (__, index) => ({
				name: `batch_${index}`,
				cpuTime: 10 + ((index * 7919 + process) % 100) / 10,
				gpuTime: 5,
				role: index === 0 ? ('warm-up' as const) : ('measured' as const),
			})),
		}));
		const text = writeRunPage({...run, batches}, head);
		expectSoundPage(text);
		expect(text.length).toBeLessThan(400_000);
		expect(text).toContain('median of 32 processes');
		expect(text).toContain('Left out: 1 worker that did not complete.');
	});

	it('shows a picture of a file as an image, whatever it holds', () => {
		const svg = '<svg onload="alert(1)"><script>alert(2)</script></svg>';
		const picture = {kind: 'file' as const, svg, description: '"><script>alert(3)</script>'};
		const text = writeRunPage({...runOf(1), gpuPictures: [picture]}, head);
		const [image] = findAll(expectSoundPage(text), 'img');
		expect(image === undefined ? '' : attributeOf(image, 'alt')).toBe(picture.description);
	});

	it('tells of workers that failed once, with the end of their words', () => {
		const outcome: WorkerOutcome = {
			kind: 'failed',
			reason: 'program-exit',
			report: null,
			startedAt: '2026-11-21T16:00:00.000Z',
			wallSeconds: 3.21,
			exitCode: 7,
			signal: null,
			message: 'The program exited with code 7.',
			tail: `${'early\n'.repeat(5000)}<b>the end</b>`,
			next: 'Look into stderr.log.',
		};
		const workers = [0, 1, 2].map((process) => {
			const folder = `proc_${process}_gpu_0`;
			const record: WorkerRecord = {
				folder,
				repeat: 0,
				process,
				gpu: 0,
				cudaVisibleDevices: '0',
				outcome,
			};
			return {
				folder,
				record,
				files: [{name: 'stderr.log', target: `${folder}/a b?#%.log`, bytes: 3, holds: ''}],
			};
		});
		const text = writeRunPage({...runOf(1), mean: null, batches: [], workers}, head);
		const root = expectSoundPage(text);
		expect(findAll(root, 'li', {class: 'failure'})).toHaveLength(1);
		expect(text.length).toBeLessThan(100_000);
		expect(findAll(root, 'pre').map(textOf).join()).toMatch(/<b>the end<\/b>$/);
		expect(textOf(root)).toContain('No worker completed');
		const targets = findAll(root, 'a').map((link) => attributeOf(link, 'href'));
		expect(targets).toContain('proc_0_gpu_0/a%20b%3F%23%25.log');
	});
});
