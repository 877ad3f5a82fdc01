/** Files of any kind into one study. */

import {closeSync, fstatSync, openSync, readFileSync, readSync} from 'node:fs';
import {messageOf, UserError} from '../base/errors.ts';
import type {Study, StudyPoint} from '../schemas/study.ts';
import type {Warning} from '../schemas/warning.ts';
import {joinComposing} from './composing-csv.ts';
import {isCsv, parseCsv} from './csv.ts';
import {parseExport} from './export.ts';
import {joinPoints} from './join-points.ts';
import type {ParsedFile, ParsedPoint} from './parsed-file.ts';
import {parseReport} from './report.ts';

/** What the user knows better than the files. */
export interface KnownFacts {
	readonly model: string | null;
	readonly batchSize: number | null;
}

const headSize = 4096;

/** Bytes. A sweep prints some hundred kilobytes; Node holds no text above 512 MiB. */
const largestText = 256 * 1024 * 1024;

const readHead = (descriptor: number): string => {
	const head = new Uint8Array(headSize);
	return Buffer.from(head.subarray(0, readSync(descriptor, head, 0, headSize, 0))).toString('utf8');
};

const parseOpenFile = (
	descriptor: number,
	path: string,
	file: string,
	facts: KnownFacts,
): ParsedFile => {
	const head = readHead(descriptor);
	if (/^\uFEFF?\s*\{/.test(head)) {
		readSync(descriptor, new Uint8Array(head.startsWith('\uFEFF') ? 3 : 0));
		return parseExport((into) => readSync(descriptor, into), file, facts.batchSize);
	}

	if (fstatSync(descriptor).size > largestText) {
		throw new UserError(`${file} is too large to be what perf_analyzer prints`);
	}

	const text = readFileSync(path, 'utf8');
	if (isCsv(head)) {
		return parseCsv(text, file);
	}

	const parsed = parseReport(text, file);
	if (parsed.points.length === 0 && parsed.warnings.length === 0) {
		throw new UserError(`${file} holds nothing that perf_analyzer writes`, {
			next: 'Give what it printed (also inside Markdown), the CSV of -f, or the JSON of --profile-export-file.',
		});
	}

	return parsed;
};

/**
 * @param file as it was given
 * @throws UserError when the file cannot be read or is none of perf_analyzer's
 */
export const parseFile = (path: string, file: string, facts: KnownFacts): ParsedFile => {
	let descriptor: number;
	try {
		descriptor = openSync(path, 'r');
		// A folder opens, and refuses to be read.
		readHead(descriptor);
	} catch (error) {
		throw new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	}

	try {
		return parseOpenFile(descriptor, path, file, facts);
	} finally {
		closeSync(descriptor);
	}
};

const countRepeats = (points: readonly ParsedPoint[]): StudyPoint[] => {
	const seen = new Map<string, number>();
	return points.map((point) => {
		const {label, model, load, batchSize, protocol, device, instances} = point;
		const key = JSON.stringify([label, model, load, batchSize, protocol, device, instances]);
		const repeat = (seen.get(key) ?? 0) + 1;
		seen.set(key, repeat);
		return {...point, repeat};
	});
};

const warnOfBatchSize = (points: readonly ParsedPoint[]): readonly Warning[] => {
	const blind = points.filter(
		({batchSize, sources}) => batchSize === null && sources.every(({kind}) => kind === 'export'),
	);
	return blind.length === 0
		? []
		: [
				{
					code: 'batch-size-unknown',
					message:
						'a request export names no batch size: its throughput is that of requests. Give --batch-size, or the CSV beside it.',
				},
			];
};

/** @param files parsed, by the path that they were given as, in their order */
export const buildStudy = (files: ReadonlyMap<string, ParsedFile>, facts: KnownFacts): Study => {
	const composing = joinComposing(files);
	const parsed = [...files].filter(([file]) => !composing.has(file)).map(([, content]) => content);
	const points = joinPoints(parsed.flatMap((content) => content.points)).map((point) => ({
		...point,
		model: facts.model ?? point.model,
		batchSize: facts.batchSize ?? point.batchSize,
	}));
	return {
		formatVersion: 1,
		points: countRepeats(points),
		warnings: [...parsed.flatMap(({warnings}) => warnings), ...warnOfBatchSize(points)],
	};
};
