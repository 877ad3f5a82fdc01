/** Pictures of a study: each a file of its own, `plot.<name>.svg`. Only those that the study has something for. */

import type {TimeShare} from '../schemas/study-answers.ts';
import type {Study, StudyPoint} from '../schemas/study.ts';
import {drawFigure} from './charts/draw-figure.ts';
import {drawBars, type BarFigure} from './charts/draw-bars.ts';
import type {Figure} from './charts/figure.ts';
import {describeParts, describeSteps} from './study-bars.ts';
import {describeGpus, describeInstances} from './study-device-figures.ts';
import {describeLatency, describeOperatingCurve, describeThroughput} from './study-load-figures.ts';
import {listLines, type LoadKind, type StudyLine} from './study-plot-lines.ts';

export interface Plot {
	/** "plot.throughput": the file's name without its ending. */
	readonly name: string;
	readonly svg: string;
}

/** Where the mean latency of a load's repeats goes; empty where the server told nothing. */
export type SplitLatency = (points: readonly StudyPoint[]) => readonly TimeShare[];

/** More lines than these cannot be told apart. */
const mostLines = 12;

const rateSuffix = '-rate';
const loadPlotNames = [
	'throughput',
	'latency',
	'latency-throughput',
	'gpu',
	'instances',
	'latency-parts',
];

/** All that there can be. */
export const studyPlotNames: readonly string[] = [
	'plot.steps',
	...['', rateSuffix].flatMap((suffix) => loadPlotNames.map((name) => `plot.${name}${suffix}`)),
];

const loadKinds: readonly LoadKind[] = ['concurrency', 'request-rate'];

const highestOf = ({loads}: StudyLine): number =>
	loads
		.flatMap(({points}) => points.map(({client}) => client.throughput ?? 0))
		.reduce((most, value) => Math.max(most, value), 0);

interface ChosenLines {
	readonly lines: readonly StudyLine[];
	readonly notes: readonly string[];
}

/** The fastest, in the order of the study. */
const chooseLines = (lines: readonly StudyLine[]): ChosenLines => {
	if (lines.length <= mostLines) {
		return {lines, notes: []};
	}

	const chosen = new Set(lines.toSorted((a, b) => highestOf(b) - highestOf(a)).slice(0, mostLines));
	return {
		lines: lines.filter((line) => chosen.has(line)),
		notes: [
			`The ${String(mostLines)} fastest of ${String(lines.length)} variants; study.json has all.`,
		],
	};
};

const drawLoadPlots = (all: readonly StudyLine[], suffix: string): readonly Plot[] => {
	const {lines, notes} = chooseLines(all);
	const figures: readonly (readonly [string, Figure | null])[] = [
		['throughput', describeThroughput(lines)],
		['latency', describeLatency(lines)],
		['latency-throughput', describeOperatingCurve(lines)],
		['gpu', describeGpus(lines)],
		['instances', describeInstances(all)],
	];
	return figures.flatMap(([name, figure]) =>
		figure === null
			? []
			: [
					{
						name: `plot.${name}${suffix}`,
						svg: drawFigure({...figure, notes: [...figure.notes, ...notes]}),
					},
				],
	);
};

const drawBarPlot = (name: string, figure: BarFigure | null): readonly Plot[] =>
	figure === null ? [] : [{name: `plot.${name}`, svg: drawBars(figure)}];

export const drawStudyPlots = (study: Study, split: SplitLatency): readonly Plot[] => {
	const byKind = loadKinds
		.map((kind) => listLines(study, kind))
		.filter((lines) => lines.length > 0);
	return [
		...drawBarPlot('steps', describeSteps(study)),
		...byKind.flatMap((lines, index) => drawLoadPlots(lines, index === 0 ? '' : rateSuffix)),
		...byKind.flatMap((lines, index) =>
			drawBarPlot(`latency-parts${index === 0 ? '' : rateSuffix}`, describeParts(lines, split)),
		),
	];
};
