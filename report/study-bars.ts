/** Where the latency goes, and a tuning log step by step, as bars. null: the study has nothing for it. */

import type {TimePart, TimeShare} from '../schemas/study-answers.ts';
import type {Study, StudyPoint} from '../schemas/study.ts';
import type {BarFigure, BarGroup, BarPart, BarRow} from './charts/draw-bars.ts';
import {colourOf, type PartLook} from './charts/style.ts';
import {formatTick} from './charts/ticks.ts';
import type {LineLoad, StudyLine} from './study-plot-lines.ts';
import {isTuningLog, listSteps} from './study-steps.ts';

const parts: Readonly<Record<TimePart, {readonly name: string; readonly look: PartLook}>> = {
	client: {name: 'client', look: 'send'},
	network: {name: 'network', look: 'network'},
	overhead: {name: "server's overhead", look: 'overhead'},
	queue: {name: 'queue', look: 'queue'},
	cache: {name: 'cache', look: 'cache'},
	input: {name: 'compute input', look: 'input'},
	infer: {name: 'compute infer', look: 'compute'},
	output: {name: 'compute output', look: 'output'},
	compute: {name: 'compute', look: 'compute'},
	rest: {name: 'not accounted for', look: 'rest'},
};

const order = Object.keys(parts) as readonly TimePart[];

const computing: readonly TimePart[] = ['cache', 'input', 'infer', 'output', 'compute', 'rest'];

/** Of several models each has its colour: pale while requests wait for it, full while it computes. */
const describeModelPart = ({part, model, time}: TimeShare, models: readonly string[]): BarPart => {
	const number = String(colourOf(models.indexOf(model ?? '')));
	const told = model ?? '';
	return part === 'queue'
		? {name: `${told} queue`, look: `p${number}`, value: time}
		: {name: `${told} compute`, look: `f${number}`, value: time};
};

const describePart = (share: TimeShare, models: readonly string[]): BarPart => {
	const {part, model, time} = share;
	const {name, look} = parts[part];
	return model !== null && models.includes(model) && (part === 'queue' || computing.includes(part))
		? describeModelPart(share, models)
		: {name, look: `part-${look}`, value: time};
};

/** Parts of one name are one piece of the bar. */
const joinParts = (bar: readonly BarPart[]): readonly BarPart[] =>
	[...new Map(bar.map((part) => [part.name, part])).values()].map((part) => ({
		...part,
		value: bar.filter(({name}) => name === part.name).reduce((sum, {value}) => sum + value, 0),
	}));

/** In the order of a request's way; of several models one after another. */
const buildBar = (shares: readonly TimeShare[], models: readonly string[]): readonly BarPart[] => {
	const place = ({part, model}: TimeShare): number => {
		const own = order.indexOf(part);
		return !models.includes(model ?? '') || part === 'overhead'
			? part === 'rest'
				? 1e6
				: own
			: 100 + models.indexOf(model ?? '') * 100 + own;
	};
	const sorted = shares.toSorted((a, b) => place(a) - place(b));
	return joinParts(sorted.map((share) => describePart(share, models)));
};

const toShares = (bar: readonly BarPart[]): readonly BarPart[] => {
	const total = bar.reduce((sum, {value}) => sum + value, 0);
	return bar.map((part) => ({...part, value: (part.value / total) * 100}));
};

/** Rows of a picture in all. */
const mostRows = 80;

/** The first and the last are among them. */
const pickEvenly = <Item>(items: readonly Item[], most: number): readonly Item[] => {
	if (items.length <= most) {
		return items;
	}

	const step = (items.length - 1) / (most - 1);
	const places = new Set(Array.from({length: most}, (_, index) => Math.round(index * step)));
	return items.filter((_, index) => places.has(index));
};

interface SplitLoad extends LineLoad {
	readonly shares: readonly TimeShare[];
}

type Split = (points: readonly StudyPoint[]) => readonly TimeShare[];

const isUsable = ({status}: StudyPoint): boolean => status !== 'failed';

const splitLine = ({loads}: StudyLine, split: Split): readonly SplitLoad[] =>
	loads
		.map((load) => ({...load, points: load.points.filter(isUsable)}))
		.filter(({points}) => points.length > 0)
		.map((load) => ({...load, shares: split(load.points)}))
		.filter(({shares}) => shares.length > 0);

