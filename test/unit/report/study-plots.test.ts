/** Pictures of studies: which there are, lines, marks, and models of an ensemble. */

import {describe, expect, it} from 'vitest';
import {drawStudyPlots, studyPlotNames} from '../../../report/study-plots.ts';
import type {TimeShare} from '../../../schemas/study-answers.ts';
import {Study, type StudyPoint} from '../../../schemas/study.ts';
import {findElements, parseXml, type XmlElement} from '../../support/xml.ts';

const point = (label: string, load: number, more: Partial<StudyPoint> = {}): StudyPoint => ({
	label,
	model: 'resnet',
	load: {kind: 'concurrency', value: load},
	batchSize: 1,
	protocol: null,
	serviceKind: null,
	device: null,
	instances: null,
	repeat: 1,
	status: 'stable',
	reasons: [],
	client: {
		throughput: 100 * load,
		mean: 10,
		percentiles: [
			{percentile: 50, time: 9},
			{percentile: 99, time: 20},
		],
	},
	server: null,
	composing: [],
	gpus: [],
	windows: [],
	sources: [{kind: 'csv', file: 'a.csv', line: 2}],
	...more,
});

const draw = (
	points: readonly StudyPoint[],
	shares: readonly TimeShare[] = [],
): ReadonlyMap<string, XmlElement> => {
	const study = Study.parse({formatVersion: 1, points, warnings: []});
	return new Map(drawStudyPlots(study, () => shares).map(({name, svg}) => [name, parseXml(svg)]));
};

const empty = parseXml('<a/>');
const textsOf = (root: XmlElement | undefined): readonly string[] =>
	findElements(root ?? empty, 'text').map(({text}) => text);
const countClass = (root: XmlElement | undefined, name: string, look: string): number =>
	findElements(root ?? empty, name).filter(({attributes}) =>
		(attributes['class'] ?? '').split(' ').includes(look),
	).length;

const loads = [1, 2, 4, 8];

describe('drawStudyPlots', () => {
	it('draws nothing of nothing, and only names that it knows', () => {
		expect(draw([]).size).toBe(0);
		const drawn = [
			...draw(loads.map((load) => point('gpu', load))).keys(),
			...draw([point('fp32', 1), point('fp16', 1)]).keys(),
		];
		expect(drawn).toEqual([
			'plot.throughput',
			'plot.latency',
			'plot.latency-throughput',
			'plot.steps',
		]);
		expect(drawn.filter((name) => !studyPlotNames.includes(name))).toEqual([]);
	});

	it('has a line and a ratio for each variant, and loads as ticks', () => {
		const root = draw([
			...loads.map((load) => point('gpu', load)),
			...loads.map((load) => point('cpu', load)),
		]).get('plot.throughput');
		expect(countClass(root, 'path', 'line')).toBe(4);
		expect(textsOf(root)).toEqual(
			expect.arrayContaining(['gpu', 'cpu', 'ratio to gpu', '1', '2', '4', '8']),
		);
	});

	it('tells lines of one label apart by what differs', () => {
		const root = draw(
			[1, 2].flatMap((batchSize) => loads.map((load) => point('gpu', load, {batchSize}))),
		).get('plot.throughput');
		expect(textsOf(root)).toEqual(expect.arrayContaining(['gpu, batch 1', 'gpu, batch 2']));
	});

	it('draws doubtful points hollow and failed ones crossed', () => {
		const root = draw([
			point('gpu', 1),
			point('gpu', 2, {status: 'unstable'}),
			point('gpu', 4, {status: 'failed', client: {percentiles: []}}),
		]).get('plot.throughput');
		expect(countClass(root, 'circle', 'hollow')).toBe(1);
		expect(countClass(root, 'path', 'cross')).toBe(1);
		expect(textsOf(root).some((text) => text.includes('Hollow') && text.includes('Crossed'))).toBe(
			true,
		);
	});

	it('spans repeats with bars, and a point that can be trusted is not drawn with one that cannot', () => {
		const repeats = [9, 11].map((mean, index) =>
			point('gpu', 1, {repeat: index + 1, client: {throughput: 100, mean, percentiles: []}}),
		);
		const doubtful = point('gpu', 1, {
			repeat: 3,
			status: 'unstable',
			client: {throughput: 1, mean: 500, percentiles: []},
		});
		const root = draw([...repeats, doubtful, point('gpu', 2)]).get('plot.latency');
		expect(countClass(root, 'line', 'bar')).toBe(3);
		expect(countClass(root, 'circle', 'hollow')).toBe(0);
	});

	it('gives each model of an ensemble its colour', () => {
		const shares: readonly TimeShare[] = [
			{part: 'network', model: null, time: 1, share: 0.1},
			{part: 'queue', model: 'pre', time: 5, share: 0.5},
			{part: 'infer', model: 'pre', time: 3, share: 0.3},
			{part: 'infer', model: 'net', time: 1, share: 0.1},
		];
		const root = draw(
			loads.map((load) => point('gpu', load)),
			shares,
		).get('plot.latency-parts');
		expect(textsOf(root)).toEqual(
			expect.arrayContaining(['network', 'pre queue', 'pre compute', 'net compute']),
		);
		// Of each load two bars, and the legend.
		expect(countClass(root, 'rect', 'p0')).toBe(2 * loads.length + 1);
	});

	it('takes requests by rate beside those by concurrency', () => {
		const byRate = loads.map((load) =>
			point('gpu', load, {load: {kind: 'request-rate', value: load * 10}}),
		);
		const names = [...draw([...loads.map((load) => point('gpu', load)), ...byRate]).keys()];
		expect(names).toEqual(expect.arrayContaining(['plot.throughput', 'plot.throughput-rate']));
	});

	it('plots the best throughput of each instance count', () => {
		const root = draw(
			[1, 2, 4].flatMap((instances) =>
				loads.map((load) => point(`gpu_${instances}instances`, load, {instances, device: 'gpu'})),
			),
		).get('plot.instances');
		expect(textsOf(root)).toEqual(expect.arrayContaining(['GPU', 'at 8', 'model instances']));
	});

	it('draws an instance count hollow of which no point is stable, and names one that failed', () => {
		const nothing: Partial<StudyPoint> = {client: {percentiles: []}, status: 'failed'};
		const root = draw([
			point('gpu_1', 1, {instances: 1}),
			point('gpu_2', 1, {instances: 2, status: 'unstable'}),
			// The stable one counts, however slow.
			point('gpu_3', 8, {instances: 3, status: 'unstable'}),
			point('gpu_3', 2, {instances: 3}),
			point('gpu_4', 1, {instances: 4, ...nothing}),
		]).get('plot.instances');
		const texts = textsOf(root);
		expect([countClass(root, 'circle', 'hollow'), texts.includes('at 8')]).toEqual([1, false]);
		expect(texts).toEqual(
			expect.arrayContaining([
				'Hollow: no load was stable and within the limit of latency.',
				'Nothing was measured: gpu_4.',
			]),
		);
	});
});
