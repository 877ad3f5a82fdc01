/**
 * Work of the GPU's video engines: decoders, encoders, JPEG decoders, optical flow. nsys traces it with
 * --gpu-video-device. It has no correlation id and is no operation: it is told by process and time,
 *
 *     thread   |------- range -------|
 *     NVDEC  |----|       |--|     |-----|      busy in the range's wall time: what lies between its ends
 *
 * whether a call of that range started it or not. Several engines of a kind that work at once count once.
 * The table was never seen with rows: names and columns are those of NVIDIA's documentation of the export (2025).
 */

import {plural} from '../base/plural.ts';
import {toMilliseconds} from '../base/units.ts';
import type {Warning} from '../schemas/warning.ts';
import {ascendingOrder} from './ascending-order.ts';
import type {ExportFile} from './export-tables.ts';
import {readRows} from './export-tables.ts';
import {DoubleList, IndexList} from './lists.ts';
import {threadOf} from './range-nesting.ts';
import type {NestedRanges} from './range-nesting.ts';
import {missingVideoWork} from './queries/missing-video-work.ts';
import {videoEngineTypes} from './queries/video-engine-types.ts';
import type {RowBlock, RowContext} from './row-block.ts';
import type {RowSource} from './row-source.ts';
import {about} from './trace-warnings.ts';

/** In the order of the numbers that real exports give them (ENUM_VIDEO_ENGINE_TYPE), then all that has another name. */
export const videoEngines = ['NVDEC', 'NVENC', 'NVJPEG', 'OFA', 'Other'] as const;

const otherEngine = videoEngines.length - 1;

/** By row of the export. Times are ns since the base; ends are never before starts. */
export interface VideoWork {
	readonly length: number;
	readonly startNs: Float64Array;
	readonly endNs: Float64Array;
	/** Index into videoEngines. */
	readonly engine: Int32Array;
	/** The process part of its packed id; NaN where the export names none. */
	readonly process: Float64Array;
	/** Rows whose times make no sense: in none of the columns above. */
	readonly withoutTimes: number;
	/** Stretches that the profiler says it lost. */
	readonly lost: number;
}

const table = 'GPU_VIDEO_ENGINE_WORKLOAD';

const columns = {start: 'time', end: 'time', engineType: 'id', globalPid: 'thread'} as const;

/** What a number of an engine's kind means, in this file. */
const readEngineNumbers = (from: ExportFile): ReadonlyMap<number, number> => {
	const named = readRows(from, videoEngineTypes);
	return named.length === 0
		? new Map([...videoEngines.keys()].slice(0, otherEngine).map((engine) => [engine, engine]))
		: new Map(
				named.map(({id, name}) => {
					const engine = videoEngines.findIndex((known) => known === name);
					return [Number(id), engine < 0 ? otherEngine : engine];
				}),
			);
};

interface VideoLists {
	readonly startNs: DoubleList;
	readonly endNs: DoubleList;
	readonly engine: IndexList;
	readonly process: DoubleList;
	withoutTimes: number;
}

const addRows = (
	{length, lanes}: RowBlock<typeof columns>,
	engines: ReadonlyMap<number, number>,
	lists: VideoLists,
): void => {
	for (let row = 0; row < length; row++) {
		const start = Number(lanes.start.values[row]);
		const end = Number(lanes.end.values[row]);
		if (end >= start && end - start < Infinity) {
			lists.startNs.push(start);
			lists.endNs.push(end);
			lists.engine.push(engines.get(Number(lanes.engineType.values[row])) ?? otherEngine);
			lists.process.push(Number(lanes.globalPid.values[row]));
		} else {
			lists.withoutTimes++;
		}
	}
};

/** A column that the table lacks reads as if it were empty. */
export const readVideoWork = (
	from: ExportFile,
	source: RowSource,
	context: RowContext,
): VideoWork => {
	const lists: VideoLists = {
		startNs: new DoubleList(),
		endNs: new DoubleList(),
		engine: new IndexList(),
		process: new DoubleList(),
		withoutTimes: 0,
	};
	if (from.tables.has(table)) {
		const engines = readEngineNumbers(from);
		for (const block of source.scan({table, columns}, context)) {
			addRows(block, engines, lists);
		}
	}

	return {
		length: lists.startNs.length,
		startNs: lists.startNs.view(),
		endNs: lists.endNs.view(),
		engine: lists.engine.view(),
		process: lists.process.view(),
		withoutTimes: lists.withoutTimes,
		lost: Number(readRows(from, missingVideoWork)[0]?.stretches ?? 0),
	};
};

