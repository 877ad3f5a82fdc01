/** What nsys says of reports that it cannot export, and what we make of it. */

import {
	copyFileSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {ToolError, UserError} from '../../base/errors.ts';
import {exportReport} from '../../launcher/export-report.ts';
import {launch, LaunchFolder} from '../support/launch.ts';
import {noNsys, nsysForTests} from '../support/nsys.ts';

const nsys = nsysForTests();
let folder: string;
let good: string;
beforeAll(async () => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'export-'));
	good = path.join(folder, 'good.nsys-rep');
	if (nsys !== undefined) {
		using run = new LaunchFolder();
		await launch(run, {profiler: {kind: 'nsys', ...nsys}, options: {}});
		copyFileSync(path.join(run.out, 'proc_0_gpu_0/report.nsys-rep'), good);
	}
});
afterAll(() => rmSync(folder, {recursive: true}));
beforeEach((context) => context.skip(nsys === undefined, noNsys));

const exportAs = async (report: string): Promise<unknown> => {
	const destination = path.join(folder, 'out.sqlite');
	rmSync(destination, {force: true});
	try {
		await exportReport({nsys: nsys?.path ?? '', report, destination});
		return undefined;
	} catch (error) {
		expect(existsSync(destination)).toBe(false);
		return error;
	} finally {
		expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
	}
};

describe('exportReport', () => {
	it('replaces an older export', async () => {
		const destination = path.join(folder, 'kept.sqlite');
		writeFileSync(destination, 'old');
		await exportReport({nsys: nsys?.path ?? '', report: good, destination});
		expect(readFileSync(destination).subarray(0, 15).toString()).toBe('SQLite format 3');
	});

	it('a report of a newer nsys: both versions and what to do', async (context) => {
		const newer = path.join(folder, 'newer.nsys-rep');
		const bytes = readFileSync(good);
		context.skip(!bytes.includes('Report 20'), 'reports before 2023 do not name their version');
		// "NVIDIA Tegra Profiler Report 2023@4@4@54-...": the year is at a fixed place.
		bytes.write('2098', bytes.indexOf('Report ') + 'Report '.length, 'latin1');
		writeFileSync(newer, bytes);
		const error = await exportAs(newer);
		expect(error).toBeInstanceOf(UserError);
		expect((error as UserError).message).toMatch(/recorded by nsys 2098\..*cannot read newer/);
		expect((error as UserError).message).toContain(nsys?.version ?? '');
		expect((error as UserError).next).toContain('--nsys');
	});

	it.each([
		['cut', (file: string) => truncateSync(file, 50_000)],
		['empty', (file: string) => truncateSync(file, 0)],
		['foreign', (file: string) => writeFileSync(file, 'hello world\n')],
	])(
		'a report that is %s: an input that is wrong, with the words of nsys',
		async (name, damage) => {
			const broken = path.join(folder, `${name}.nsys-rep`);
			copyFileSync(good, broken);
			damage(broken);
			const error = await exportAs(broken);
			expect(error).toBeInstanceOf(UserError);
			expect((error as UserError).message).toContain('cut short or no report');
			expect(((error as UserError).cause as ToolError).failure.tail).toContain('Exportation error');
		},
	);

	it('a report that is not there', async () => {
		const error = await exportAs(path.join(folder, 'missing.nsys-rep'));
		expect(error).toBeInstanceOf(UserError);
	});

	it('a destination that does not exist', async () => {
		await expect(
			exportReport({
				nsys: nsys?.path ?? '',
				report: good,
				destination: path.join(folder, 'no/such/out.sqlite'),
			}),
		).rejects.toBeInstanceOf(ToolError);
	});
});
