/**
 * Reads the CSV of `nsys stats`. Its names are quoted but inner quotes are not doubled, so a row is recognized by the
 * numbers around its name.
 */

export interface PushPopRow {
	readonly name: string;
	readonly startNs: bigint;
	readonly endNs: bigint;
	readonly pid: number;
	readonly tid: number;
	readonly rangeId: number;
	readonly parentId: number | null;
}

export interface ProjectionRow {
	readonly name: string;
	readonly projectedStartNs: bigint;
	readonly projectedNs: number;
	readonly style: 'PushPop' | 'StartEnd';
	readonly pid: number;
	readonly tid: number;
	readonly operations: number;
	readonly rangeId: number;
}

/** The columns that only the comparison of whole reports needs. */
export interface FullPushPopRow extends PushPopRow {
	readonly durationNs: number;
	/** Children's durations added up: more than the range's own where domains overlap. */
	readonly childNs: number;
	readonly nonChildNs: number;
	readonly level: number;
	readonly children: number;
	/** ":1:5" : RangeIds from the outermost range to this one. */
	readonly rangeStack: string;
	/** The name, two hyphens before it for each level. */
	readonly nameTree: string;
}

export interface FullProjectionRow extends ProjectionRow {
	readonly originalStartNs: bigint;
	readonly originalNs: number;
	readonly level: number;
	readonly children: number;
	readonly parentId: number | null;
	readonly rangeStack: string;
}

/** A line of nvtx_gpu_proj_sum; the means, median and deviation as printed, to a tenth. */
export interface ProjectionSumRow {
	readonly name: string;
	readonly style: 'PushPop' | 'StartEnd';
	readonly projectedTotalNs: number;
	readonly rangeTotalNs: number;
	readonly instances: number;
	readonly meanNs: number;
	readonly medianNs: number;
	readonly minNs: number;
	readonly maxNs: number;
	readonly deviationNs: number;
	readonly operations: number;
	readonly meanOperations: number;
	readonly meanLevel: number;
	readonly meanChildren: number;
}

/** A line of nvtx_kern_sum. Name and style are empty, and the ids may be null, for kernels in no range. */
export interface KernelSumRow {
	readonly name: string;
	readonly style: 'PushPop' | 'StartEnd' | '';
	readonly pid: number | null;
	readonly tid: number | null;
	readonly rangeInstances: number;
	readonly kernelInstances: number;
	readonly totalNs: number;
	readonly meanNs: number;
	readonly medianNs: number;
	readonly minNs: number;
	readonly maxNs: number;
	readonly deviationNs: number;
	readonly kernel: string;
}

const pushPopPattern =
	/^(?<start>-?\d+),(?<end>-?\d+),(?<takes>-?\d+),(?<inside>-?\d+),(?<own>-?\d+),(?<name>.*),(?<pid>\d+),(?<tid>\d+),(?<level>\d+),(?<children>\d+),(?<id>\d+),(?<parent>\d*),(?<stack>:[\d:]*),(?<tree>.*)$/s;

const projectionPattern =
	/^(?<name>.*),(?<start>-?\d+),(?<takes>-?\d+),(?<from>-?\d+),(?<lasts>-?\d+),(?<style>PushPop|StartEnd),(?<pid>\d+),(?<tid>\d+),(?<operations>\d+),(?<level>\d+),(?<children>\d+),(?<id>\d+),(?<parent>\d*),(?<stack>:[\d:]*)$/s;

const projectionSumPattern =
	/^(?<name>.*),(?<style>PushPop|StartEnd),(?<total>-?\d+),(?<cpu>-?\d+),(?<count>\d+),(?<mean>-?[\d.]+),(?<median>-?[\d.]+),(?<min>-?\d+),(?<max>-?\d+),(?<deviation>[\d.]+),(?<operations>\d+),(?<each>[\d.]+),(?<level>[\d.]+),(?<children>[\d.]+)$/s;

const kernelSumPattern =
	/^(?<name>.*),(?<style>PushPop|StartEnd|),(?<pid>\d*),(?<tid>\d*),(?<ranges>\d+),(?<kernels>\d+),(?<total>-?\d+),(?<mean>-?[\d.]+),(?<median>-?[\d.]+),(?<min>-?\d+),(?<max>-?\d+),(?<deviation>[\d.]+),(?<kernel>.*)$/s;

/** The row of operations in no range: it has no style and no id. */
const restPattern = /^,-?\d+,-?\d+,,,,\d+,\d+,\d+,,\d+,,,$/;

const unquote = (text: string): string => /^"(?<inner>.*)"$/s.exec(text)?.groups?.['inner'] ?? text;

type Groups = Readonly<Record<string, string>>;

