/** Prints a report as --format and --all want it. */

import {formatRows, rowFormats} from '../report/row-formats.ts';
import type {ReportRows} from '../schemas/report-rows.ts';
import {choiceOption, flagOption} from './options.ts';
import type {Parsed} from './options.ts';
import type {Terminal} from './terminal.ts';

/** More than this is no answer at a glance. */
const tableRows = 40;

/** Ends early where nobody reads on: `benchmark ... | head`. */
export const printRows = async (
	report: ReportRows,
	parsed: Parsed,
	terminal: Terminal,
): Promise<void> => {
	const format = choiceOption(parsed, 'format', rowFormats);
	const limit = flagOption(parsed, 'all') ? Number.POSITIVE_INFINITY : tableRows;
	for (const piece of formatRows(report, format, limit)) {
		if (!(await terminal.write(piece))) {
			break;
		}
	}
};
