/** The options of `benchmark compare`. */

import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import {comparisonFormats, type ComparisonFormat} from '../report/comparison-formats.ts';
import {comparisonSorts, type ComparisonSort} from '../report/comparison-order.ts';
import {createLimitSearch, parseGateLimits} from '../results/comparison/gate-limits.ts';
import type {CompareOptions} from '../results/comparison/candidate-comparison.ts';
import {defaultComparison} from '../results/comparison/judged-changes.ts';
import {comparedMetrics, type ComparedMetric} from '../schemas/comparison.ts';
import {
	batchPatternOption,
	choiceOption,
	countOption,
	flagOption,
	listOption,
	optionParser,
	withLogLevel,
	type Parsed,
} from './options.ts';

const usage = `benchmark compare [options] <baseline> <candidate>...
benchmark compare [options] -b <folder of runs> -c <folder of runs>...

What became faster or slower, by how much, and what can be trusted of that. A side is a run folder, a benchmark_mean.json
or benchmark.json (also those of CV-CUDA's launcher), a report or export, or a folder of them. With -b and -c each holds a
run per sample, and samples of the same name are compared. Studies (study.json of benchmark triton) are compared with
studies, point by point; a single one by its variants, and study.json#VARIANT is one of them.`;

/** As the model has them: what matters first, by time gained or lost. */
const impact = 'impact';
const sorts = [impact, ...comparisonSorts.filter((sort) => sort !== 'given')] as const;

export const withSelection = (parser: Argv): Argv =>
	parser
		.option('range', {
			type: 'string',
			requiresArg: true,
			describe:
				'only these: "pipeline/*"; "*" is any text, a part of a path will do; may be repeated',
		})
		.option('metric', {
			type: 'string',
			requiresArg: true,
			describe: 'only these, such as cpu_time,gpu_time (all that say something); may be repeated',
		})
		.option('sort', {
			type: 'string',
			requiresArg: true,
			default: impact,
			describe: sorts.join(', '),
		})
		.option('all', {type: 'boolean', describe: 'every row, not what matters only'});

export const withJudgement = (parser: Argv): Argv =>
	parser
		.option('fail-on', {
			type: 'string',
			requiresArg: true,
			describe: 'exit code 1 if worse: 5%, or gpu_time:pipeline/*=3%,cpu_time=10%; may be repeated',
		})
		.option('require-verdict', {
			type: 'boolean',
			describe: 'exit code 4 where the data do not suffice for a verdict',
		})
		.option('despite-differences', {
			type: 'boolean',
			describe: 'judge sides of unlike machines, drivers, warm-up, ...',
		})
		.option('noise-floor', {
			type: 'string',
			requiresArg: true,
			describe: 'a calibration of ab (the one that is kept for these runs)',
		});

const withReading = (parser: Argv): Argv =>
	parser
		.option('kernels', {
			type: 'string',
			requiresArg: true,
			default: '3',
			describe: 'reports of each side to read for kernels of ranges that changed',
		})
		.option('warmup-batches', {
			alias: ['w', 'warmup_batches'],
			type: 'string',
			requiresArg: true,
			default: '1',
			describe: 'of reports and exports: batches that do not count, at each end',
		})
		.option('batch', {
			type: 'string',
			requiresArg: true,
			describe: 'of reports and exports: batches by name (names such as batch_0)',
		})
		.option('nsys', {type: 'string', requiresArg: true, describe: 'the nsys that opens reports'});

const withSamples = (parser: Argv): Argv =>
	parser
		.option('b', {
			alias: ['baseline-root', 'baseline_root'],
			type: 'string',
			requiresArg: true,
			describe: 'folder with a run per sample: the baseline',
		})
		.option('bn', {
			alias: ['baseline-name', 'baseline_name'],
			type: 'string',
			requiresArg: true,
			describe: "its name (the folder's)",
		})
		.option('c', {
			alias: ['compare-roots', 'compare_roots'],
			type: 'array',
			string: true,
			describe: 'folders like it: the candidates',
		})
		.option('cn', {
			alias: ['compare-names', 'compare_names'],
			type: 'array',
			string: true,
			describe: 'their names',
		})
		.option('o', {
			alias: ['output-dir', 'output_dir'],
			type: 'string',
			requiresArg: true,
			describe: 'with -b: also write the table to a CSV file there',
		});

