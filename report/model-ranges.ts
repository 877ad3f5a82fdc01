/**
 * The ranges of a traced server by the model that they belong to, beside what the server counted as its computing:
 *
 *     preprocess   (computing)      10   230 ms
 *     preprocess   prepare          10   228 ms   99 %
 *     preprocess   prepare/scale    10   210 ms   91 %
 *
 * A range belongs to the model whose process it is from (Triton's Python backend has one for each instance), else to the
 * one that it, or a range around it, is named after (backends in C++ name the instance: "preprocess_0_0").
 */

import type {ModelCompute} from '../schemas/model-statistics.ts';
import type {Cell, ReportRows} from '../schemas/report-rows.ts';
import type {Trace} from '../schemas/trace.ts';

export interface ServedModels {
	/** By the server's own count; without ensembles. */
	readonly computes: readonly ModelCompute[];
	/** Model by pid. */
	readonly processes: ReadonlyMap<number, string>;
}

export interface ModelRange {
	/** null where nothing tells. */
	readonly model: string | null;
	/** Names of the ranges around it and its own, with "/" between them. */
	readonly path: string;
	readonly instances: number;
	readonly cpuNs: number;
	readonly gpuBusyNs: number;
	readonly gpuOperations: number;
}

export type FindModel = (pid: number, name: string) => string | null;

/** Longer names first: "net_large" is no "net". */
export const modelFinder = ({computes, processes}: ServedModels): FindModel => {
	const models = new Set([...computes.map(({model}) => model), ...processes.values()]);
	const patterns = [...models]
		.toSorted((a, b) => b.length - a.length)
		.map((model) => {
			const text = model.replaceAll(/\W/g, String.raw`\$&`);
			return {model, pattern: new RegExp(String.raw`(?<![\w-])${text}(?:_\d+)*(?![\w-])`)};
		});
	return (pid, name) =>
		processes.get(pid) ?? patterns.find(({pattern}) => pattern.test(name))?.model ?? null;
};

type RangedTrace = Pick<Trace, 'names' | 'ranges' | 'threads'>;

/** Those of a model together, what took longest first; within it, too. */
export const groupModelRanges = (
	{names, ranges, threads}: RangedTrace,
	find: FindModel,
): readonly ModelRange[] => {
	const places: {readonly model: string | null; readonly path: string}[] = [];
	const groups = new Map<string, ModelRange>();
	for (let range = 0; range < ranges.length; range++) {
		const name = names[Number(ranges.name[range])] ?? '';
		const above = places[Number(ranges.parent[range])];
		const pid = threads[Number(ranges.thread[range])]?.pid ?? -1;
		const model = find(pid, name) ?? above?.model ?? null;
		const path = above === undefined ? name : `${above.path}/${name}`;
		places.push({model, path});
		const key = JSON.stringify([model, path]);
		const known = groups.get(key);
		groups.set(key, {
			model,
			path,
			instances: (known?.instances ?? 0) + 1,
			cpuNs: (known?.cpuNs ?? 0) + Number(ranges.endNs[range]) - Number(ranges.startNs[range]),
			gpuBusyNs: (known?.gpuBusyNs ?? 0) + Number(ranges.gpuBusyNs[range]),
			gpuOperations: (known?.gpuOperations ?? 0) + Number(ranges.gpuOperations[range]),
		});
	}

	return [...groups.values()].toSorted((a, b) => b.cpuNs - a.cpuNs);
};

/** What a row stands for that is no range. */
const computing = '(computing)';

const listCells = (
	found: readonly ModelRange[],
	{computes}: ServedModels,
): readonly (readonly Cell[])[] => {
	const heaviest = computes.toSorted((a, b) => b.inferNs - a.inferNs);
	const known = new Set<string | null>(heaviest.map(({model}) => model));
	const others = [...new Set(found.map(({model}) => model))].filter((model) => !known.has(model));
	const describe = (
		{model, path, instances, cpuNs, gpuBusyNs, gpuOperations}: ModelRange,
		whole: number,
	): readonly Cell[] => [
		...[model, path, instances, cpuNs, whole > 0 ? cpuNs / whole : null],
		...[cpuNs / instances, gpuBusyNs, gpuOperations],
	];
	const rangesOf = (model: string | null, whole: number): readonly (readonly Cell[])[] =>
		found.filter((range) => range.model === model).map((range) => describe(range, whole));
	return [
		...heaviest.flatMap(({model, executions, inferNs}) => [
			[model, computing, executions, inferNs, null, inferNs / executions, null, null],
			...rangesOf(model, inferNs),
		]),
		...others.flatMap((model) => rangesOf(model, 0)),
	];
};

/** A row for each model's computing, and behind it one for each path of its ranges. */
export const listModelRanges = (trace: RangedTrace, served: ServedModels): ReportRows => {
	const rows = listCells(groupModelRanges(trace, modelFinder(served)), served);
	return {
		columns: [
			{title: 'Model', kind: 'text', short: 'model'},
			{title: 'Range', kind: 'text', short: 'range'},
			{title: 'Instances', kind: 'count', short: 'n'},
			{title: 'Total CPU Time (ns)', kind: 'duration', short: 'CPU ms'},
			{title: 'Share Of Computing', kind: 'share', short: 'of computing'},
			{title: 'CPU Avg (ns)', kind: 'duration', short: 'CPU mean ms'},
			{title: 'Total Busy Time (ns)', kind: 'duration', short: 'GPU busy ms'},
			{title: 'Total GPU Ops', kind: 'count', short: 'GPU ops'},
		],
		length: rows.length,
		rows,
	};
};

/** Rows of kernels with the model before them, told as for ranges. */
export const withModels = ({columns, rows, ...rest}: ReportRows, find: FindModel): ReportRows => {
	const [name, pid] = ['NVTX Range', 'PID'].map((wanted) =>
		columns.findIndex(({title}) => title === wanted),
	);
	return {
		...rest,
		columns: [{title: 'Model', kind: 'text', short: 'model'}, ...columns],
		rows: Array.from(rows, (cells) => [
			find(Number(cells[pid ?? -1] ?? -1), String(cells[name ?? -1] ?? '')),
			...cells,
		]),
	};
};