const listModels = (shares: readonly TimeShare[]): readonly string[] => [
	...new Set(shares.flatMap(({part, model}) => (part === 'overhead' ? [] : (model ?? [])))),
];

/** The models of an ensemble; a model that is measured by itself needs no colour of its own. */
const listCalled = (shares: readonly TimeShare[]): readonly string[] => {
	const models = listModels(shares);
	return models.length > 1 ? models : [];
};

/** Before the models, which come in their order, and after them. */
const listLegend = (models: readonly string[]): readonly BarPart[] => {
	const plain = order.map((part) => ({part, model: null, time: 0, share: 0}));
	const called = models.flatMap((model) =>
		(['queue', 'infer'] as const).map((part) => ({part, model, time: 0, share: 0})),
	);
	const ordered = [...plain.slice(0, -1), ...called, ...plain.slice(-1)];
	return ordered.map((share) => describePart(share, models));
};

export const describeParts = (lines: readonly StudyLine[], split: Split): BarFigure | null => {
	const told = lines
		.map((line) => ({line, loads: splitLine(line, split)}))
		.filter(({loads}) => loads.length > 0)
		.slice(0, mostRows / 2);
	const [first] = told;
	if (first === undefined) {
		return null;
	}

	const all = told.flatMap(({loads}) => loads);
	const models = [...new Set(all.flatMap(({shares}) => listCalled(shares)))];
	const perLine = Math.max(2, Math.floor(mostRows / told.length));
	const single = all.length === told.length;
	const rowOf = ({shares}: SplitLoad, label: string): BarRow => {
		const bar = buildBar(shares, listCalled(shares).length > 0 ? models : []);
		return {label, bars: [bar, toShares(bar)]};
	};
	const groups = told.map(({line, loads}): BarGroup =>
		single
			? {label: '', rows: loads.map((load) => rowOf(load, line.name))}
			: {
					label: told.length === 1 ? '' : line.name,
					rows: pickEvenly(loads, perLine).map((load) => rowOf(load, formatTick(load.load))),
				},
	);
	const load = first.line.kind === 'concurrency' ? 'concurrency' : 'request rate';
	return {
		title: 'Where the latency goes',
		subtitle: single ? 'mean latency of a request' : `mean latency of a request, by ${load}`,
		description: `Parts of the mean latency; ${told.map(({line}) => line.name).join('; ')}`,
		parts: listLegend(models),
		columns: [
			{label: 'mean latency (ms)', formatSum: (sum) => formatTick(Number(sum.toPrecision(3)))},
			{label: 'share of it (%)', upTo: 100},
		],
		groups,
		notes: all.length > mostRows ? ['Not all loads are shown; study.json has all.'] : [],
	};
};

const meanOf = (values: readonly (number | undefined)[]): number => {
	const known = values.filter((value) => value !== undefined);
	return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
};

const toThreeDigits = (value: number): string => formatTick(Number(value.toPrecision(3)));

/** A tuning log: its variants in the order in which they were tried. */
export const describeSteps = (study: Pick<Study, 'points'>): BarFigure | null => {
	if (!isTuningLog(study)) {
		return null;
	}

	const steps = listSteps(study).slice(0, mostRows);
	const rows = steps.map(({name, points, throughput}): BarRow => {
		const percentile = (wanted: number): number =>
			meanOf(
				points.map(
					({client}) => client.percentiles.find((entry) => entry.percentile === wanted)?.time,
				),
			);
		const tail = percentile(99);
		const latency = Number.isNaN(tail) ? meanOf(points.map(({client}) => client.mean)) : tail;
		return {
			label: name,
			bars: [
				[{name: 'throughput', look: 'f0', value: throughput}],
				[{name: 'latency', look: 'f1', value: latency}],
			],
		};
	});
	const hasTail = steps.every(({points}) =>
		points.every(({client}) => client.percentiles.some(({percentile}) => percentile === 99)),
	);
	return {
		title: 'Tuning, step by step',
		subtitle: 'each variant at its best load, in the order in which they were tried',
		description: `Throughput and latency of ${String(steps.length)} variants: ${steps.map(({name}) => name).join('; ')}`,
		parts: [],
		columns: [
			{label: 'throughput (inferences/s)', formatSum: toThreeDigits},
			{label: hasTail ? 'p99 latency (ms)' : 'latency (ms)', formatSum: toThreeDigits},
		],
		groups: [{label: '', rows}],
		notes: [],
	};
};