/** When something was busy: stretches that ascend and stand apart, and how long all before each of them are together. */
class BusyTimes {
	private readonly starts: number[] = [];
	private readonly ends: number[] = [];
	private readonly before: number[] = [];

	/** Stretches come in order of their starts. */
	add(start: number, end: number): void {
		const last = this.starts.length - 1;
		if (last >= 0 && start <= Number(this.ends[last])) {
			this.ends[last] = Math.max(end, Number(this.ends[last]));
			return;
		}

		this.before.push(this.until(start));
		this.starts.push(start);
		this.ends.push(end);
	}

	/** How long it was busy up to a point of time, ns. */
	until(at: number): number {
		let low = 0;
		let high = this.starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (Number(this.starts[middle]) <= at) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}

		const last = low - 1;
		return last < 0
			? 0
			: Number(this.before[last]) +
					Math.min(at, Number(this.ends[last])) -
					Number(this.starts[last]);
	}
}

/** By process and engine. Rows of no known process are nobody's. */
const listBusyTimes = ({
	startNs,
	endNs,
	process,
	engine,
}: VideoWork): ReadonlyMap<number, readonly (BusyTimes | undefined)[]> => {
	const times = new Map<number, (BusyTimes | undefined)[]>();
	for (const row of ascendingOrder(startNs)) {
		const owner = Number(process[row]);
		if (!Number.isNaN(owner)) {
			const own = times.get(owner) ?? [];
			const busy = own[Number(engine[row])] ?? new BusyTimes();
			busy.add(Number(startNs[row]), Number(endNs[row]));
			own[Number(engine[row])] = busy;
			times.set(owner, own);
		}
	}

	return times;
};

/** The engines that worked, as indices into videoEngines, ascending. */
export const listVideoEngines = ({engine}: VideoWork): readonly number[] =>
	[...new Set(engine)].toSorted((a, b) => a - b);

/** How long each engine of the range's process was busy within the range's wall time, ns, given to `add`. */
export const measureVideoWork = (
	video: VideoWork,
	ranges: NestedRanges,
	processes: Float64Array,
	add: (range: number, engine: number, ns: number) => void,
): void => {
	const times = listBusyTimes(video);
	const {length, open, close} = ranges;
	for (let range = 0; range < (times.size === 0 ? 0 : length); range++) {
		const engines = times.get(Number(processes[threadOf(ranges, range)])) ?? [];
		for (const [engine, busy] of engines.entries()) {
			if (busy !== undefined) {
				const from = Number(open[range]);
				add(range, engine, busy.until(Number(close[range])) - busy.until(from));
			}
		}
	}
};

const sumByEngine = (video: VideoWork): string =>
	listVideoEngines(video)
		.map((engine) => {
			const ns = video.startNs.reduce(
				(sum, start, row) =>
					video.engine[row] === engine ? sum + Number(video.endNs[row]) - start : sum,
				0,
			);
			return `${String(videoEngines[engine])} ${toMilliseconds(ns)} ms`;
		})
		.join(', ');

export const warnOfVideoWork = (video: VideoWork): Warning[] => [
	...about(
		video.length,
		'video-engine-work',
		() =>
			`${plural(video.length, 'piece')} of video engine work (${sumByEngine(video)}): ` +
			'no launch is known of it, so it is in no GPU time. `benchmark ranges --detail` tells it by process and time.',
	),
	...about(
		video.withoutTimes,
		'video-work-without-times',
		() =>
			`${plural(video.withoutTimes, 'piece')} of video engine work ` +
			'left out: recorded with impossible times (none, or an end before the start).',
	),
	...about(
		video.lost,
		'video-engine-loss',
		() =>
			`nsys lost ${plural(video.lost, 'stretch', 'stretches')} of video engine work: ` +
			'the busy times of the video engines are too low.',
	),
];
