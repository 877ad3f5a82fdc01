/** Points of a request export. It names neither the model nor the batch size. */

import {UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import type {Load} from '../schemas/study.ts';
import {measureExperiment} from './export-statistics.ts';
import {readFileName} from './file-name.ts';
import type {ReadBytes} from './json-scanner.ts';
import {emptyPoint, type ParsedFile, type ParsedPoint} from './parsed-file.ts';
import {readReal} from './printed-numbers.ts';
import {addReason} from './report-run.ts';
import {readRequestExport, type ExportedExperiment} from './request-export.ts';

/** perf_analyzer's default of -s: what was asked for, the export does not say. */
const stableSpread = 1.1;

const readLoad = ({mode, value}: ExportedExperiment): Load => {
	const number = readReal(value) ?? 0;
	// A rate of 0 stands for intervals, a schedule or sessions.
	if (number === 0 || (mode === 'concurrency' && !Number.isSafeInteger(number))) {
		return {kind: 'schedule'};
	}

	return {kind: mode === 'concurrency' ? 'concurrency' : 'request-rate', value: number};
};

const judge = (point: ParsedPoint, spread: number | null): void => {
	if (point.client.requestCount === 0) {
		point.status = 'failed';
		addReason(point, {
			code: 'no-requests',
			message: 'no request ended inside a window that counts',
		});
	} else if (spread !== null) {
		point.status = spread <= stableSpread ? 'stable' : 'unstable';
	}

	if (point.status === 'unstable') {
		addReason(point, {
			code: 'unstable',
			message: `throughput or mean latency of the last three windows differ by more than ${Math.round((stableSpread - 1) * 100)} %`,
		});
	}
};

/** What is left are some workers' requests, of all windows: no count and no rate can be told from them. */
const markCut = (point: ParsedPoint): void => {
	const {mean, std, percentiles, requestCount = 0} = point.client;
	point.client = {
		...(mean === undefined ? {} : {mean}),
		...(std === undefined ? {} : {std}),
		percentiles,
	};
	point.windows = [];
	point.status = 'failed';
	point.reasons = [
		{
			code: 'export-cut',
			message: `the file ends before this point does: whole workers can be missing. The latencies are those of the ${plural(requestCount, 'request')} that are there; throughput and windows cannot be told, and the point has no say`,
		},
	];
};

const describeExperiment = (
	experiment: ExportedExperiment,
	file: string,
	batchSize: number | null,
	goodMs: number | null,
): ParsedPoint => {
	const measured = measureExperiment(experiment, batchSize ?? 1, goodMs);
	const {stem, device, instances} = readFileName(file);
	const point: ParsedPoint = {
		...emptyPoint({kind: 'export', file, line: null}),
		label: stem,
		load: readLoad(experiment),
		batchSize,
		device,
		instances,
		client: measured.client,
		windows: [...measured.windows],
	};
	judge(point, measured.spread);
	if (experiment.cut) {
		markCut(point);
	}

	if (experiment.broken > 0) {
		const requests = plural(experiment.broken, 'request');
		addReason(point, {
			code: 'broken-requests',
			message: `${requests} without a usable answer left out`,
		});
	}

	return point;
};

/**
 * @param file as it was given: it goes into sources and warnings
 * @param batchSize inferences of a request; null where nobody knows, then throughput is that of requests
 * @param goodMs the latency up to which a request counts for the goodput, in ms; null: no goodput
 * @throws UserError when it is another JSON
 */
export const parseExport = (
	read: ReadBytes,
	file: string,
	batchSize: number | null,
	goodMs: number | null = null,
): ParsedFile => {
	const {experiments: all, serviceKind, damage} = readRequestExport(read);
	const experiments = all.filter(({cut, requests}) => !cut || requests.ends.length > 0);
	if (all.length > 0 && experiments.length === 0) {
		return {
			points: [],
			warnings: [
				{
					code: 'export-cut',
					message: `${file} ends before its first request: nothing in it can be used`,
				},
			],
		};
	}

	if (experiments.length === 0) {
		throw new UserError(`${file} is no request export of perf_analyzer: it has no experiments`, {
			next: damage === undefined ? '' : `It is not whole JSON either: ${damage}.`,
		});
	}

	const points = experiments.map((experiment) => ({
		...describeExperiment(experiment, file, batchSize, goodMs),
		serviceKind: serviceKind === '' ? null : serviceKind.toLowerCase().replaceAll('_', '-'),
	}));
	return {
		points,
		warnings: [
			...(damage === undefined
				? []
				: [{code: 'export-cut', message: `${file} was read up to its damage: ${damage}`}]),
		],
	};
};
