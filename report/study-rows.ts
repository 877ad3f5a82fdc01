/** The points of a study as rows: one for each, in the study's order, components of the latency side by side. */

import type {Cell, CellKind, ReportColumn, ReportRows} from '../schemas/report-rows.ts';
import type {GpuMetrics, Load, Study, StudyPoint} from '../schemas/study.ts';

/** ms of the study as the ns that reports are made of; whole, as the study is exact to them. */
export const toNs = (ms: number | undefined): number | null =>
	ms === undefined ? null : Math.round(ms * 1e6);

const shortLoads: Readonly<Record<Load['kind'], string>> = {
	concurrency: 'concurrency',
	'request-rate': 'rate',
	schedule: 'schedule',
};

export const loadValue = (load: Load): number | null =>
	load.kind === 'schedule' ? null : load.value;

interface StudyColumn extends ReportColumn {
	readonly cell: (point: StudyPoint) => Cell;
}

const column = (
	title: string,
	kind: CellKind,
	cell: StudyColumn['cell'],
	short?: string,
): StudyColumn => ({title, kind, cell, ...(short === undefined ? {} : {short})});

const duration = (
	name: string,
	time: (point: StudyPoint) => number | undefined,
	short?: string,
): StudyColumn => column(`${name} (ns)`, 'duration', (point) => toNs(time(point)), short);

/** Mean over the GPUs that have it; null where none has. */
const meanOf = (gpus: readonly GpuMetrics[], key: 'utilization' | 'power'): number | null => {
	const values = gpus.map((gpu) => gpu[key]).filter((value) => value !== undefined);
	return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
};

const sumOf = (gpus: readonly GpuMetrics[], key: 'memoryUsed' | 'memoryTotal'): number | null => {
	const values = gpus.map((gpu) => gpu[key]).filter((value) => value !== undefined);
	return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
};

/** Rates need not be whole; concurrency is. */
export const loadKind = (loads: readonly Load[]): CellKind =>
	loads.every((load) => Number.isInteger(loadValue(load) ?? 0)) ? 'count' : 'real';

const listNameColumns = (points: readonly StudyPoint[]): readonly StudyColumn[] => [
	column('Variant', 'text', ({label}) => label, 'variant'),
	column('Model', 'text', ({model}) => model, 'model'),
	column('Device', 'text', ({device}) => device),
	column('Instances', 'count', ({instances}) => instances, 'inst'),
	column('Batch Size', 'count', ({batchSize}) => batchSize, 'batch'),
	column('Protocol', 'text', ({protocol}) => protocol, 'protocol'),
	column('Shared Memory', 'text', ({sharedMemory}) => sharedMemory ?? null, 'shared memory'),
	column('Load', 'text', ({load}) => shortLoads[load.kind], 'load'),
	column('Load Value', loadKind(points.map(({load}) => load)), ({load}) => loadValue(load), 'at'),
	column('Repeat', 'count', ({repeat}) => repeat),
	column('Status', 'text', ({status}) => status, 'status'),
	column('Throughput (infer/s)', 'real', ({client}) => client.throughput ?? null, 'infer/s'),
	column('Goodput (infer/s)', 'real', ({client}) => client.goodput ?? null, 'goodput'),
	column('Requests', 'count', ({client}) => client.requestCount ?? null),
];

const componentColumns: readonly StudyColumn[] = [
	duration('Client Send', ({client}) => client.send),
	duration('Client Receive', ({client}) => client.receive),
	duration('Send and Receive', ({client}) => client.sendReceive),
	duration('Response Wait', ({client}) => client.responseWait),
	duration('Network', ({client}) => client.network),
	duration('Server', ({server}) => server?.requestTime),
	duration('Server Overhead', ({server}) => server?.overhead),
	duration('Queue', ({server}) => server?.queue, 'queue ms'),
	duration('Compute', ({server}) => server?.compute, 'compute ms'),
	duration('Compute Input', ({server}) => server?.computeInput, 'input ms'),
	duration('Compute Infer', ({server}) => server?.computeInfer, 'infer ms'),
	duration('Compute Output', ({server}) => server?.computeOutput, 'output ms'),
];

const gpuColumns: readonly StudyColumn[] = [
	column('GPU Utilization', 'share', ({gpus}) => meanOf(gpus, 'utilization'), 'GPU'),
	column('GPU Power (W)', 'real', ({gpus}) => meanOf(gpus, 'power'), 'W'),
	column('GPU Memory (bytes)', 'bytes', ({gpus}) => sumOf(gpus, 'memoryUsed'), 'GPU mem'),
	column('GPU Memory Total (bytes)', 'bytes', ({gpus}) => sumOf(gpus, 'memoryTotal')),
];

const sourceColumns: readonly StudyColumn[] = [
	column(
		'Reasons',
		'text',
		({reasons}) => reasons.map(({code}) => code).join(' ') || null,
		'notes',
	),
	column('File', 'text', ({sources}) => sources[0]?.file ?? null),
	column('Line', 'count', ({sources}) => sources[0]?.line ?? null),
];

const alwaysShown: readonly number[] = [50, 99];

const percentileColumns = (points: readonly StudyPoint[]): readonly StudyColumn[] => {
	const found = new Set(
		points.flatMap(({client}) => client.percentiles.map((entry) => entry.percentile)),
	);
	return [...found]
		.sort((a, b) => a - b)
		.map((percentile) =>
			duration(
				`p${percentile}`,
				({client}) => client.percentiles.find((entry) => entry.percentile === percentile)?.time,
				alwaysShown.includes(percentile) ? `p${percentile} ms` : undefined,
			),
		);
};

/** Columns that tell points apart, or nothing. */
const telling: readonly string[] = ['model', 'inst', 'batch', 'protocol', 'shared memory', 'load'];

/** What is the same in all rows of a table for people need not stand there. */
const hideUniform = (
	columns: readonly StudyColumn[],
	points: readonly StudyPoint[],
): readonly StudyColumn[] =>
	columns.map((entry) => {
		const uniform = new Set(points.map(entry.cell)).size === 1;
		const {short, ...rest} = entry;
		return uniform && telling.includes(short ?? '') ? rest : entry;
	});

export const listStudyRows = ({points}: Pick<Study, 'points'>): ReportRows => {
	const columns = hideUniform(
		[
			...listNameColumns(points),
			duration('Mean Latency', ({client}) => client.mean, 'mean ms'),
			duration('StdDev', ({client}) => client.std, 'std ms'),
			...percentileColumns(points),
			...componentColumns,
			...gpuColumns,
			...sourceColumns,
		],
		points,
	);
	return {
		columns,
		length: points.length,
		rows: points.map((point) => columns.map(({cell}) => cell(point))),
	};
};
