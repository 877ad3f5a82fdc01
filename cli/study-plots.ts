/** The pictures of a study beside its study.json, and the options that ask for them. */

import type {Argv} from 'yargs';
import {plural} from '../base/plural.ts';
import {drawStudyPlots, studyPlotNames} from '../report/study-plots.ts';
import {splitLatency} from '../results/study/time-shares.ts';
import type {Study} from '../schemas/study.ts';
import {flagOption, textOption, type Parsed} from './options.ts';
import {parsePlotKinds, plotKinds, writePlots, type PlotKind} from './plot-files.ts';
import type {Terminal} from './terminal.ts';

export const withPlotOptions = (parser: Argv): Argv =>
	parser
		.option('plots', {
			type: 'string',
			requiresArg: true,
			describe: 'pictures to draw beside study.json: svg, png or both (svg,png)',
		})
		.option('no-plots', {type: 'boolean', describe: 'no pictures'});

/** Empty: none. @throws UserError for a kind that there is not */
export const plotKindsOption = (parsed: Parsed): readonly PlotKind[] =>
	flagOption(parsed, 'no-plots')
		? []
		: parsePlotKinds(textOption(parsed, 'plots') ?? plotKinds.join(','));

/**
 * Replaces the pictures that an earlier study left in the folder.
 * @param folder absolute @param kinds empty: none are drawn, old ones go
 * @throws ToolError when the disk refuses
 */
export const writeStudyPlots = async (
	folder: string,
	study: Study,
	{kinds, terminal}: {readonly kinds: readonly PlotKind[]; readonly terminal: Terminal},
): Promise<void> => {
	const plots = kinds.length === 0 ? [] : drawStudyPlots(study, splitLatency);
	const files = await writePlots({folder, plots, kinds, known: studyPlotNames}, terminal);
	if (files.length > 0) {
		terminal.say('info', `plots      ${plural(files.length, 'file')} plot.* in ${folder}`);
	}
};
