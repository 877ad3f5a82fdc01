/** Why two sides leave nothing to compare. */

import {UserError} from '../../base/errors.ts';
import {listComparedSamples, type MetricChoice} from './side-samples.ts';
import type {Side} from './side.ts';
import type {ComparedMetric} from '../../schemas/comparison.ts';

const listExamples = ({processes}: Side): string => {
	const paths = [...new Set(processes.flatMap(({values}) => [...values.keys()]))];
	const shown = paths.slice(0, 3).map((path) => `"${path}"`);
	return shown.length === 0 ? 'none' : `${shown.join(', ')}${paths.length > 3 ? ', ...' : ''}`;
};

const has = ({processes}: Side, metric: ComparedMetric): boolean =>
	processes.some(({values}) => [...values.values()].some((own) => own[metric] !== undefined));

const hasGpu = ({processes}: Side): boolean => processes.some(({gpuTraced}) => gpuTraced);

/** Sides that have no value at all of what was asked for; undefined where that is not the reason. */
const explainMetrics = (
	sides: readonly [Side, Side],
	{only}: MetricChoice,
): UserError | undefined => {
	const missing = (only ?? []).map((metric) => sides.filter((side) => !has(side, metric)));
	if (missing.length === 0 || missing.some(({length}) => length === 0)) {
		return undefined;
	}

	const without = sides.filter((side) => missing.some((lacking) => lacking.includes(side)));
	const [a, b] = without.map(({input}) => input.label);
	const who = b === undefined ? `${a ?? ''} has` : `${a ?? ''} and ${b} have`;
	return only?.every((metric) => metric.startsWith('gpu_')) && without.some((side) => !hasGpu(side))
		? new UserError(`${who} no GPU time: no GPU work was recorded there`, {
				next: 'Compare CPU times (without --metric), or measure it on a GPU, with nsys and its CUDA trace.',
			})
		: new UserError(`${who} no ${only?.join(', ') ?? ''} of any range`, {
				next: 'Leave --metric out to compare what both sides have.',
			});
};

export const explainNothing = (
	baseline: Side,
	candidate: Side,
	metrics: MetricChoice,
): UserError => {
	const sides = [baseline, candidate] as const;
	const [a, b] = [baseline.input.label, candidate.input.label];
	const anything = listComparedSamples(sides, metrics, () => true);
	if (anything.length > 0) {
		return new UserError(`no range of ${a} and ${b} fits --range and --metric`, {
			next: `Ranges are such as "${anything[0]?.path ?? ''}"; "*" stands for any text.`,
		});
	}

	const left = sides
		.flatMap(({notes}) => notes)
		.flatMap(({code, message}) => (code === 'no-numbers' ? ` ${message}` : []));
	return (
		explainMetrics(sides, metrics) ??
		new UserError(`${a} and ${b} have no range and metric in common`, {
			next: `Ranges of ${a}: ${listExamples(baseline)}. Ranges of ${b}: ${listExamples(candidate)}.${left.join('')}`,
		})
	);
};
