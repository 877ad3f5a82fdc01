/**
 * What the GPUs of a run did, over its time: a picture per group of metrics, all with the same time axis. Below the
 * curves stand the reasons that slowed a GPU, and the batches of each worker.
 *
 *     plot.clocks, plot.power, plot.temperature, plot.utilization, plot.memory
 */

import type {GpuMetric, GpuSample} from '../schemas/gpu-sample.ts';
import type {gpuPlotNames} from '../schemas/run-files.ts';
import {drawFigure} from './charts/draw-figure.ts';
import type {LinesPanel, Panel, PlotSeries} from './charts/figure.ts';
import {buildReasonLanes, buildWorkerLanes, listBackdrop, type WorkerBatches} from './gpu-lanes.ts';
import {listCurve, listGpus, type GpuSamples} from './gpu-curves.ts';

export interface GpuPlotOptions {
	/** Names of GPUs by their UUIDs, in their order: "GPU 0"; one that is not in it is named by its UUID, and comes last. */
	readonly gpuNames: ReadonlyMap<string, string>;
	/** What was asked of the tool: samples farther apart than three of these, or three of its own pace, are a gap. */
	readonly intervalNs: number;
	/** "": none. */
	readonly subtitle: string;
}

export interface GpuPlot {
	/** Without its ending: "plot.clocks". */
	readonly name: string;
	readonly svg: string;
}

interface PanelSpec {
	/** With its unit. */
	readonly label: string;
	/** The first that any GPU tells. */
	readonly metrics: readonly GpuMetric[];
	readonly factor?: number;
	readonly from: 'zero' | 'auto' | 'data';
	/** Left out where it is 0 all the time, as of video engines that nobody uses. */
	readonly onlyIfUsed?: boolean;
}

const groups: readonly {
	readonly name: (typeof gpuPlotNames)[number];
	readonly title: string;
	readonly panels: readonly PanelSpec[];
}[] = [
	{
		name: 'plot.clocks',
		title: 'GPU clocks',
		panels: [
			{label: 'SM clock (MHz)', metrics: ['sm_clock_mhz'], from: 'data'},
			{label: 'memory clock (MHz)', metrics: ['memory_clock_mhz'], from: 'data'},
			{label: 'video clock (MHz)', metrics: ['video_clock_mhz'], from: 'data'},
		],
	},
	{
		name: 'plot.power',
		title: 'GPU power',
		panels: [{label: 'power (W)', metrics: ['instant_power_watts', 'power_watts'], from: 'zero'}],
	},
	{
		name: 'plot.temperature',
		title: 'GPU temperature',
		panels: [
			{label: 'GPU (°C)', metrics: ['temperature_celsius'], from: 'data'},
			{label: 'memory (°C)', metrics: ['memory_temperature_celsius'], from: 'data'},
		],
	},
	{
		name: 'plot.utilization',
		title: 'GPU utilization',
		panels: [
			{label: 'SM (%)', metrics: ['gpu_percent'], from: 'zero'},
			{label: 'memory traffic (%)', metrics: ['memory_percent'], from: 'zero'},
			{label: 'encoder (%)', metrics: ['encoder_percent'], from: 'zero', onlyIfUsed: true},
			{label: 'decoder (%)', metrics: ['decoder_percent'], from: 'zero', onlyIfUsed: true},
		],
	},
	{
		name: 'plot.memory',
		title: 'GPU memory used',
		panels: [
			{label: 'memory used (GiB)', metrics: ['memory_used_mib'], factor: 1 / 1024, from: 'zero'},
		],
	},
];

const panelHeights = [0, 240, 180, 150, 130] as const;

const isUsed = (series: readonly PlotSeries[]): boolean =>
	series.some(({points}) => points.some(({y}) => y !== null && y !== 0));

const isTold = (series: readonly PlotSeries[]): boolean =>
	series.some(({points}) => points.some(({y}) => y !== null));