/** Names can hold line breaks: a row goes on until it has all its parts. */
const readRecords = (csv: string, patterns: readonly RegExp[]): Groups[] => {
	const records: Groups[] = [];
	let pending = '';
	const lines = csv.split('\n').slice(1);
	for (const [at, line] of lines.entries()) {
		pending = pending === '' ? line : `${pending}\n${line}`;
		const match = patterns.map((pattern) => pattern.exec(pending)).find((found) => found !== null);
		if (match) {
			records.push(match.groups ?? {});
			pending = '';
		} else if (at === lines.length - 1 && pending.trim() !== '') {
			throw new Error(`not understood: ${pending.slice(0, 300)}`);
		}
	}

	return records;
};

const textOf = (row: Groups, column: string): string => unquote(String(row[column]));
const numberOf = (row: Groups, column: string): number => Number(String(row[column]));
const idOf = (row: Groups, column: string): number | null =>
	row[column] === '' ? null : numberOf(row, column);
const styleOf = (row: Groups): 'PushPop' | 'StartEnd' =>
	row['style'] === 'StartEnd' ? 'StartEnd' : 'PushPop';

const pushPopRow = (row: Groups): PushPopRow => ({
	name: textOf(row, 'name'),
	startNs: BigInt(String(row['start'])),
	endNs: BigInt(String(row['end'])),
	pid: numberOf(row, 'pid'),
	tid: numberOf(row, 'tid'),
	rangeId: numberOf(row, 'id'),
	parentId: idOf(row, 'parent'),
});

const projectionRow = (row: Groups): ProjectionRow => ({
	name: textOf(row, 'name'),
	projectedStartNs: BigInt(String(row['start'])),
	projectedNs: numberOf(row, 'takes'),
	style: styleOf(row),
	pid: numberOf(row, 'pid'),
	tid: numberOf(row, 'tid'),
	operations: numberOf(row, 'operations'),
	rangeId: numberOf(row, 'id'),
});

const readProjections = (csv: string): Groups[] =>
	readRecords(csv, [projectionPattern, restPattern]).filter((row) => row['id'] !== undefined);

export const parsePushPopTrace = (csv: string): PushPopRow[] =>
	readRecords(csv, [pushPopPattern]).map(pushPopRow);

export const parseProjectionTrace = (csv: string): ProjectionRow[] =>
	readProjections(csv).map(projectionRow);

export const parseFullPushPopTrace = (csv: string): FullPushPopRow[] =>
	readRecords(csv, [pushPopPattern]).map((row) => ({
		...pushPopRow(row),
		durationNs: numberOf(row, 'takes'),
		childNs: numberOf(row, 'inside'),
		nonChildNs: numberOf(row, 'own'),
		level: numberOf(row, 'level'),
		children: numberOf(row, 'children'),
		rangeStack: textOf(row, 'stack'),
		nameTree: textOf(row, 'tree'),
	}));

export const parseFullProjectionTrace = (csv: string): FullProjectionRow[] =>
	readProjections(csv).map((row) => ({
		...projectionRow(row),
		originalStartNs: BigInt(String(row['from'])),
		originalNs: numberOf(row, 'lasts'),
		level: numberOf(row, 'level'),
		children: numberOf(row, 'children'),
		parentId: idOf(row, 'parent'),
		rangeStack: textOf(row, 'stack'),
	}));

/** The sample of durations that both summaries describe. */
const readDurations = (row: Groups) => ({
	meanNs: numberOf(row, 'mean'),
	medianNs: numberOf(row, 'median'),
	minNs: numberOf(row, 'min'),
	maxNs: numberOf(row, 'max'),
	deviationNs: numberOf(row, 'deviation'),
});

export const parseProjectionSum = (csv: string): ProjectionSumRow[] =>
	readRecords(csv, [projectionSumPattern]).map((row) => ({
		name: textOf(row, 'name'),
		style: styleOf(row),
		projectedTotalNs: numberOf(row, 'total'),
		rangeTotalNs: numberOf(row, 'cpu'),
		instances: numberOf(row, 'count'),
		...readDurations(row),
		operations: numberOf(row, 'operations'),
		meanOperations: numberOf(row, 'each'),
		meanLevel: numberOf(row, 'level'),
		meanChildren: numberOf(row, 'children'),
	}));

export const parseKernelSum = (csv: string): KernelSumRow[] =>
	readRecords(csv, [kernelSumPattern]).map((row) => ({
		name: textOf(row, 'name'),
		style: row['style'] === '' ? ('' as const) : styleOf(row),
		pid: idOf(row, 'pid'),
		tid: idOf(row, 'tid'),
		rangeInstances: numberOf(row, 'ranges'),
		kernelInstances: numberOf(row, 'kernels'),
		totalNs: numberOf(row, 'total'),
		...readDurations(row),
		kernel: textOf(row, 'kernel'),
	}));
