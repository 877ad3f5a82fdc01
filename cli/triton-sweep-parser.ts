/** What `triton sweep` takes, and which words of its command line are its own and not perf_analyzer's. */

import type {Argv} from 'yargs';
import {rowFormats} from '../report/row-formats.ts';
import {optionParser, withLogLevel} from './options.ts';
import {sloDescription} from './slo-option.ts';
import {withPlotOptions} from './study-plots.ts';

const usage = `benchmark triton sweep -m MODEL [options] [perf_analyzer's options] [-- more of them]

Measures a model on an inference server: one perf_analyzer for each point, all that it writes
kept. perf_analyzer's own options work as they are; what a sweep varies or judges is listed here.`;

/** Those with one dash and several letters, or with an underscore, too. */
const valued: Readonly<Record<string, {readonly describe: string; readonly alias?: string[]}>> = {
	'model-name': {alias: ['m'], describe: 'the model'},
	concurrency: {describe: 'requests in flight: 1:65:8, 1:64:x2 (powers), 1,2,4 (default: 1)'},
	'request-rate': {describe: 'requests per second instead, written alike'},
	'batch-size': {alias: ['b'], describe: 'inferences of a request: 1 or 1,4,8 (default: 1)'},
	protocol: {alias: ['i'], describe: 'http, grpc, or http,grpc (default: http)'},
	'shared-memory': {describe: 'none, system, cuda, or several of them (default: none)'},
	url: {alias: ['u'], describe: "the server's host:port (localhost:8000, for gRPC localhost:8001)"},
	'http-url': {describe: 'where both protocols are swept: of HTTP'},
	'grpc-url': {describe: '... and of gRPC'},
	repeat: {describe: 'measure the whole grid so often (default: 1)'},
	'warmup-requests': {describe: 'before each point, at least so many (default: 10; 0: none)'},
	'stability-percentage': {
		alias: ['s'],
		describe: 'a point is stable where its last three windows differ by no more (default: 10)',
	},
	'latency-threshold': {alias: ['l'], describe: 'ms; a point above is marked, not dropped'},
	'latency-report-file': {
		alias: ['f'],
		describe: 'a CSV of all points as perf_analyzer writes it; its name names the variant',
	},
	slo: {describe: sloDescription},
	label: {describe: 'name of the variant (default: as -f is called, or the model)'},
	'point-timeout': {describe: 's; a point that takes longer is ended (default: by -p)'},
	'perf-analyzer': {describe: 'the perf_analyzer to use (default: the newest that is found)'},
	output_dir: {
		alias: ['o', 'output-dir'],
		describe: 'folder of the sweep (default: sweep-MODEL); with an unfinished one, it goes on',
	},
	'server-command': {describe: 'starts the server for the sweep, and ends it'},
	'server-timeout': {describe: 'with --server-command: s for it to be ready (default: 300)'},
	nsys: {describe: 'with --trace-server: the nsys to use'},
	format: {describe: rowFormats.join(', ')},
};

const flags: Readonly<Record<string, string>> = {
	resume: 'go on with the sweep in the folder, whatever has changed around it',
	fresh: 'remove the sweep in the folder and measure anew',
	'keep-tensors': 'keep inputs and outputs in large request exports, too',
	'trace-server':
		'with --server-command: once more under nsys, for the ranges and kernels of its models',
	'dry-run': "print perf_analyzer's command lines and end",
	all: 'every row of a table, not the first 40 only',
};

export const sweepParser = (): Argv => {
	const parser = withPlotOptions(withLogLevel(optionParser(usage)));
	for (const [name, {describe, alias = []}] of Object.entries(valued)) {
		parser.option(name, {type: 'string', requiresArg: true, describe, alias});
	}

	for (const [name, describe] of Object.entries(flags)) {
		parser.option(name, {type: 'boolean', describe});
	}

	return parser.default('format', 'table').default('repeat', '1');
};

/** Ours in a narrow sense: perf_analyzer has none of that name. */
const ownValued: readonly string[] = [
	...['concurrency', 'request-rate', 'http-url', 'grpc-url', 'repeat', 'warmup-requests', 'slo'],
	...[
		'label',
		'point-timeout',
		'perf-analyzer',
		'output_dir',
		'output-dir',
		'o',
		'format',
		'plots',
	],
	...['server-command', 'server-timeout', 'nsys'],
	...['log-level', 'log_level', 'll'],
];

/** @param name without dashes */
export const isOwnOption = (name: string): boolean =>
	ownValued.includes(name) ||
	Object.hasOwn(flags, name) ||
	['help', 'h', 'no-plots'].includes(name);

/** @param word an option of ours, as it was written */
export const takesNextWord = (word: string): boolean =>
	ownValued.includes(word.replace(/^--?/, ''));