interface Drawing {
	readonly gpus: readonly GpuSamples[];
	readonly options: GpuPlotOptions;
	/** Seconds of the picture per nanosecond's multiple: the time axis. */
	readonly time: TimeAxis;
}

interface TimeAxis {
	readonly label: string;
	readonly toAxis: (unixNs: bigint) => number;
}

const secondsUpTo = 600;
const minutesUpTo = 4 * 3600;

/** From the first sample on. */
const chooseTime = (gpus: readonly GpuSamples[]): TimeAxis => {
	const times = gpus.flatMap(({samples}) => [
		samples[0]?.unixNs ?? 0n,
		samples.at(-1)?.unixNs ?? 0n,
	]);
	const origin = times.reduce((least, time) => (time < least ? time : least));
	const end = times.reduce((most, time) => (time > most ? time : most));
	const seconds = Number(end - origin) / 1e9;
	const [unit, perUnit] =
		seconds <= secondsUpTo ? ['s', 1] : seconds <= minutesUpTo ? ['min', 60] : ['h', 3600];
	return {
		label: `time (${unit})`,
		toAxis: (unixNs) => Number(unixNs - origin) / 1e9 / perUnit,
	};
};

const buildSeries = (
	{metrics, factor = 1}: PanelSpec,
	{gpus, options, time}: Drawing,
): readonly PlotSeries[] => {
	const told = metrics.find((metric) =>
		gpus.some(({samples}) => samples.some(({values}) => values[metric] !== null)),
	);
	return told === undefined
		? []
		: gpus.map(({gpu, samples, longestGapNs}, style) => ({
				name: options.gpuNames.get(gpu) ?? gpu,
				style,
				markers: false,
				points: listCurve(samples, told, longestGapNs).map(({unixNs, value}) => ({
					x: time.toAxis(unixNs),
					y: value === null ? null : value * factor,
				})),
			}));
};

const buildPanels = (specs: readonly PanelSpec[], drawing: Drawing): readonly LinesPanel[] => {
	const told = specs.flatMap((spec) => {
		const series = buildSeries(spec, drawing);
		return isTold(series) && (spec.onlyIfUsed !== true || isUsed(series)) ? [{spec, series}] : [];
	});
	const height = panelHeights[told.length] ?? 130;
	return told.map(({spec: {label, from}, series}) => ({
		kind: 'lines',
		height,
		y: {label, scale: 'linear', from},
		series,
	}));
};

/** One per group of which anything is known; empty where there is no sample. */
export const drawGpuPlots = (
	samples: readonly GpuSample[],
	workers: readonly WorkerBatches[],
	options: GpuPlotOptions,
): readonly GpuPlot[] => {
	const order = [...options.gpuNames.keys()];
	const rank = ({gpu}: {readonly gpu: string}): number =>
		order.includes(gpu) ? order.indexOf(gpu) : order.length;
	const gpus = listGpus(samples, options.intervalNs).toSorted((a, b) => rank(a) - rank(b));
	if (gpus.length === 0) {
		return [];
	}

	const drawing = {gpus, options, time: chooseTime(gpus)};
	const {toAxis} = drawing.time;
	const bands = listBackdrop(workers, toAxis);
	const lanes: readonly Panel[] = [
		...buildReasonLanes(gpus, options.gpuNames, toAxis),
		...buildWorkerLanes(workers, toAxis),
	];
	return groups.flatMap(({name, title, panels: specs}) => {
		const panels = buildPanels(specs, drawing);
		return panels.length === 0
			? []
			: [
					{
						name,
						svg: drawFigure({
							title,
							subtitle: options.subtitle,
							description: `${title} over the run: ${panels.map(({y}) => y.label).join(', ')}; ${gpus.map(({gpu}) => options.gpuNames.get(gpu) ?? gpu).join(', ')}`,
							x: {label: drawing.time.label, scale: 'linear', from: 'data'},
							panels: [...panels.map((panel) => ({...panel, bands})), ...lanes],
							notes: [],
						}),
					},
				];
	});
};
