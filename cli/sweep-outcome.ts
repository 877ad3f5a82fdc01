/** What comes of a sweep: its study, pictures and CSV, what is shown of them, and how the command ends. */

import path from 'node:path';
import {ExitCode} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {warnOfMixedSources} from '../perf-analyzer/mixed-sources.ts';
import {pointFiles} from '../perf-analyzer/sweep-plan.ts';
import {writeSweepCsv} from '../perf-analyzer/sweep-csv.ts';
import {sweepFiles} from '../perf-analyzer/sweep-store.ts';
import type {SweepEnd} from '../perf-analyzer/sweep.ts';
import {listStudyRows} from '../report/study-rows.ts';
import {writeJsonFile} from '../schemas/json-file.ts';
import {Study, type StudyPoint} from '../schemas/study.ts';
import type {CommandEnd} from './command.ts';
import {textOption, type Parsed} from './options.ts';
import {printRows} from './print-rows.ts';
import {printAnswers, withAnswers} from './study-answers.ts';
import {plotKindsOption, writeStudyPlots} from './study-plots.ts';
import {sayStudyReasons} from './study-reasons.ts';
import {sayWarnings} from './warning-lines.ts';
import type {Terminal} from './terminal.ts';
import type {SweepRequest} from './triton-sweep-options.ts';

const orderOf = ({load}: StudyPoint): number => (load.kind === 'schedule' ? 0 : load.value);

const lineOf = ({label, protocol, batchSize}: StudyPoint): string =>
	JSON.stringify([label, protocol, batchSize]);

/** Line by line of a plot, and not as they were measured. */
export const sortPoints = (points: readonly StudyPoint[]): StudyPoint[] => {
	const lines = [...new Set(points.map(lineOf))];
	return points.toSorted(
		(a, b) =>
			lines.indexOf(lineOf(a)) - lines.indexOf(lineOf(b)) ||
			orderOf(a) - orderOf(b) ||
			a.repeat - b.repeat,
	);
};

export const writeSweepStudy = async (
	{points}: SweepEnd,
	request: SweepRequest,
	parsed: Parsed,
	terminal: Terminal,
): Promise<void> => {
	const {outputFolder, slo, csvFile, plan} = request;
	const warnings = [...warnOfMixedSources(points)];
	const study = withAnswers({formatVersion: 1, points: sortPoints(points), warnings}, slo);
	const file = path.join(outputFolder, sweepFiles.study);
	writeJsonFile(Study, file, study);
	if (csvFile !== null) {
		const folders = plan.points.map(({folder}) =>
			path.join(outputFolder, sweepFiles.points, folder),
		);
		const rows = writeSweepCsv(
			csvFile,
			folders.map((folder) => path.join(folder, pointFiles.csv)),
		);
		terminal.say('info', `CSV        ${csvFile} (${plural(rows, 'row')})`);
	}

	sayWarnings(study.warnings, terminal);
	sayStudyReasons(study, terminal);
	terminal.say('info', `study      ${file}`);
	await writeStudyPlots(outputFolder, study, {kinds: plotKindsOption(parsed), terminal});
	await printRows(listStudyRows(study), parsed, terminal);
	printAnswers(study, textOption(parsed, 'format') ?? 'table', terminal);
};

export const concludeSweep = (
	{points, interrupted}: SweepEnd,
	request: SweepRequest,
	signal: number | undefined,
	terminal: Terminal,
): CommandEnd => {
	if (interrupted) {
		const {points: all} = request.plan;
		terminal.say(
			'warning',
			`${points.length} of ${plural(all.length, 'point')} measured; the same command again goes on with the others.`,
		);
		return {exitCode: ExitCode.signalled + (signal ?? 2)};
	}

	const failed = points.filter(({status}) => status === 'failed').length;
	if (failed > 0) {
		terminal.say(
			'error',
			`${plural(failed, 'point')} failed; what perf_analyzer said is in ${path.join(request.outputFolder, sweepFiles.points)}. --resume tries them again.`,
		);
	}

	return {exitCode: failed > 0 ? ExitCode.toolFailed : ExitCode.done};
};
