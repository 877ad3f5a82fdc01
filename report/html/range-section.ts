/** The ranges of a run as a tree: the table of the terminal with intervals, and each range's part of its parent as a bar. */

import {plural} from '../../base/plural.ts';
import type {MeanResult, RangeStatistics, Summary} from '../../schemas/benchmark-result.ts';
import {formatText} from '../cell-text.ts';
import {formatCount, formatMilliseconds, formatShare} from '../format.ts';
import {listRangeRows, type RangeRow} from '../range-rows.ts';
import {formatThroughput} from '../range-table.ts';
import {selectRows} from '../row-selection.ts';
import {markup, Markup, nothing} from './markup.ts';
import {
	emptyCell,
	numberCell,
	textCell,
	writeTable,
	type PageCell,
	type PageColumn,
} from './table.ts';

/** More is no answer at a glance: they are folded. */
const mostShown = 60;
/** More would make the page a burden: benchmark_mean.json has all. */
const mostFolded = 500;

const longestName = 60;
const longestTitle = 400;

interface TreeRow {
	readonly row: RangeRow;
	readonly own: RangeStatistics;
	/** Of its parent's time, 0 to 1; undefined where the whole begins anew, or is 0. */
	readonly cpuOfParent: number | undefined;
	readonly gpuOfParent: number | undefined;
}

const part = (own: number, above: number | undefined): number | undefined =>
	above === undefined || above <= 0 ? undefined : own / above;

const listTreeRows = (stats: MeanResult['stats']): readonly TreeRow[] => {
	const open: RangeRow[] = [];
	return listRangeRows(stats).flatMap((row) => {
		open.length = row.depth;
		const parent = row.isBatch ? undefined : open.at(-1);
		open.push(row);
		const own = stats[row.path];
		return own === undefined
			? []
			: [
					{
						row,
						own,
						cpuOfParent: part(row.cpuTime, parent?.cpuTime),
						gpuOfParent: part(row.gpuTime, parent?.gpuTime),
					},
				];
	});
};

/** Its title has the path: names repeat in other branches. */
const nameCell = ({row}: TreeRow): PageCell =>
	textCell(formatText(row.name, longestName), formatText(row.path, longestTitle));

const toPercent = (share: number): number =>
	Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;

/** The pale part is the parent's share of the batch, the full one its own. */
const drawBar = (own: number, ofParent: number | undefined, look: string): Markup => {
	const above = ofParent === undefined || ofParent <= 0 ? 1 : own / ofParent;
	return markup`<span class="bar${look}" aria-hidden="true"
		><i style="width:${toPercent(Math.max(above, own))}%"
			><b style="width:${toPercent(ofParent ?? own)}%"></b></i
	></span>`;
};

/** As wide, so that numbers stand below each other. */
const noBar = markup`<span class="bar"></span>`;

const shareCell = (
	own: number | undefined,
	ofParent: number | undefined,
	look: '' | ' gpu',
): PageCell =>
	own === undefined
		? emptyCell
		: {
				content: markup`${formatShare(own)}${own > 0 ? drawBar(own, ofParent, look) : noBar}`,
				value: own,
				title:
					ofParent === undefined
						? undefined
						: `${formatShare(own)} of the whole, ${formatShare(ofParent)} of the range around it`,
			};

/** "70.112 to 73.204". */
const intervalCell = ({confidence_interval: interval}: Summary): PageCell =>
	interval === null
		? emptyCell
		: {
				content: `${formatMilliseconds(interval.low)} to ${formatMilliseconds(interval.high)}`,
				value: interval.high - interval.low,
			};

type Column = PageColumn<TreeRow>;

const right = (title: string, cell: Column['cell']): Column => ({title, align: 'right', cell});
const left = (title: string, cell: Column['cell']): Column => ({title, align: 'left', cell});

const nameColumns: readonly Column[] = [
	left('range', nameCell),
	right('n', ({row}) => numberCell(row.samples, String)),
];

const cpuColumns: readonly Column[] = [
	right('CPU ms', ({row}) => numberCell(row.cpuTime, formatMilliseconds)),
	right('95 % interval', ({own}) => intervalCell(own.cpu_time)),
	right('spread', ({row}) => numberCell(row.cpuSpread, formatShare)),
	right('CPU %', ({row, cpuOfParent}) => shareCell(row.cpuShare, cpuOfParent, '')),
	right('CPU ms/item', ({row}) => numberCell(row.cpuTimePerItem, formatMilliseconds)),
];

