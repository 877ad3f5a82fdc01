/** The deviation of a single value: none by the formula, 0 in NVIDIA's reports, and so in all of ours. */

import {expect, it} from 'vitest';
import {summarizeKernels} from '../../../nsys-parsers/range-kernels.ts';
import {readKernelNames} from '../../../nsys-parsers/kernel-names.ts';
import {summarizeNames, summarizePaths} from '../../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../../nsys-parsers/read-trace.ts';
import type {Cell, ReportRows} from '../../../schemas/report-rows.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace, programOn} from '../../support/trace-builder.ts';

/** Of the only row. */
const deviationsOf = ({columns, rows}: ReportRows): Record<string, Cell | undefined> => {
	const cells = [...([...rows].at(0) ?? [])];
	return Object.fromEntries(
		columns.flatMap(({title}, place) => (title.includes('StdDev') ? [[title, cells[place]]] : [])),
	);
};

it('is 0 in every report', () => {
	const program = programOn().push('once').launch({takes: 7}).pop();
	const file = buildTrace(temporaryFile('trace.sqlite'), program.spec);
	const read = readDetailedTrace(file);
	expect(deviationsOf(summarizePaths(read))).toEqual({
		'CPU StdDev (ns)': 0,
		'Proj StdDev (ns)': 0,
	});
	expect(deviationsOf(summarizeNames(read))).toEqual({'Proj StdDev (ns)': 0});
	expect(deviationsOf(summarizeKernels(read, readKernelNames(file, 'demangled')))).toEqual({
		'StdDev (ns)': 0,
	});
});
