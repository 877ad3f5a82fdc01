/**
 * The CSV of `-f`: a row for each stable point, sorted by throughput, nothing quoted, times in whole microseconds. It does
 * not say what was measured: that is in the file's name, if anywhere. Nor how wide a -s its points were stable by.
 */

import {UserError} from '../base/errors.ts';
import type {Load} from '../schemas/study.ts';
import type {Warning} from '../schemas/warning.ts';
import {readFileName} from './file-name.ts';
import {quoteLine} from './messages.ts';
import {emptyPoint, type ParsedFile, type ParsedPoint} from './parsed-file.ts';
import {readMicroseconds, readReal} from './printed-numbers.ts';
import {gpuTitles, putGpuMetric, type ClientNumbers, type ServerNumbers} from './report-lines.ts';
import {addReason} from './report-run.ts';
import {findContradiction} from './row-contradiction.ts';

const loadKinds: Readonly<Record<string, 'concurrency' | 'request-rate'>> = {
	Concurrency: 'concurrency',
	'Request Rate': 'request-rate',
};

type ClientTime = 'send' | 'receive' | 'mean' | 'network' | 'sendReceive' | 'responseWait';
type ServerTime =
	'queue' | 'computeInput' | 'computeInfer' | 'computeOutput' | 'cacheHit' | 'cacheMiss';

const clientTimes: ReadonlyMap<string, ClientTime> = new Map([
	['Client Send', 'send'],
	['Client Recv', 'receive'],
	['Avg latency', 'mean'],
	['Network+Server Send/Recv', 'network'],
	['request/response', 'sendReceive'],
	['response wait', 'responseWait'],
]);

const serverTimes: ReadonlyMap<string, ServerTime> = new Map([
	['Server Queue', 'queue'],
	['Server Compute Input', 'computeInput'],
	['Server Compute Infer', 'computeInfer'],
	['Server Compute Output', 'computeOutput'],
	['Server Cache Hit', 'cacheHit'],
	['Server Cache Miss', 'cacheMiss'],
]);

/** What is quoted was so by a spreadsheet. */
const splitRow = (line: string): readonly string[] =>
	line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

export const isCsv = (text: string): boolean =>
	/^\uFEFF?"?(?:Concurrency|Request Rate)"?,"?Inferences\/Second\b/.test(text);

/** "GPU-1:0.5;GPU-2:0.25;": identifiers may hold colons. */
const readGpuCell = (cell: string, title: string, point: ParsedPoint): void => {
	const key = gpuTitles.get(title);
	for (const part of key === undefined ? [] : cell.split(';')) {
		const colon = part.lastIndexOf(':');
		if (key !== undefined && colon > 0) {
			putGpuMetric(point.gpus, part.slice(0, colon), key, readReal(part.slice(colon + 1)));
		}
	}
};

const readTime = (point: ParsedPoint, title: string, cell: string): number | undefined => {
	const time = readMicroseconds(cell);
	if (time === undefined && cell !== '') {
		addReason(point, {
			code: 'wrapped-number',
			message: `a time below 0 or without a meaning was written, and is left out (${title}: "${quoteLine(cell)}")`,
		});
	}

	return time;
};

/** @returns whether the column is known */
const readCell = (
	point: ParsedPoint,
	server: ServerNumbers,
	title: string,
	cell: string,
): boolean => {
	const client: ClientNumbers = point.client;
	if (gpuTitles.has(title)) {
		readGpuCell(cell, title, point);
		return true;
	}

	if (title === 'Inferences/Second' || title === 'Response Throughput') {
		const value = readReal(cell);
		if (value !== undefined) {
			client[title === 'Response Throughput' ? 'responseThroughput' : 'throughput'] = value;
		}

		return true;
	}

	const percentile = Number(/^p(\d+(?:\.\d+)?) latency$/.exec(title)?.[1]);
	const clientKey = clientTimes.get(title);
	const serverKey = serverTimes.get(title);
	const isPercentile = percentile > 0 && percentile <= 100;
	if (!isPercentile && clientKey === undefined && serverKey === undefined) {
		return false;
	}

	const time = readTime(point, title, cell);
	if (time !== undefined && isPercentile) {
		client.percentiles.push({percentile, time});
	} else if (time !== undefined && clientKey !== undefined) {
		client[clientKey] = time;
	} else if (time !== undefined && serverKey !== undefined) {
		server[serverKey] = time;
	}

	return true;
};