const gpuColumns: readonly Column[] = [
	right('GPU ms', ({row}) => numberCell(row.gpuTime, formatMilliseconds)),
	right('95 % interval', ({own}) => intervalCell(own.gpu_time)),
	right('busy ms', ({row}) => numberCell(row.gpuBusyTime, formatMilliseconds)),
	right('GPU %', ({row, gpuOfParent}) => shareCell(row.gpuShare, gpuOfParent, ' gpu')),
	right('GPU ms/item', ({row}) => numberCell(row.gpuTimePerItem, formatMilliseconds)),
];

const throughputColumn = right('items/s', ({row: {throughput}}) =>
	throughput === undefined
		? emptyCell
		: {content: formatThroughput(throughput), value: throughput.items_per_second},
);

const treeColumns = (gpuTraced: boolean): readonly Column[] => [
	...nameColumns,
	...cpuColumns,
	...(gpuTraced ? gpuColumns : []),
	throughputColumn,
];

const spreadColumns = (metric: 'cpu_time' | 'gpu_time'): readonly Column[] => [
	...nameColumns,
	...(['mean', 'std', 'min', 'p5', 'p16', 'median', 'p84', 'p95', 'p99', 'max'] as const).map(
		(key) => right(key, ({own}) => numberCell(own[metric][key], formatMilliseconds)),
	),
];

const writeTree = (caption: string, columns: readonly Column[], rows: readonly TreeRow[]): Markup =>
	writeTable({
		caption,
		columns,
		rows,
		look: 'sortable tree',
		depthOf: ({row}) => row.depth,
		lookOf: ({row}) => (row.isBatch ? 'batch' : ''),
	});

const pick = (rows: readonly TreeRow[], limit: number): readonly TreeRow[] => {
	const {shown} = selectRows(
		rows.map(({row}) => row),
		limit,
	);
	const kept = new Set(shown);
	return rows.filter(({row}) => kept.has(row));
};

const fold = (summary: string, content: Markup): Markup =>
	markup`<details>
		<summary>${summary}</summary>
		${content}
	</details>
`;

const writeFolded = (
	rows: readonly TreeRow[],
	shown: number,
	columns: readonly Column[],
): Markup => {
	if (rows.length <= shown) {
		return nothing;
	}

	const more = pick(rows, mostFolded);
	const title =
		more.length < rows.length
			? `The ${formatCount(more.length)} costliest of ${plural(rows.length, 'range')}: benchmark_mean.json has all`
			: `All ${plural(rows.length, 'range')}`;
	return fold(title, writeTree(`${title}.`, columns, more));
};

const legend = (gpuTraced: boolean): Markup =>
	markup`<p class="legend">
		Medians. n: samples, one per batch inside batches, one per process elsewhere. 95 % interval: of
		the median. spread: half of what lies between the 16th and the 84th percentile, as a share of
		the median. %: share of the batch, or of the outermost range where there is none; the bar shows
		it inside the share of the range around
		it.${gpuTraced ? ' GPU ms: from the first to the last operation that was launched inside; busy: in which at least one of them ran.' : ' No GPU work was traced.'}
	</p>
`;

/** Ranges beyond `mostShown` are folded, beyond `mostFolded` left out; each time it is said. */
export const writeRanges = ({stats, meta}: MeanResult): Markup => {
	const rows = listTreeRows(stats);
	const shown = pick(rows, mostShown);
	const columns = treeColumns(meta.gpu_traced);
	const hidden = rows.length - shown.length;
	const caption =
		hidden === 0
			? `${plural(rows.length, 'range')}, medians in ms.`
			: `The ${formatCount(shown.length)} costliest of ${plural(rows.length, 'range')}, medians in ms.`;
	const spread = pick(rows, mostFolded);
	const some = spread.length < rows.length ? ` of the ${formatCount(spread.length)} costliest` : '';
	return markup`${writeTree(caption, columns, shown)}${legend(meta.gpu_traced)}${writeFolded(rows, shown.length, columns)}${fold(
		`Mean, deviation and percentiles of CPU time${some}`,
		writeTree('CPU time in ms.', spreadColumns('cpu_time'), spread),
	)}${
		meta.gpu_traced
			? fold(
					`Mean, deviation and percentiles of GPU time${some}`,
					writeTree('GPU time in ms.', spreadColumns('gpu_time'), spread),
				)
			: nothing
	}`;
};
