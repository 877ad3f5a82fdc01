/** What perf_analyzer prints: one or many calls in one text, from a terminal, a log, or pasted into Markdown. */

import type {Warning} from '../schemas/warning.ts';
import {readFileName} from './file-name.ts';
import type {ParsedFile, ParsedPoint} from './parsed-file.ts';
import {isImpossibleStd} from './printed-std.ts';
import {readReportLines} from './report-reader.ts';
import {addReason, type ReportRun, type RunPoint} from './report-run.ts';
import {isFence, splitStreams} from './report-text.ts';

/** What a label is made of. */
interface Naming {
	readonly stem: string;
	/** Prose between two runs means that something was changed: each is a variant. In a log they are repeats. */
	readonly markdown: boolean;
	readonly severalModels: boolean;
	readonly severalRanks: boolean;
}

const nameRun = ({heading, rank, settings}: ReportRun, naming: Naming): string => {
	const ranked = naming.severalRanks && rank !== undefined ? ` rank ${rank}` : '';
	const plain = naming.severalModels ? settings.model : null;
	return `${(naming.markdown ? (heading ?? settings.model) : plain) ?? naming.stem}${ranked}`;
};

/** "Tuning", "Tuning #2", ... */
const nameRuns = (runs: readonly ReportRun[], naming: Naming): readonly string[] => {
	const seen = new Map<string, number>();
	return runs.map((run) => {
		const name = nameRun(run, naming);
		const times = (seen.get(name) ?? 0) + 1;
		seen.set(name, times);
		return naming.markdown && times > 1 ? `${name} #${times}` : name;
	});
};

const checkStd = (point: ParsedPoint): void => {
	if (isImpossibleStd(point.client)) {
		const {std, ...client} = point.client;
		point.client = client;
		addReason(point, {
			code: 'std-overflow',
			message: `the printed standard deviation of ${String(std)} ms is below what the percentiles allow: perf_analyzer's sum overflowed`,
		});
	}
};

const finishPoint = ({point, measured}: RunPoint, run: ReportRun): void => {
	checkStd(point);
	if (point.status !== 'unknown') {
		return;
	}

	if (!measured) {
		point.status = 'failed';
		addReason(point, {
			code: 'no-result',
			message: 'perf_analyzer began this point and printed no result for it',
		});
	} else if (run.countsRequests) {
		addReason(point, {
			code: 'counted-requests',
			message:
				'with --request-count nothing is judged stable, and the throughput is too low: up to a second of waiting is counted',
		});
	} else {
		point.status = 'stable';
	}
};

const listPoints = (run: ReportRun, label: string, file: string): readonly ParsedPoint[] => {
	const {device, instances} = readFileName(file);
	return run.points.map((entry) => {
		finishPoint(entry, run);
		const {model, batchSize, protocol, serviceKind} = run.settings;
		const own = entry.point.protocol ?? protocol;
		return {...entry.point, label, model, batchSize, serviceKind, protocol: own, device, instances};
	});
};

/** @param file as it was given: it goes into sources and warnings */
export const parseReport = (text: string, file: string): ParsedFile => {
	const streams = splitStreams(text);
	const markdown = streams.some(({lines}) => lines.some(isFence));
	const warnings: Warning[] = [];
	const runs: ReportRun[] = [];
	for (const {lines, rank} of streams) {
		const read = readReportLines(lines, {file, rank, markdown});
		runs.push(...read.runs.filter(({points}) => points.length > 0));
		warnings.push(...read.warnings);
	}

	const labels = nameRuns(runs, {
		stem: readFileName(file).stem,
		markdown,
		severalModels: new Set(runs.map(({settings}) => settings.model)).size > 1,
		severalRanks: streams.filter(({rank}) => rank !== undefined).length > 1,
	});
	return {
		points: runs.flatMap((run, place) => listPoints(run, labels[place] ?? '', file)),
		warnings,
	};
};
