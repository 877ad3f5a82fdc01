/** What `benchmark ranges` lists, as rows that compare with those of NVIDIA's reports, column by column. */

import type {Cell, ReportRows} from '../../schemas/report-rows.ts';
import type {FullProjectionRow, FullPushPopRow, ProjectionSumRow} from './nvidia-reports.ts';

type Row = Readonly<Record<string, Cell>>;

const asObjects = ({columns, rows}: ReportRows): Row[] =>
	[...rows].map((row) =>
		Object.fromEntries(columns.map(({title}, place) => [title, row[place] ?? null])),
	);

/** NVIDIA leaves names and name trees of unnamed ranges empty, whatever their domain and level. */
const printed = (name: Cell | undefined): string =>
	String(name).replace(/^-*(.*:)?\(unnamed\)$/s, '');

const big = (cell: Cell | undefined): bigint => BigInt(cell ?? NaN);
const number = (cell: Cell | undefined): number | null =>
	cell === null || cell === undefined ? null : Number(cell);
const styleOf = (row: Row): 'PushPop' | 'StartEnd' =>
	row['Style'] === 'StartEnd' ? 'StartEnd' : 'PushPop';

const identityOf = (row: Row) => ({
	name: printed(row['Name']),
	pid: Number(row['PID']),
	tid: Number(row['TID']),
	rangeId: Number(row['RangeId']),
});

export const byRangeId = (a: {rangeId: number}, b: {rangeId: number}): number =>
	a.rangeId - b.rangeId;

/** The rows of nvtx_pushpop_trace in a list of all ranges. */
export const listedPushPop = (listing: ReportRows): FullPushPopRow[] =>
	asObjects(listing)
		.filter((row) => styleOf(row) === 'PushPop')
		.map((row) => ({
			...identityOf(row),
			startNs: big(row['Start (ns)']),
			endNs: big(row['End (ns)']),
			parentId: number(row['ParentId']),
			durationNs: Number(row['Duration (ns)']),
			childNs: Number(row['DurChild (ns)']),
			nonChildNs: Number(row['DurNonChild (ns)']),
			level: Number(row['Lvl']),
			children: Number(row['NumChild']),
			rangeStack: String(row['RangeStack']),
			nameTree: printed(row['NameTree']),
		}))
		.sort(byRangeId);

/** The rows of nvtx_gpu_proj_trace in a list of all ranges. */
export const listedProjections = (listing: ReportRows): FullProjectionRow[] =>
	asObjects(listing)
		.filter((row) => Number(row['NumGPUOps']) > 0)
		.map((row) => ({
			...identityOf(row),
			projectedStartNs: big(row['Projected Start (ns)']),
			projectedNs: Number(row['Projected Duration (ns)']),
			originalStartNs: big(row['Start (ns)']),
			originalNs: Number(row['Duration (ns)']),
			style: styleOf(row),
			operations: Number(row['NumGPUOps']),
			level: Number(row['Proj Lvl']),
			children: Number(row['Proj NumChild']),
			parentId: number(row['Proj ParentId']),
			rangeStack: String(row['Proj RangeStack']),
		}))
		.sort(byRangeId);

/** The rows of nvtx_gpu_proj_sum in a summary by name. */
export const listedNames = (summary: ReportRows): ProjectionSumRow[] =>
	asObjects(summary).map((row) => ({
		name: String(row['Range']),
		style: styleOf(row),
		projectedTotalNs: Number(row['Total Proj Time (ns)']),
		rangeTotalNs: Number(row['Total Range Time (ns)']),
		instances: Number(row['Range Instances']),
		meanNs: Number(row['Proj Avg (ns)']),
		medianNs: Number(row['Proj Med (ns)']),
		minNs: Number(row['Proj Min (ns)']),
		maxNs: Number(row['Proj Max (ns)']),
		deviationNs: Number(row['Proj StdDev (ns)']),
		operations: Number(row['Total GPU Ops']),
		meanOperations: Number(row['Avg GPU Ops']),
		meanLevel: Number(row['Avg Range Lvl']),
		meanChildren: Number(row['Avg Num Child']),
	}));

const byNameAndStyle = (a: ProjectionSumRow, b: ProjectionSumRow): number =>
	a.name === b.name ? (a.style < b.style ? -1 : 1) : a.name < b.name ? -1 : 1;

/** NVIDIA prints one digit of these. Halves round up or down by how a sum was made. */
const rounded = [
	'meanNs',
	'medianNs',
	'deviationNs',
	'meanOperations',
	'meanLevel',
	'meanChildren',
];

const isSame = (ours: ProjectionSumRow, theirs: ProjectionSumRow | undefined): boolean =>
	Object.entries(ours).every(([field, value]) => {
		const known = theirs?.[field as keyof ProjectionSumRow];
		return rounded.includes(field)
			? Math.abs(Number(value) - Number(known)) < 0.051
			: value === known;
	});

/** Rows of a summary by name that are not NVIDIA's, in pairs. */
export const differingNames = (
	ours: readonly ProjectionSumRow[],
	theirs: readonly ProjectionSumRow[],
): {ours: ProjectionSumRow | undefined; theirs: ProjectionSumRow | undefined}[] => {
	const own = ours.toSorted(byNameAndStyle);
	const known = theirs.toSorted(byNameAndStyle);
	return Array.from({length: Math.max(own.length, known.length)}, (_, place) => ({
		ours: own[place],
		theirs: known[place],
	})).filter(({ours: row, theirs: other}) => row === undefined || !isSame(row, other));
};
