/**
 * What annotations cost a program: push and pop of one range, in nanoseconds, with no profiler, with the built-in one,
 * and under nsys. Run alone: npx tsx bench/annotation-overhead.ts
 */

import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
import {BenchmarkPerf, rangePop, rangePush} from '../annotations/typescript/index.ts';
import {workerEnvironment} from '../base/annotation-protocol.ts';
import {nsysForTests} from '../test/support/nsys.ts';

/** One way to annotate: does it `times` times. */
interface Way {
	readonly name: string;
	readonly repeat: (times: number) => void | Promise<void>;
}

const rounds = 15;
const callsPerRound = 5000;

/** Work that the compiler cannot leave out. */
const calls = new Int32Array(1);
const callEmpty = (): void => {
	calls[0] = (calls[0] ?? 0) + 1;
};

const repeatCall =
	(call: () => void) =>
	(times: number): void => {
		for (let index = 0; index < times; index++) {
			call();
		}
	};

const repeatAwaited =
	(call: () => Promise<void>) =>
	async (times: number): Promise<void> => {
		for (let index = 0; index < times; index++) {
			await call();
		}
	};

const listWays = (): Way[] => {
	const perf = new BenchmarkPerf('overhead', {deviceId: 0, outputDir: tmpdir()});
	// eslint-disable-next-line @typescript-eslint/require-await -- the promise is what is measured
	const emptyAsync = async (): Promise<void> => {
		callEmpty();
	};
	// Stages stand inside something; the outermost range of an object has a note of its own.
	perf.pushRange('pipeline');
	const styled = {color: 'red', domain: 'bench', category: 'stage'};
	return [
		{name: 'an empty function', repeat: repeatCall(callEmpty)},
		{
			name: 'rangePush + rangePop',
			repeat: repeatCall(() => {
				rangePush('stage');
				rangePop();
			}),
		},
		{
			name: '  with color, domain, category',
			repeat: repeatCall(() => {
				rangePush('stage', styled);
				rangePop('bench');
			}),
		},
		{
			name: 'perf.pushRange + popRange',
			repeat: repeatCall(() => {
				perf.pushRange('stage');
				perf.popRange();
			}),
		},
		{
			name: 'using perf.range(name)',
			repeat: repeatCall(() => {
				perf.range('stage')[Symbol.dispose]();
			}),
		},
		{name: 'an awaited empty async function', repeat: repeatAwaited(emptyAsync)},
		// From here on AsyncLocalStorage is at work, which on Node 20 makes every promise of the process dearer.
		{
			name: 'perf.range(name, body)',
			repeat: repeatCall(() => {
				perf.range('stage', callEmpty);
			}),
		},
		{
			name: 'await perf.range(name, async body)',
			repeat: repeatAwaited(() => perf.range('stage', emptyAsync)),
		},
		{name: 'an awaited empty async function, after that', repeat: repeatAwaited(emptyAsync)},
	];
};

const median = (values: readonly number[]): number =>
	[...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const measureWay = async ({repeat}: Way): Promise<number> => {
	const nsPerCall: number[] = [];
	// The first rounds warm the compiler up.
	for (let round = -5; round < rounds; round++) {
		const start = process.hrtime.bigint();
		await repeat(callsPerRound);
		const ns = Number(process.hrtime.bigint() - start) / callsPerRound;
		if (round >= 0) {
			nsPerCall.push(ns);
		}
	}

	return median(nsPerCall);
};

/** Median ns by way, measured in this process with whatever is attached to it. */
const measureHere = async (): Promise<[string, number][]> => {
	const measured: [string, number][] = [];
	for (const way of listWays()) {
		measured.push([way.name, await measureWay(way)]);
	}

	return measured;
};

const resultVariable = 'ANNOTATION_OVERHEAD_RESULT';
const self = new URL(import.meta.url).pathname;

/** Runs this file once more, under what stands before it on the command line. */
const measureIn = async (
	folder: string,
	prefix: readonly string[],
	environment: Readonly<Record<string, string>>,
): Promise<[string, number][]> => {
	const result = path.join(folder, 'overhead.json');
	const command = [...prefix, process.execPath, '--import', 'tsx', self];
	await promisify(execFile)(command[0] ?? '', command.slice(1), {
		cwd: path.dirname(import.meta.dirname),
		env: {...process.env, TMPDIR: folder, [resultVariable]: result, ...environment},
	});
	return JSON.parse(readFileSync(result, 'utf8')) as [string, number][];
};

const nsysPrefix = (nsys: string, folder: string): string[] => {
	const quiet = ['-t', 'nvtx', '-s', 'none', '--cpuctxsw=none'];
	return [nsys, 'profile', ...quiet, '-f', 'true', '-o', path.join(folder, 'overhead')];
};

/** Rows of a table, its head first. */
export const runAnnotationOverhead = async (): Promise<string[][]> => {
	const folder = mkdtempSync(path.join(tmpdir(), 'annotation-overhead-'));
	const nsys = nsysForTests();
	try {
		const columns = [
			{head: 'no profiler', ns: await measureIn(folder, [], {})},
			{
				head: 'built-in profiler',
				ns: await measureIn(folder, [], {[workerEnvironment.recordingFolder]: folder}),
			},
		];
		if (nsys !== undefined) {
			const head = `nsys ${nsys.version}`;
			columns.push({head, ns: await measureIn(folder, nsysPrefix(nsys.path, folder), {})});
		}

		const names = columns[0]?.ns.map(([name]) => name) ?? [];
		return [
			['ns per call, median', ...columns.map(({head}) => head)],
			...names.map((name, row) => [
				name,
				...columns.map(({ns}) => (ns[row]?.[1] ?? Number.NaN).toFixed(0)),
			]),
		];
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
};

const formatTable = (rows: readonly (readonly string[])[]): string =>
	rows
		.map((cells) =>
			cells.map((cell, column) => (column === 0 ? cell.padEnd(46) : cell.padStart(18))).join(''),
		)
		.join('\n');

const resultFile = process.env[resultVariable];
if (resultFile !== undefined) {
	writeFileSync(resultFile, JSON.stringify(await measureHere()));
} else if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	console.log(formatTable(await runAnnotationOverhead()));
}
