/**
 * The batches of each holder over the time of a run: a picture per holder, so that drift, outliers and processes that differ
 * are seen. Repeats follow each other from left to right.
 */

import {
	drawEach,
	drawTogether,
	groupBy,
	listUncounted,
	medianOf,
	nameProcess,
	placeRepeats,
	type ProcessBatches,
	type Repeats,
	type Time,
} from './batch-series.ts';
import {plural} from '../base/plural.ts';
import {formatText} from './cell-text.ts';
import {drawFigure} from './charts/draw-figure.ts';
import type {LanesPanel, LinesPanel} from './charts/figure.ts';

export interface BatchFigures {
	/** SVG text, the costliest holder first. */
	readonly pictures: readonly string[];
	/** Holders that have none. */
	readonly hidden: number;
}

const mostFigures = 12;
/** Lines that can be told apart. */
const mostLines = 8;
/** Single batches that can. */
const mostMarkers = 1200;
/** Of the median, up and down: what is shown at least, or the noise of a steady program would look like a storm. */
const leastSpread = 0.02;
const repeatLane = ({spans}: Repeats): readonly LanesPanel[] =>
	spans.length < 2
		? []
		: [{kind: 'lanes', laneHeight: 13, label: 'repeats', lanes: [{label: 'repeats', spans}]}];

const words = {
	'warm-up': 'warm-up',
	uncounted: 'without items or unfinished',
	dropped: 'throttled',
} as const;

const describeNotes = (
	processes: readonly ProcessBatches[],
	markers: boolean,
	leftOut: number,
): readonly string[] => {
	const roles = new Set(processes.flatMap(({batches}) => batches.map(({role}) => role)));
	const named = [
		...[...roles].flatMap((role) => (role === null || role === 'measured' ? [] : [words[role]])),
		...(processes.some(({incomplete}) => incomplete) ? ['of a worker that did not complete'] : []),
	];
	return [
		...(named.length === 0
			? []
			: [`${markers ? 'Hollow' : 'Grey'}: not in the statistics (${named.join(', ')}).`]),
		...(roles.has(null) ? ['Which of them are warm-up is not known.'] : []),
		...(leftOut === 0 ? [] : [`Left out: ${plural(leftOut, 'worker')} that did not complete.`]),
	];
};

/** Among many, those that did not complete are left out: no median tells them from others. */
const chooseProcesses = (
	all: readonly ProcessBatches[],
	each: boolean,
): readonly ProcessBatches[] => {
	const complete = all.filter(({incomplete}) => !incomplete);
	return each || complete.length === 0 ? all : complete;
};

const chooseBounds = (processes: readonly ProcessBatches[], time: Time): readonly number[] => {
	const values = processes.flatMap(({batches}) => batches.map((batch) => batch[time]));
	const median = medianOf(values.toSorted((a, b) => a - b));
	return [median * (1 - leastSpread), median * (1 + leastSpread)];
};

const drawHolder = (path: string, all: readonly ProcessBatches[]): string => {
	const each = groupBy(all, nameProcess).size <= mostLines;
	const processes = chooseProcesses(all, each);
	const repeats = placeRepeats(processes);
	const count = processes.reduce((sum, {batches}) => sum + batches.length, 0);
	const markers = each && count <= mostMarkers;
	const bands = markers ? [] : listUncounted(processes, repeats);
	const panel = (label: string, time: Time, height: number): LinesPanel => ({
		kind: 'lines',
		height,
		y: {label, scale: 'linear', from: 'data', include: chooseBounds(processes, time)},
		bands,
		series: each
			? drawEach(processes, time, repeats, markers)
			: drawTogether(processes, time, repeats),
	});
	const gpuTraced = processes.some((one) => one.gpuTraced);
	const name = formatText(path, 200);
	return drawFigure({
		title: name,
		subtitle: `${plural(count, 'batch', 'batches')} in the order of their numbers${repeats.spans.length > 1 ? ', the repeats one after another' : ''}`,
		description: `Time of each batch ${name} in the order of their numbers, ${plural(processes.length, 'process', 'processes')} over all repeats`,
		x: {
			label: repeats.spans.length > 1 ? 'batch, counted over the repeats' : 'batch',
			scale: 'linear',
			from: 'data',
			values: 'measured',
		},
		panels: [
			panel('CPU time (ms)', 'cpuTime', gpuTraced ? 190 : 230),
			...(gpuTraced ? [panel('GPU time (ms)', 'gpuTime', 190)] : []),
			...repeatLane(repeats),
		],
		notes: describeNotes(processes, markers, all.length - processes.length),
	});
};

const costOf = (processes: readonly ProcessBatches[]): number =>
	processes.reduce(
		(sum, {batches}) =>
			batches.reduce((own, {cpuTime, gpuTime}) => own + Math.max(cpuTime, gpuTime), sum),
		0,
	);

export const drawBatchFigures = (processes: readonly ProcessBatches[]): BatchFigures => {
	const holders = [...groupBy(processes, ({path}) => path)].toSorted(
		([, a], [, b]) => costOf(b) - costOf(a),
	);
	return {
		pictures: holders.slice(0, mostFigures).map(([path, own]) => drawHolder(path, own)),
		hidden: Math.max(0, holders.length - mostFigures),
	};
};
