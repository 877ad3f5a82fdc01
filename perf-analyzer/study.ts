/** Files of any kind into one study. */

import {
	closeSync,
	existsSync,
	fstatSync,
	openSync,
	readFileSync,
	readSync,
	statSync,
} from 'node:fs';
import path from 'node:path';
import {messageOf, UserError} from '../base/errors.ts';
import type {Study, StudyPoint} from '../schemas/study.ts';
import type {Warning} from '../schemas/warning.ts';
import {joinComposing} from './composing-csv.ts';
import {isCsv, parseCsv} from './csv.ts';
import {parseExport} from './export.ts';
import {joinPoints} from './join-points.ts';
import {judgeImported} from './judge-point.ts';
import {warnOfMixedSources} from './mixed-sources.ts';
import type {ParsedFile, ParsedPoint} from './parsed-file.ts';
import {parseReport} from './report.ts';
import {sweepFiles} from './sweep-store.ts';

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

/** By the keys that it begins with. @throws UserError for what `benchmark` itself has written */
const refuseOwnFile = (head: string, file: string): void => {
	const key = /^\uFEFF?\s*\{\s*"formatVersion"\s*:\s*\d+\s*,\s*"(\w+)"/.exec(head)?.[1];
	if (key === 'points') {
		throw new UserError(`${file} is a study already`, {
			next: '`benchmark compare` and `benchmark report` read it; import takes what perf_analyzer wrote.',
		});
	}

	if (key !== undefined) {
		throw new UserError(`${file} is a file of benchmark's own, and none of perf_analyzer's`, {
			next: 'Give what perf_analyzer wrote: of a sweep, the files in its points/*/.',
		});
	}
};

/** @throws UserError that says what can be done with a folder */
const refuseFolder = (folder: string, file: string): void => {
	if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() !== true) {
		return;
	}

	const hasStudy = existsSync(path.join(folder, sweepFiles.study));
	throw new UserError(`${file} is a folder`, {
		next: hasStudy
			? `It holds a study already: \`benchmark compare\` and \`benchmark report\` take the folder. To import, name files: ${file.replace(/\/$/, '')}/points/*/stdout.log`
			: 'Name the files in it: what perf_analyzer printed, its CSVs, its request exports.',
	});
};

const parseOpenFile = (
	descriptor: number,
	fullPath: string,
	file: string,
	facts: KnownFacts,
): ParsedFile => {
	const head = readHead(descriptor);
	refuseOwnFile(head, file);
	if (head === '') {
		return {points: [], warnings: [{code: 'empty-file', message: `${file} is empty`}]};
	}

	if (/^\uFEFF?\s*\{/.test(head)) {
		readSync(descriptor, new Uint8Array(head.startsWith('\uFEFF') ? 3 : 0));
		return parseExport((into) => readSync(descriptor, into), file, facts.batchSize);
	}

	if (fstatSync(descriptor).size > largestText) {
		throw new UserError(`${file} is too large to be what perf_analyzer prints`);
	}

	const text = readFileSync(fullPath, 'utf8');
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
export const parseFile = (fullPath: string, file: string, facts: KnownFacts): ParsedFile => {
	refuseFolder(fullPath, file);
	let descriptor: number;
	try {
		descriptor = openSync(fullPath, 'r');
		readHead(descriptor);
	} catch (error) {
		throw new UserError(`${file} cannot be read: ${messageOf(error)}`, {cause: error});
	}

	try {
		return parseOpenFile(descriptor, fullPath, file, facts);
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
		({batchSize, sources, client}) =>
			batchSize === null &&
			client.throughput !== undefined &&
			sources.every(({kind}) => kind === 'export'),
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
		reasons: [...point.reasons],
		model: facts.model ?? point.model,
		batchSize: facts.batchSize ?? point.batchSize,
	}));
	points.forEach(judgeImported);
	return {
		formatVersion: 1,
		points: countRepeats(points),
		warnings: [
			...parsed.flatMap(({warnings}) => warnings),
			...warnOfBatchSize(points),
			...warnOfMixedSources(points),
		],
	};
};
