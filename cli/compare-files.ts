/** One JSON file that `compare` was given or found: whose it is, and what it holds. */

import {readFileSync} from 'node:fs';
import {messageOf, systemCodeOf, UserError} from '../base/errors.ts';
import type {ResultFacts} from '../results/comparison/compared-input.ts';
import {readForeignValues} from '../results/comparison/foreign-values.ts';
import {readOwnMean, readOwnProcess} from '../results/comparison/own-values.ts';
import type {SideProcess} from '../results/comparison/side.ts';
import {MeanResult, ProcessResult} from '../schemas/benchmark-result.ts';
import {
	CvcudaMean1,
	CvcudaMean2,
	CvcudaProcess1,
	CvcudaProcess2,
	type CvcudaTree,
} from '../schemas/cvcuda-result.ts';
import {checkShape, measureDepth, parseLenientJson, type Checked} from '../schemas/lenient-json.ts';

export interface ResultFile extends ResultFacts {
	readonly file: string;
	/** A process's result, or a run's means. */
	readonly holds: 'process' | 'mean';
	/** Whether its worker ended before its time. */
	readonly incomplete: boolean;
	/** @param repeat 0-based */
	readonly read: (repeat: number) => SideProcess;
}

const next = 'Give a run folder, a benchmark_mean.json, a benchmark.json, reports or exports.';

/** Levels of JSON. */
const deepest = 1000;

const readJson = (file: string): unknown => {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (error) {
		throw new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	}

	if (measureDepth(text) > deepest) {
		throw new UserError(`${file} is nested more than ${deepest} deep: no program's ranges are`, {
			next,
		});
	}

	try {
		return parseLenientJson(text);
	} catch (error) {
		if (systemCodeOf(error) !== undefined) {
			throw error;
		}

		throw new UserError(`${file} is not JSON: ${messageOf(error)}`, {next, cause: error});
	}
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A file that has the keys of a format must have its shape too. @throws UserError */
const requireShape = <Value>(checked: Checked<Value>, file: string, title: string): Value => {
	if (checked.kind === 'misfit') {
		throw new UserError(`${file} looks like ${title}, and is not: ${checked.problem}`, {next});
	}

	return checked.data;
};

/** @throws UserError for times that are no milliseconds */
const requireMilliseconds = (value: Readonly<Record<string, unknown>>, file: string): void => {
	const {meta} = value;
	const unit = isObject(meta) ? meta['measurement_unit'] : undefined;
	if (unit !== undefined && unit !== 'milliseconds') {
		throw new UserError(`${file} has its times in ${JSON.stringify(unit)}, not milliseconds`, {
			next: 'Only files in milliseconds can be compared: measure it again with this version.',
		});
	}
};

const readOwn = (value: Readonly<Record<string, unknown>>, file: string): ResultFile => {
	if (value['formatVersion'] !== 1) {
		throw new UserError(
			`${file} is of format ${JSON.stringify(value['formatVersion'])}, and this version reads format 1`,
			{next: 'Compare it with the version of benchmark that wrote it.'},
		);
	}

	const common = {file, format: 'nsys-benchmark', batchValue: 'median'} as const;
	if ('mean_all_batches' in value) {
		const mean = requireShape(checkShape(MeanResult, value), file, 'a benchmark_mean.json');
		const {meta} = mean;
		return {
			...common,
			holds: 'mean',
			meta,
			warmupBatches: meta.warmup_batches,
			incomplete: false,
			read: () => readOwnMean(mean),
		};
	}

	if (!('data' in value)) {
		throw new UserError(`${file} is a file of benchmark, but holds no results`, {next});
	}

	const result = requireShape(checkShape(ProcessResult, value), file, 'a benchmark.json');
	return {
		...common,
		holds: 'process',
		meta: result.meta,
		warmupBatches: result.meta.warmup_batches,
		incomplete: result.warnings.some(({code}) => code === 'incomplete'),
		gpu:
			result.gpu_metrics === undefined
				? null
				: {metrics: result.gpu_metrics, usesGpu: result.meta.gpu_traced},
		read: (repeat) => readOwnProcess(result, repeat),
	};
};

interface ForeignParts {
	readonly holds: ResultFile['holds'];
	readonly format: ResultFile['format'];
	readonly data: CvcudaTree;
	readonly batches: CvcudaTree;
	readonly meta: ResultFile['meta'];
}

/** By the keys that only they have; undefined for other tools' files. */
const splitForeign = (
	value: Readonly<Record<string, unknown>>,
	file: string,
): ForeignParts | undefined => {
	const title = "a file of CV-CUDA's launcher";
	if ('data_mean_all_procs' in value) {
		const mean = requireShape(checkShape(CvcudaMean2, value), file, title);
		const {data_mean_all_procs: data, data_stats_minus_warmup_all_procs: batches = {}} = mean;
		return {holds: 'mean', format: 'cvcuda-0.15', data, batches, meta: mean.meta ?? {}};
	}

	if ('mean_all_batches' in value) {
		const mean = requireShape(checkShape(CvcudaMean1, value), file, title);
		const {mean_all_batches: data, mean_data: batches} = mean;
		return {holds: 'mean', format: 'cvcuda-0.4', data, batches, meta: mean.meta ?? {}};
	}

	if ('data' in value && 'data_stats_minus_warmup' in value) {
		const one = requireShape(checkShape(CvcudaProcess2, value), file, title);
		const {data, data_stats_minus_warmup: batches} = one;
		return {holds: 'process', format: 'cvcuda-0.15', data, batches, meta: one.meta ?? {}};
	}

	if ('data' in value && 'mean_data' in value) {
		const one = requireShape(checkShape(CvcudaProcess1, value), file, title);
		return {
			holds: 'process',
			format: 'cvcuda-0.4',
			data: one.data,
			batches: one.mean_data,
			meta: one.meta ?? {},
		};
	}

	return undefined;
};

const listKeys = (value: unknown): string =>
	isObject(value)
		? `an object with ${Object.keys(value)
				.slice(0, 4)
				.map((key) => `"${key}"`)
				.join(', ')}`
		: Array.isArray(value)
			? 'a list'
			: 'a single value';

const readForeign = (value: Readonly<Record<string, unknown>>, file: string): ResultFile => {
	// perf_utils writes it before there is a time.
	if ('batch_info' in value && 'inside_batch_info' in value) {
		throw new UserError(
			`${file} is what the program itself wrote: it lists ranges, and has no times`,
			{
				next: 'Measure the program with benchmark (or its own launcher), and compare what that writes.',
			},
		);
	}

	const parts = splitForeign(value, file);
	if (parts === undefined) {
		throw new UserError(
			`${file} is none of the files that compare reads: it is ${listKeys(value)}`,
			{
				next,
			},
		);
	}

	const {holds, format, data, batches, meta} = parts;
	return {
		file,
		holds,
		format,
		batchValue: format === 'cvcuda-0.4' ? 'mean' : 'median',
		meta,
		warmupBatches: null,
		incomplete: false,
		read: (repeat) => readForeignValues(data, batches, repeat),
	};
};

/** @throws UserError for a file that cannot be read or is none of those that can be compared */
export const readResultFile = (file: string): ResultFile => {
	const value = readJson(file);
	if (!isObject(value)) {
		throw new UserError(
			`${file} is none of the files that compare reads: it is ${listKeys(value)}`,
			{
				next,
			},
		);
	}

	requireMilliseconds(value, file);
	return 'formatVersion' in value ? readOwn(value, file) : readForeign(value, file);
};
