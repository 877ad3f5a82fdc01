/** What `nsys stats` says of an export. */

import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {NsysForTests} from './nsys.ts';

/** @returns the CSV of each report, in the order asked for */
export const askNvidia = (
	nsys: NsysForTests,
	file: string,
	reports: readonly string[],
): string[] => {
	const folder = mkdtempSync(path.join(tmpdir(), 'ask-nvidia-'));
	try {
		// NVIDIA's tool may write into the export.
		const copy = path.join(folder, 'copy.sqlite');
		copyFileSync(file, copy);
		const prefix = path.join(folder, 'answer');
		execFileSync(
			nsys.path,
			[
				'stats',
				'-q',
				'-r',
				reports.join(','),
				'-f',
				'csv',
				'-o',
				prefix,
				'--force-export=false',
				copy,
			],
			{stdio: 'ignore', env: {...process.env, TMPDIR: folder}},
		);
		return reports.map((report) => readFileSync(`${prefix}_${report}.csv`, 'utf8').trimEnd());
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
};
