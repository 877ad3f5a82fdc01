/** The way in: what `compare` and `ab` found, as text, in pieces. */

import {ComparisonReport} from '../schemas/comparison-report.ts';
import {formatComparisonBmf} from './comparison-bmf.ts';
import {formatComparisonCsv} from './comparison-csv.ts';
import {formatComparisonJunit} from './comparison-junit.ts';
import {formatComparisonMarkdown} from './comparison-markdown.ts';
import {formatComparisonTable, type ComparisonTextOptions} from './comparison-table.ts';

export const comparisonFormats = ['table', 'markdown', 'csv', 'json', 'junit', 'bmf'] as const;
export type ComparisonFormat = (typeof comparisonFormats)[number];

/** @throws ZodError for a report that breaks its schema, a bug of ours: JSON.stringify would write NaN as null */
const writeJson = (report: ComparisonReport): string =>
	`${JSON.stringify(ComparisonReport.parse(report), null, '\t')}\n`;

/** `table` and `markdown` show what matters unless `all` is set; the others hold everything. */
export const formatComparison = (
	report: ComparisonReport,
	format: ComparisonFormat,
	options: ComparisonTextOptions = {},
): Iterable<string> => {
	switch (format) {
		case 'table':
			return formatComparisonTable(report, options);
		case 'markdown':
			return formatComparisonMarkdown(report, options);
		case 'csv':
			return formatComparisonCsv(report, options);
		case 'json':
			return [writeJson(report)];
		case 'junit':
			return formatComparisonJunit(report);
		case 'bmf':
			return formatComparisonBmf(report);
	}
};
