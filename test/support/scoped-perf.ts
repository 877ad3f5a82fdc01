/** A BenchmarkPerf for a test of ranges around bodies and blocks, and what it says when all have ended. */

import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {setImmediate as nextTurn, setTimeout as delay} from 'node:timers/promises';
import {expect, onTestFinished, vi} from 'vitest';
import {type AnnotationErrorCode, BenchmarkPerf} from '../../annotations/typescript/index.ts';

/** Measured, as under benchmark. Whatever the test refuses, it ends with nothing open. */
export const openPerf = (name = 'obj'): BenchmarkPerf => {
	const folder = mkdtempSync(`${tmpdir()}/scopes-`);
	vi.stubEnv('BENCHMARK_PY', '1');
	const perf = new BenchmarkPerf(name, {deviceId: 0, outputDir: folder});
	onTestFinished(() => {
		vi.unstubAllEnvs();
		try {
			// Whatever is left open on the thread, the next test would find.
			expect(() => perf.finalize()).not.toThrow();
		} finally {
			rmSync(folder, {recursive: true, force: true});
		}
	});
	return perf;
};

/** Paths of the ranges, in the order of their ends. @throws AnnotationError where one is open */
export const listEnded = (perf: BenchmarkPerf): string[] => Object.keys(perf.finalize().data ?? {});

/** Matches an error with this code whose message has the texts, in their order. */
export const withCode = (code: AnnotationErrorCode, ...texts: string[]): unknown =>
	expect.objectContaining({
		code,
		message: expect.stringMatching(new RegExp(texts.join('.*'), 's')) as unknown,
	});

/** Lets other flows run a few turns. */
export const rest = async (): Promise<void> => {
	await nextTurn();
	await delay(1);
};

/** A promise that the test settles. */
export const makeGate = (): {readonly opened: Promise<void>; readonly open: () => void} => {
	let open = (): void => undefined;
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	return {opened, open: () => open()};
};
