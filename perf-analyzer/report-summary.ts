/** The table at the end of a report: often all that people keep of it. */

import type {Load} from '../schemas/study.ts';
import {readMicroseconds, readReal} from './printed-numbers.ts';
import {addPoint, sameLoad} from './report-run.ts';
import {closeBlock, isSamePlace, runOf, sourceOf, type ReaderState} from './report-state.ts';
import type {ReportLine} from './report-text.ts';

const summaryPattern =
	/^(?:Concurrency: (?<concurrency>\d+)|Request Rate: (?<rate>[^,\s]+)), throughput: (?<throughput>\S+) infer\/sec, latency (?<latency>\d+) usec$/;

/** A line of the table at the end: of a point whose block was read, or all that is left of one. */
export const readSummaryLine = (state: ReaderState, line: ReportLine): boolean => {
	const groups = summaryPattern.exec(line.text)?.groups;
	const value = readReal(groups?.['concurrency'] ?? groups?.['rate'] ?? '');
	const throughput = readReal(groups?.['throughput'] ?? '');
	const time = readMicroseconds(groups?.['latency'] ?? '');
	if (value === undefined || throughput === undefined || time === undefined) {
		return false;
	}

	const load: Load = {
		kind: groups?.['concurrency'] === undefined ? 'request-rate' : 'concurrency',
		value,
	};
	const last = state.runs.at(-1);
	const run = last !== undefined && isSamePlace(last, state) ? last : runOf(state);
	const known = run.points.find(
		({point, listed, measured}) =>
			measured && !listed && sameLoad(point.load, load) && point.client.throughput === throughput,
	);
	if (known !== undefined) {
		known.listed = true;
		return true;
	}

	const percentile = run.summaryPercentile;
	const added = addPoint(run, load, {...sourceOf(state, line), kind: 'summary'});
	added.measured = true;
	added.listed = true;
	added.point.client =
		percentile === undefined
			? {throughput, mean: time, percentiles: []}
			: {throughput, percentiles: [{percentile, time}]};
	return true;
};

export const openSummary = (state: ReaderState, {text}: ReportLine): boolean => {
	const match = /^Inferences\/Second vs\. Client (?:Average|p(\d+)) Batch Latency$/.exec(text);
	if (match !== null) {
		const run = runOf(state);
		run.summarized = true;
		run.summaryPercentile = match[1] === undefined ? undefined : Number(match[1]);
		state.current = undefined;
		closeBlock(state);
	}

	return match !== null;
};
