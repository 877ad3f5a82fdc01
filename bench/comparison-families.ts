/** Whole reports: a pipeline and its stages, judged together. */

import {compareSides} from '../results/comparison/compared-ranges.ts';
import {evaluateGate} from '../results/comparison/gate.ts';
import {compareGeometricMeans} from '../results/comparison/geometric-mean.ts';
import {createRandom, type Random} from '../results/random.ts';
import type {RangeComparison} from '../schemas/comparison.ts';
import {drawPipeline} from './comparison-scenarios.ts';

interface Report {
	readonly stages: number;
	readonly processes: number;
	/** What the first stage takes of its former time. */
	readonly factor: number;
}

interface Counted {
	/** Reports that call the first stage slower. */
	found: number;
	/** Reports that call any other stage faster or slower. */
	wrong: number;
	/** Mean over reports of the wrong among all stages that were called changed. */
	discoveries: number;
	/** Gates at 2 % that fired. */
	gates: number;
	/** Geometric means whose interval leaves out the truth. */
	missed: number;
}

const isCalled = ({verdict}: RangeComparison): boolean =>
	verdict === 'slower' || verdict === 'faster';

const simulateReport = (random: Random, report: Report, counted: Counted): void => {
	const {stages, factor} = report;
	const baseline = drawPipeline(random, report, []);
	const candidate = drawPipeline(random, report, [factor]);
	const samples = baseline.map((side, range) => ({
		path: range === 0 ? 'pipeline' : `pipeline/stage_${range}`,
		metric: 'cpu_time' as const,
		baseline: side,
		candidate: candidate[range] ?? [],
	}));
	const comparisons = compareSides(samples);
	const [, first, ...others] = comparisons;
	const wrong = others.filter(isCalled).length;
	const right = factor !== 1 && first !== undefined && isCalled(first) ? 1 : 0;
	const wrongAll = wrong + (factor === 1 ? comparisons.slice(0, 2).filter(isCalled).length : 0);
	counted.found += right;
	counted.wrong += wrongAll > 0 ? 1 : 0;
	counted.discoveries += wrongAll / Math.max(1, wrongAll + right);
	const limits = [{metric: null, pattern: null, limit: 0.02}];
	counted.gates += evaluateGate(comparisons, limits).outcome === 'regression' ? 1 : 0;
	const truth = factor ** (1 / stages) - 1;
	const interval = compareGeometricMeans(samples.slice(1), false).comparison?.interval;
	const holds = interval != null && interval.low <= truth && truth <= interval.high;
	counted.missed += holds ? 0 : 1;
};

const show = (share: number): string => `${(100 * share).toFixed(1)} %`;

const simulateReports = (pairs: number, report: Report): readonly string[] => {
	const random = createRandom(report.stages + 100 * report.processes);
	const counted: Counted = {found: 0, wrong: 0, discoveries: 0, gates: 0, missed: 0};
	for (let pair = 0; pair < pairs; pair++) {
		simulateReport(random, report, counted);
	}

	return [
		`${report.stages} stages, ${report.factor === 1 ? 'no change' : 'the first 10 % slower'}`,
		String(report.processes),
		report.factor === 1 ? '-' : show(counted.found / pairs),
		show(counted.wrong / pairs),
		show(counted.discoveries / pairs),
		show(counted.gates / pairs),
		show(1 - counted.missed / pairs),
	];
};

export const simulateFamilies = (pairs: number): readonly (readonly string[])[] => [
	[
		'report',
		'n a side',
		'stage found',
		'with a wrong range',
		'false discoveries',
		'gate at 2 % fires',
		'geometric mean covered',
	],
	...[5, 30].flatMap((stages) =>
		[1, 1.1].flatMap((factor) =>
			[4, 8].map((processes) => simulateReports(pairs, {stages, processes, factor})),
		),
	),
];