export const compareParser = (): Argv =>
	withSamples(
		withReading(
			withJudgement(
				withSelection(
					withLogLevel(
						optionParser(usage)
							.option('format', {
								type: 'string',
								requiresArg: true,
								default: 'table',
								describe: comparisonFormats.join(', '),
							})
							.option('json', {type: 'boolean', describe: 'the same as --format json'}),
					),
				),
			),
		),
	);

export interface CompareRequest {
	readonly format: ComparisonFormat;
	readonly sort: ComparisonSort;
	readonly all: boolean;
	/** As typed; empty where it was not given. */
	readonly ranges: readonly string[];
	readonly metrics: readonly ComparedMetric[] | null;
	/** As typed, all of it. */
	readonly failOn: string | null;
	readonly requireVerdict: boolean;
	readonly mostReports: number;
	readonly warmupBatches: number;
	readonly batchPattern: RegExp;
	/** All but the noise floors, which depend on what is compared. */
	readonly compare: Omit<CompareOptions, 'noiseFloorOf'>;
}

const readMetric = (text: string, name: string): ComparedMetric => {
	const metric = comparedMetrics.find((candidate) => candidate === name.trim());
	if (metric === undefined) {
		throw new UserError(`--metric ${text}: "${name.trim()}" is no metric`, {
			next: `Metrics are ${comparedMetrics.join(', ')}.`,
		});
	}

	return metric;
};

/** @throws UserError for an unknown one */
const readMetrics = (texts: readonly string[]): readonly ComparedMetric[] | null =>
	texts.length === 0
		? null
		: [...new Set(texts.flatMap((text) => text.split(',').map((name) => readMetric(text, name))))];

/** A range is spelled as in --fail-on, and is searched for in the same way: any of them will do. */
const readRanges = (ranges: readonly string[]): CompareOptions['fits'] => {
	const search = createLimitSearch(ranges.map((pattern) => ({metric: null, pattern, limit: 0})));
	return ranges.length === 0 ? () => true : (path, metric) => search(path, metric).length > 0;
};

const readFormat = (parsed: Parsed): ComparisonFormat => {
	const format = choiceOption(parsed, 'format', comparisonFormats);
	if (flagOption(parsed, 'json') && format !== 'table' && format !== 'json') {
		throw new UserError(`--json and --format ${format} exclude each other`);
	}

	return flagOption(parsed, 'json') ? 'json' : format;
};

/** @throws UserError */
export const readCompareRequest = (parsed: Parsed): CompareRequest => {
	const ranges = listOption(parsed, 'range');
	const metrics = readMetrics(listOption(parsed, 'metric'));
	const failOn = listOption(parsed, 'fail-on');
	const limits = failOn.flatMap(parseGateLimits);
	const sort = choiceOption(parsed, 'sort', sorts);
	return {
		format: readFormat(parsed),
		sort: sort === impact ? 'given' : sort,
		all: flagOption(parsed, 'all'),
		ranges,
		metrics,
		failOn: failOn.length === 0 ? null : failOn.join(','),
		requireVerdict: flagOption(parsed, 'require-verdict'),
		mostReports: countOption(parsed, 'kernels', 0),
		warmupBatches: countOption(parsed, 'warmup-batches', 0),
		batchPattern: batchPatternOption(parsed),
		compare: {
			statistics: defaultComparison,
			metrics: {only: metrics, also: new Set(limits.flatMap(({metric}) => metric ?? []))},
			fits: readRanges(ranges),
			limits,
			despiteDifferences: flagOption(parsed, 'despite-differences'),
		},
	};
};
