/** Reads a study's folder for its page. */

import {readdirSync} from 'node:fs';
import path from 'node:path';
import {studyPlotNames} from '../report/study-plots.ts';
import {writeStudyPage} from '../report/html/study-page.ts';
import {changeInterval, throughputInterval} from '../results/study/step-intervals.ts';
import {splitLatency} from '../results/study/time-shares.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {Study} from '../schemas/study.ts';
import {linkFrom, toPageNotes} from './page-run.ts';
import {plotKinds} from './plot-files.ts';

/** More would be a list that nobody reads. */
const mostPoints = 60;

/** A sweep keeps a folder per point. */
const listPointFolders = (folder: string): readonly string[] =>
	readdirSync(folder, {withFileTypes: true})
		.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
		.map(({name}) => name)
		.toSorted()
		.slice(0, mostPoints);

const pictureNames = studyPlotNames.flatMap((name) => plotKinds.map((kind) => `${name}.${kind}`));

/** @throws UserError where the study is not what it should be */
export const buildStudyPage = (
	folder: string,
	page: string,
	head: {readonly title: string; readonly version: string},
): string => {
	const study = readJsonFile(Study, path.join(folder, 'study.json'));
	const {find} = linkFrom(page, folder);
	return writeStudyPage(
		{
			study,
			split: splitLatency,
			intervals: {
				throughput: ({points}) => throughputInterval(points),
				change: (base, step) => changeInterval(base.points, step.points),
			},
			notes: toPageNotes(study.warnings),
			files: [
				['study.json', 'the study: every point with all that was told of it'] as const,
				['sweep.json', 'the plan of the sweep, and how each point ended'] as const,
				...pictureNames.map((name) => [name, 'a picture of this page'] as const),
				...listPointFolders(folder).map((name) => [name, 'what was measured'] as const),
			].flatMap(([name, holds]) => find(name, holds) ?? []),
		},
		head,
	);
};