const readLoad = (title: string | undefined, cell: string | undefined): Load | undefined => {
	const kind = loadKinds[title ?? ''];
	const value = readReal(cell ?? '');
	return kind === undefined ||
		value === undefined ||
		(kind === 'concurrency' && !Number.isSafeInteger(value))
		? undefined
		: {kind, value};
};

const byLoad = (a: ParsedPoint, b: ParsedPoint): number =>
	(a.load.kind === 'schedule' ? 0 : a.load.value) - (b.load.kind === 'schedule' ? 0 : b.load.value);

/** Everything of one row. @returns undefined where the row has no load */
const readRow = (
	titles: readonly string[],
	cells: readonly string[],
	source: ParsedPoint['sources'][number],
	unknown: Set<string>,
): ParsedPoint | undefined => {
	const load = readLoad(titles[0], cells[0]);
	if (load === undefined) {
		return undefined;
	}

	const {stem, device, instances} = readFileName(source.file);
	const point: ParsedPoint = {
		...emptyPoint(source),
		label: stem,
		load,
		device,
		instances,
	};
	const server: ServerNumbers = {};
	titles.forEach((title, place) => {
		if (place > 0 && title !== '' && !readCell(point, server, title, cells[place] ?? '')) {
			unknown.add(title);
		}
	});
	point.server = Object.keys(server).length === 0 ? null : server;
	return point;
};

/** A row that is no measurement, and why. */
interface BadRow {
	/** 1-based. */
	readonly line: number;
	readonly problem: string;
}

const warnOfRows = (bad: readonly BadRow[], file: string): readonly Warning[] =>
	[...new Set(bad.map(({problem}) => problem))].map((problem) => {
		const lines = bad.filter((row) => row.problem === problem).map(({line}) => line);
		return {code: 'bad-row', message: `${file}: ${problem} in line ${lines.join(', ')}: left out`};
	});

const countCells = (titles: readonly string[]): number =>
	titles.findLastIndex((title) => title !== '') + 1;

/** @returns why the row is none; undefined where nothing is wrong with it */
const findProblem = (
	point: ParsedPoint | undefined,
	cells: readonly string[],
	titles: readonly string[],
	isEnded: boolean,
): string | undefined => {
	if (point === undefined) {
		return 'no load';
	}

	return cells.length < countCells(titles)
		? 'fewer cells than titles (cut off?)'
		: findContradiction(point, isEnded);
};

/**
 * @param file as it was given: it goes into sources and warnings
 * @throws UserError when the text has no such header
 */
export const parseCsv = (text: string, file: string): ParsedFile => {
	if (!isCsv(text)) {
		throw new UserError(`${file} is no CSV of perf_analyzer: its first line names no load`);
	}

	const [header = '', ...rows] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
	const titles = splitRow(header);
	const points: ParsedPoint[] = [];
	const bad: BadRow[] = [];
	const unknown = new Set<string>();
	for (const [index, row] of rows.entries()) {
		if (row.trim() === '') {
			continue;
		}

		const source = {kind: 'csv' as const, file, line: index + 2};
		const cells = splitRow(row);
		const point = readRow(titles, cells, source, unknown);
		const problem = findProblem(point, cells, titles, index < rows.length - 1);
		if (point !== undefined && problem === undefined) {
			points.push(point);
		} else {
			bad.push({line: index + 2, problem: problem ?? 'no load'});
		}
	}

	return {
		points: points.sort(byLoad),
		warnings: [
			...warnOfRows(bad, file),
			...(points.length > 0
				? []
				: [{code: 'no-measurement', message: `${file} holds no measurement below its header`}]),
			...(unknown.size === 0
				? []
				: [
						{
							code: 'unknown-column',
							message: `${file}: columns that are not known, and left out: ${[...unknown].map(quoteLine).join(', ')}`,
						},
					]),
		],
	};
};
