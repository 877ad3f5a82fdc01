/**
 * What `--fail-on` says.
 *
 *     5%                                          every range and metric
 *     gpu_time=3%                                 one metric
 *     pipeline/*=3%                               one part of the tree
 *     gpu_time:pipeline/*=3%,cpu_time=10%         several: the last one that fits a range decides
 *
 * A pattern is spelled as paths are (docs/numbers.md): "*" stands for any text, "\" makes the next character mean
 * itself, and it fits a path as a whole or from any "/" on: "stage_1" fits "object/pipeline/batch_*\/stage_1".
 */

import {UserError} from '../../base/errors.ts';
import {comparedMetrics, type ComparedMetric} from '../../schemas/comparison.ts';

export interface GateLimit {
	/** null: every metric. */
	readonly metric: ComparedMetric | null;
	/** As typed; null: every range. */
	readonly pattern: string | null;
	/** How much worse is still accepted, as a share: slower by it, or for throughput lower by it. */
	readonly limit: number;
}

const example = 'Write it as --fail-on 5% or --fail-on "gpu_time:pipeline/*=3%,cpu_time=10%".';

const isMetric = (text: string): text is ComparedMetric =>
	(comparedMetrics as readonly string[]).includes(text);

/** Up to the percentage that ends an entry: a comma in a range's name does not. */
const entryPattern = /\s*((?:[^]*?=)??)\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*%\s*(?:,|$)/iy;

const readLimit = (text: string, expression: string): number => {
	const limit = Number(text) / 100;
	if (!Number.isFinite(limit) || limit < 0) {
		throw new UserError(`--fail-on ${expression}: ${text}% is no limit`, {next: example});
	}

	return limit;
};

/** "metric", "metric:pattern" or "pattern". A metric is no pattern: a range of that name is written "*:cpu_time". */
const readTarget = (target: string, expression: string): Pick<GateLimit, 'metric' | 'pattern'> => {
	if (isMetric(target)) {
		return {metric: target, pattern: null};
	}

	const colon = target.indexOf(':');
	const before = target.slice(0, Math.max(0, colon));
	if (isMetric(before) || before === '*') {
		const pattern = target.slice(colon + 1);
		if (pattern === '') {
			throw new UserError(`--fail-on ${expression}: no range after "${before}:"`, {next: example});
		}

		return {metric: before === '*' ? null : before, pattern};
	}

	const part = target.split(',').find((name) => isMetric(name.trim()));
	if (part !== undefined) {
		throw new UserError(`--fail-on ${expression}: "${part.trim()}" has no limit in %`, {
			next: example,
		});
	}

	// Names of ranges hold colons too ("domain:name"), but a lone word that looks like a metric is a slip.
	if (/^\w*_(time|item)\w*$/.test(colon === -1 ? target : before) || target === '') {
		throw new UserError(`--fail-on ${expression}: "${target}" is no metric`, {
			next: `Metrics are ${comparedMetrics.join(', ')}.`,
		});
	}

	return {metric: null, pattern: target};
};

/** @throws UserError for anything but entries that end in a percentage */
export const parseGateLimits = (expression: string): readonly GateLimit[] => {
	const limits: GateLimit[] = [];
	const text = expression.trim();
	const pattern = new RegExp(entryPattern);
	while (pattern.lastIndex < text.length) {
		const from = pattern.lastIndex;
		const match = pattern.exec(text);
		if (match === null) {
			throw new UserError(`--fail-on ${expression}: "${text.slice(from)}" has no limit in %`, {
				next: example,
			});
		}

		const target = (match[1] ?? '').replace(/=$/, '').trim();
		const limit = readLimit(match[2] ?? '', expression);
		limits.push({
			...((match[1] ?? '') === '' ? {metric: null, pattern: null} : readTarget(target, expression)),
			limit,
		});
	}

	if (limits.length === 0 || text.endsWith(',')) {
		throw new UserError(`--fail-on ${expression}: a limit is missing`, {next: example});
	}

	const rate = limits.find(({metric, limit}) => metric === 'throughput' && limit >= 1);
	if (rate !== undefined) {
		throw new UserError(`--fail-on ${expression}: throughput cannot drop by 100 % or more`, {
			next: example,
		});
	}

	return limits;
};

/** In a path "\" stands before a character that means itself, and the pattern's writer copies it from there. */
const compilePattern = (pattern: string): RegExp => {
	const parts = pattern.match(/\\[^]|[^]/g) ?? [];
	const body = parts
		.map((part) =>
			part === '*' ? '[^]*' : part.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`),
		)
		.join('');
	return new RegExp(`(?:^|(?<!\\\\)/)${body}$`);
};

/** @returns all limits that speak of that metric of that range; the last one decides */
export const createLimitSearch = (
	limits: readonly GateLimit[],
): ((path: string, metric: ComparedMetric) => readonly GateLimit[]) => {
	const compiled = limits.map((limit) => ({
		limit,
		regex: limit.pattern === null ? null : compilePattern(limit.pattern),
	}));
	return (path, metric) =>
		compiled
			.filter(
				({limit, regex}) =>
					(limit.metric === null || limit.metric === metric) && (regex?.test(path) ?? true),
			)
			.map(({limit}) => limit);
};
