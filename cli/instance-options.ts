/** The options of `benchmark triton instances` beyond those of a sweep. */

import path from 'node:path';
import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import {readChoices, readGrid} from '../perf-analyzer/grid.ts';
import type {InstanceGrid} from '../perf-analyzer/instance-variant.ts';
import {readServerUrl} from '../perf-analyzer/server-client.ts';
import type {SweepPlan} from '../schemas/sweep.ts';
import {splitCommand} from './command-words.ts';
import {flagOption, secondsOption, textOption, valueOption, type Parsed} from './options.ts';
import {repositoryPlaceholder, requirePlaceholder} from './restart-host.ts';
import {plotKindsOption, withPlotOptions} from './study-plots.ts';
import type {PlotKind} from './plot-files.ts';

export const withInstanceOptions = (parser: Argv): Argv =>
	withPlotOptions(parser)
		.option('instances', valueOption('how many: 1:4, or 1,2,4'))
		.option('instances-of', valueOption('the model that gets them, where -m is an ensemble'))
		.option('kind', valueOption('cpu, gpu, or both: cpu,gpu (as the model has it)'))
		.option('gpus', valueOption('with --kind gpu: device ids; the count is that of each (0,1)'))
		.option(
			'server-command',
			valueOption(`starts a server for each count; ${repositoryPlaceholder} is its models' folder`),
		)
		.option('repository', valueOption('with --server-command: the models, which are only read'))
		.option('keep-repository', {
			type: 'boolean',
			describe: 'with --server-command: the copies of the models stay in the output folder',
		})
		.option(
			'server-timeout',
			valueOption('seconds for a server or a model to be ready', {default: '300'}),
		)
		.option('trace-server', {
			type: 'boolean',
			describe:
				'with --server-command: once more under nsys, for the ranges and kernels of its models',
		})
		.option('nsys', valueOption('with --trace-server: the nsys to use'));

const valued: readonly string[] = [
	...['instances', 'instances-of', 'kind', 'gpus', 'server-command', 'repository'],
	...['server-timeout', 'nsys', 'plots'],
];

const flags: readonly string[] = ['keep-repository', 'trace-server', 'no-plots', 'help'];

/** Takes the options above out of a command line; the others are those of a sweep and of perf_analyzer. */
export const splitInstanceArguments = (
	argv: readonly string[],
): {readonly own: readonly string[]; readonly sweep: readonly string[]} => {
	const [own, sweep]: [string[], string[]] = [[], []];
	const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
	for (let place = 0; place < argv.length; place++) {
		const word = argv[place] ?? '';
		const [, name = '', attached] = /^--([^=]+)(=.*)?$/s.exec(word) ?? [];
		const isValued = place < end && valued.includes(name);
		if (!isValued && !(place < end && (flags.includes(name) || word === '-h'))) {
			sweep.push(word);
		} else if (isValued && attached === undefined && place + 1 < argv.length) {
			own.push(`${word}=${argv[++place] ?? ''}`);
		} else {
			own.push(word);
		}
	}

	return {own, sweep};
};

/** How a server comes to hold other instances. */
export type ServerWay =
	| {readonly kind: 'reload'}
	| {
			readonly kind: 'restart';
			readonly command: readonly string[];
			readonly repository: string;
			readonly keepsCopies: boolean;
	  };

export interface InstanceOptions {
	readonly grid: InstanceGrid;
	readonly way: ServerWay;
	readonly url: URL;
	readonly timeoutMs: number;
	readonly traces: boolean;
	/** --nsys; null: search. */
	readonly nsys: string | null;
	/** Empty: no pictures. */
	readonly plots: readonly PlotKind[];
}

const readGpus = (parsed: Parsed): readonly number[] => {
	const text = textOption(parsed, 'gpus');
	const words = text?.split(',').map((word) => word.trim()) ?? [];
	const odd = words.find((word) => !/^\d{1,4}$/.test(word));
	if (odd !== undefined) {
		throw new UserError(`--gpus ${text ?? ''}: "${odd}" is no device id`, {
			next: 'It takes numbers as nvidia-smi counts them: 0,1.',
		});
	}

	return [...new Set(words.map(Number))];
};

const readInstanceGrid = (parsed: Parsed, given: string): InstanceGrid => {
	const models = given.split(',').map((name) => name.trim());
	const counts = textOption(parsed, 'instances');
	if (models.includes('') || counts === undefined) {
		throw new UserError(
			counts === undefined ? 'no --instances are given' : `-m ${given} has an empty name`,
			{next: 'benchmark triton instances -m MODEL --instances 1:4 measures it with 1 to 4.'},
		);
	}

	const kind = textOption(parsed, 'kind');
	const gpus = readGpus(parsed);
	const kinds =
		kind === undefined
			? gpus.length > 0
				? (['gpu'] as const)
				: []
			: readChoices(kind, ['cpu', 'gpu'], '--kind');
	if (gpus.length > 0 && !kinds.includes('gpu')) {
		throw new UserError('--gpus has no meaning with --kind cpu', {
			next: '--kind cpu,gpu measures both.',
		});
	}

	return {
		models: [...new Set(models)],
		edited: textOption(parsed, 'instances-of') ?? null,
		counts: readGrid(counts, {flag: '--instances', whole: true}),
		kinds,
		gpus,
	};
};

const readWay = (parsed: Parsed, cwd: string): ServerWay => {
	const text = textOption(parsed, 'server-command');
	const repository = textOption(parsed, 'repository');
	const idle = ['repository', 'keep-repository', 'trace-server'].find(
		(name) => parsed[name] !== undefined && parsed[name] !== false,
	);
	if (text === undefined) {
		if (idle !== undefined) {
			throw new UserError(`--${idle} has no meaning without --server-command`, {
				next: 'Without it, the models of the server that runs are loaded anew.',
			});
		}

		return {kind: 'reload'};
	}

	const command = splitCommand(text, '--server-command');
	requirePlaceholder(command);
	if (repository === undefined) {
		throw new UserError('--server-command needs --repository', {
			next: `The folder of the models: a copy of it with other instances takes the place of ${repositoryPlaceholder}.`,
		});
	}

	const keepsCopies = flagOption(parsed, 'keep-repository');
	return {kind: 'restart', command, repository: path.resolve(cwd, repository), keepsCopies};
};

/** @param plan of the sweep, whose model is what -m says: names of several, with commas between */
export const readInstanceOptions = (
	parsed: Parsed,
	{model, urls}: Pick<SweepPlan, 'model' | 'urls'>,
	cwd: string,
): InstanceOptions => ({
	grid: readInstanceGrid(parsed, model),
	way: readWay(parsed, cwd),
	url: readServerUrl(urls.http ?? 'localhost:8000', '--http-url'),
	timeoutMs: (secondsOption(parsed, 'server-timeout') ?? 300) * 1000,
	traces: flagOption(parsed, 'trace-server'),
	nsys: textOption(parsed, 'nsys') ?? null,
	plots: plotKindsOption(parsed),
});
