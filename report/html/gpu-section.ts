/** What the GPUs did while each process was measured, and their pictures over the time of the run. */

import type {MeanResult} from '../../schemas/benchmark-result.ts';
import type {MeanGpuMetrics} from '../../schemas/gpu-metrics.ts';
import {formatText} from '../cell-text.ts';
import {formatCount, formatRate, formatShare, formatTenths} from '../format.ts';
import {markup, Markup, nothing} from './markup.ts';
import {writePicture, type Picture} from './picture.ts';
import {emptyCell, numberCell, textCell, writeTable, type PageColumn} from './table.ts';

type WatchedProcess = MeanGpuMetrics['processes'][number];

/** Further ones stand in benchmark_mean.json. */
const mostRows = 100;

const nameProcess = ({repeat, process, gpu_index: gpu}: WatchedProcess, repeats: number): string =>
	`${repeats > 1 ? `repeat_${repeat}/` : ''}proc_${process}_gpu_${gpu}`;

const processColumns = (repeats: number): readonly PageColumn<WatchedProcess>[] => {
	const right = {align: 'right'} as const;
	return [
		{title: 'process', align: 'left', cell: (row) => textCell(nameProcess(row, repeats))},
		{title: 'SM clock MHz', ...right, cell: (row) => numberCell(row.sm_clock_mhz, formatCount)},
		{
			title: 'lowest, highest',
			...right,
			cell: ({sm_clock_range_mhz: range}) =>
				range === null
					? emptyCell
					: {content: range.map(formatCount).join(' to '), value: range[1] - range[0]},
		},
		{title: 'throttled', ...right, cell: (row) => numberCell(row.throttled_share, formatShare)},
		{
			title: 'throttled batches',
			...right,
			cell: (row) => numberCell(row.throttled_batches, formatCount),
		},
		{
			title: 'warmer by °C',
			...right,
			cell: (row) => numberCell(row.temperature_rise_celsius, formatTenths),
		},
	];
};

const writeProcesses = (metrics: MeanGpuMetrics, repeats: number): Markup =>
	writeTable({
		caption: "Each process's GPU, over its measured batches.",
		rows: metrics.processes.slice(0, mostRows),
		columns: processColumns(repeats),
		look: 'sortable',
	});

const writeEnergy = ({holders}: MeanGpuMetrics): Markup => {
	const rows = Object.entries(holders).flatMap(([path, {energy_per_item_joules: joules}]) =>
		joules === null ? [] : [{path, joules}],
	);
	return rows.length === 0
		? nothing
		: writeTable({
				caption: 'Energy of the GPUs per item.',
				rows: rows.slice(0, mostRows),
				columns: [
					{title: 'holder of batches', align: 'left', cell: ({path}) => textCell(formatText(path))},
					{title: 'J/item', align: 'right', cell: ({joules}) => numberCell(joules, formatRate)},
				],
			});
};

/** Nothing where no GPU was watched. */
export const writeGpuSection = (mean: MeanResult | null, pictures: readonly Picture[]): Markup => {
	const metrics = mean?.gpu_metrics;
	return metrics === undefined && pictures.length === 0
		? nothing
		: markup`${metrics === undefined || mean === null ? nothing : markup`${writeProcesses(metrics, mean.meta.repeats)}${writeEnergy(metrics)}`}${pictures.map(writePicture)}`;
};
