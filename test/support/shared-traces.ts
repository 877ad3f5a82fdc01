/**
 * Real traces of other people's GPUs, with NVIDIA's own answers. They lie beside the project, in ../shared/traces, and
 * are not part of it: a test that needs one and does not find it is skipped and says which.
 */

import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {gunzipSync} from 'node:zlib';

const folder = path.resolve(import.meta.dirname, '../../../shared/traces');

/** undefined where the traces are not at hand. */
export const sharedTrace = (name: string): string | undefined => {
	const file = path.join(folder, name);
	return existsSync(file) ? file : undefined;
};

/** CSV text that `nsys stats` printed for a trace; undefined where the report was empty or the traces are not at hand. */
export const expectedReport = (trace: string, report: string): string | undefined => {
	const file = path.join(folder, 'expected', `${trace}.${report}.csv.gz`);
	return existsSync(file) ? gunzipSync(readFileSync(file)).toString('utf8') : undefined;
};

export const noSharedTraces = (name: string): string =>
	`${name} is not beside the project (../shared/traces)`;
