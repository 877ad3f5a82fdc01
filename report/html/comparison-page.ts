/** Both sides of a comparison as a page: what was found, and below it each side's run. */

import type {ComparisonReport} from '../../schemas/comparison-report.ts';
import {formatText} from '../cell-text.ts';
import {headline, writeCandidate} from './comparison-section.ts';
import {writeFiles, writeLink, type FileLink} from './links.ts';
import {markup, Markup, nothing} from './markup.ts';
import {writeNotes, type PageNote} from './notes.ts';
import {writePage, type Section} from './page.ts';
import {listRunSections, writeKeyFigures, type RunPage} from './run-sections.ts';

export interface ComparedRun {
	/** "baseline", "candidate". */
	readonly role: string;
	/** As the comparison calls it. */
	readonly label: string;
	/** null where the folder is gone. */
	readonly folder: FileLink | null;
	/** null where it cannot be read: then `notes` of the page say why. */
	readonly run: RunPage | null;
}

export interface ComparisonPage {
	readonly report: ComparisonReport;
	readonly sides: readonly ComparedRun[];
	readonly files: readonly FileLink[];
	/** What could not be read. */
	readonly notes: readonly PageNote[];
}

const longestLabel = 100;

const writeSide = ({role, label, folder, run}: ComparedRun): Markup => {
	const name = formatText(label, longestLabel);
	const sections = run === null ? [] : listRunSections(run);
	return markup`<details class="side"><summary>${role}: ${name}</summary>
${folder === null ? nothing : markup`<p>Folder: ${writeLink(folder, formatText(folder.name, longestLabel))}</p>`}${run === null ? nothing : markup`<p>${run.heading}</p>${writeKeyFigures(run, false)}`}${sections.map(({title, content}) => markup`<h3>${title}</h3>${content}`)}</details>
`;
};

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const writeComparisonPage = (
	{report, sides, files, notes}: ComparisonPage,
	{title, version}: {readonly title: string; readonly version: string},
): string => {
	const [first] = report.candidates;
	const several = report.candidates.length > 1;
	const found = report.candidates.map((candidate, place): Section => ({
		id: `found-${place}`,
		title: several ? capitalize(headline(candidate, report)) : 'What was found',
		content: writeCandidate(candidate, report),
	}));
	return writePage({
		title,
		subtitle:
			first === undefined || several
				? `${report.candidates.length} candidates against ${formatText(report.baseline.label, longestLabel)}`
				: headline(first, report),
		lead: writeNotes(notes),
		sections: [
			...found,
			...(sides.length === 0
				? []
				: [{id: 'sides', title: 'Both sides', content: markup`${sides.map(writeSide)}`}]),
			...(files.length === 0
				? []
				: [{id: 'files', title: 'Files', content: writeFiles(files, 'What all of this is from.')}]),
		],
		version,
	});
};
