/**
 * What the launcher adds: wall time of `benchmark -np 1` on a trivial program, less that of the bare `nsys profile` and
 * `nsys export` that it runs. Measured in turn, in one process, so that a drifting machine moves both.
 */

import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {nsysForTests, noNsys} from '../test/support/nsys.ts';

const bin = path.resolve(import.meta.dirname, '../dist/bin/benchmark.js');

const secondsOf = (run: () => void): number => {
	const start = performance.now();
	run();
	return (performance.now() - start) / 1000;
};

const quiet = {stdio: 'ignore'} as const;

const runBare = (nsys: string, folder: string): void => {
	const report = path.join(folder, 'bare.nsys-rep');
	const flags = ['-t', 'cuda,nvtx', '-s', 'none', '--cpuctxsw=none', '-f', 'true'];
	execFileSync(nsys, ['profile', ...flags, '-o', report, 'true'], quiet);
	const target = path.join(folder, 'bare.sqlite');
	execFileSync(nsys, ['export', '-t', 'sqlite', '-f', 'true', '-o', target, report], quiet);
};

const runOurs = (nsys: string, folder: string): void => {
	const output = path.join(folder, 'ours');
	execFileSync(process.execPath, [bin, '--nsys', nsys, '-o', output, 'true'], quiet);
};

const median = (values: readonly number[]): number =>
	values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @returns rows of a table, the header first; null where there is no nsys */
export const measureLauncherCost = (rounds = 11): readonly (readonly string[])[] | null => {
	const nsys = nsysForTests();
	if (nsys === undefined) {
		return null;
	}

	const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-launcher-'));
	try {
		const bare: number[] = [];
		const ours: number[] = [];
		// The first round warms the disk's cache and is thrown away.
		for (let round = 0; round <= rounds; round++) {
			bare.push(secondsOf(() => runBare(nsys.path, folder)));
			ours.push(secondsOf(() => runOurs(nsys.path, folder)));
		}

		const difference = ours.slice(1).map((seconds, index) => seconds - (bare[index + 1] ?? 0));
		const row = (name: string, values: readonly number[]): readonly string[] =>
			[name, median(values), Math.min(...values), Math.max(...values)].map((cell) =>
				typeof cell === 'number' ? cell.toFixed(3) : cell,
			);
		return [
			[`launcher cost, nsys ${nsys.version}, ${rounds} pairs`, 'median s', 'min s', 'max s'],
			row('nsys profile + nsys export', bare.slice(1)),
			row('benchmark -np 1', ours.slice(1)),
			row('difference, pair by pair', difference),
		];
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
};

if (process.argv[1] === import.meta.filename) {
	console.table(measureLauncherCost() ?? [[noNsys]]);
}
