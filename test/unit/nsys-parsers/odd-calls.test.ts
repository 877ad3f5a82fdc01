/** Calls that no profiler should have written: they lie in no range, and mislead nobody about the others. */

import {expect, it} from 'vitest';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import {listGpuTimes, warningCodes} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';

const at = {pid: 1, tid: 1};
const ranges = [
	{name: 'early', start: 5, end: 20, ...at},
	{name: 'late', start: 90, end: 110, ...at},
];

/** In the order of their rows. */
const calls = [
	{correlation: 1, start: 100, end: 101, ...at},
	{correlation: 2, start: 103, end: 104, ...at},
	{correlation: 3, start: 10, end: 11, ...at},
];
const kernels = calls.map(({correlation}) => ({
	correlation,
	start: 200 * correlation,
	end: 200 * correlation + 5,
	pid: 1,
}));

it.each([
	['no start', 'start = NULL'],
	['no end', '"end" = NULL'],
	['neither', 'start = NULL, "end" = NULL'],
	['a start beyond all clocks', 'start = 9000000000000000000'],
	['an end beyond all clocks', '"end" = 9000000000000000000'],
])('a call with %s is in no range', (_, assignment) => {
	const file = buildTrace(temporaryFile('trace.sqlite'), {ranges, calls, kernels}, (database) => {
		// As it was, but that cells may be NULL.
		database.exec(`CREATE TABLE copy AS SELECT * FROM CUPTI_ACTIVITY_KIND_RUNTIME;
			DROP TABLE CUPTI_ACTIVITY_KIND_RUNTIME;
			ALTER TABLE copy RENAME TO CUPTI_ACTIVITY_KIND_RUNTIME`);
		database.exec(`UPDATE CUPTI_ACTIVITY_KIND_RUNTIME SET ${assignment} WHERE correlationId = 2`);
	});
	const trace = readTrace(file);
	const launches = Object.fromEntries(
		Object.entries(listGpuTimes(trace)).map(([path, {operations}]) => [path, operations]),
	);
	expect(launches).toEqual({early: 1, late: 1});
	expect(warningCodes(trace)).toContain('unattributed-gpu-work');
});
