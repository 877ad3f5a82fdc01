/** A run, of one repeat or many, as a page. */

import {markup} from './markup.ts';
import {writePage} from './page.ts';
import {listRunSections, writeKeyFigures, type RunPage} from './run-sections.ts';

export const writeRunPage = (
	run: RunPage,
	{title, version}: {readonly title: string; readonly version: string},
): string =>
	writePage({
		title,
		subtitle: run.heading,
		lead: markup`${writeKeyFigures(run)}`,
		sections: listRunSections(run),
		version,
	});
