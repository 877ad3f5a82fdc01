/**
 * A large export is read on two cores by the built command, and on one by the sources, which a worker cannot load: what
 * both say of the same file has to be the same, cell by cell.
 */

import os from 'node:os';
import path from 'node:path';
import {expect, it} from 'vitest';
import {generateTrace} from '../../bench/trace-generator.ts';
import {listRanges} from '../../nsys-parsers/range-listing.ts';
import {summarizePaths} from '../../nsys-parsers/range-reports.ts';
import {readDetailedTrace} from '../../nsys-parsers/read-trace.ts';
import {formatRows} from '../../report/row-formats.ts';
import {runBenchmark, temporaryFolder} from '../support/command.ts';

/** More rows of the GPU side than are worth a worker. */
const events = 300_000;

it('says of a shuffled export what one core says, with a worker at work', async ({skip}) => {
	skip(os.availableParallelism() === 1, 'this machine has a single core');
	const folder = temporaryFolder('two-cores');
	const file = path.join(folder, 'large.sqlite');
	generateTrace(file, {
		events,
		processes: 3,
		threads: 3,
		bareThreads: 2,
		shuffled: true,
		collisions: true,
		doubledCalls: 0.1,
		withoutCall: 0.01,
		overlaps: 0.05,
		graphs: 0.02,
		tsNormalize: true,
		vm: 200,
	});
	// Node itself then says on stderr what its workers do.
	const {exitCode, stdout, stderr} = await runBenchmark(
		['ranges', '--trace', '--format', 'tsv', file],
		{env: {NODE_DEBUG: 'worker'}},
	);
	expect(exitCode).toBe(0);
	expect(stderr).toMatch(/^WORKER .*created Worker/m);
	const read = readDetailedTrace(file, {startEndRanges: true});
	const expected = [...formatRows(listRanges(read), 'tsv', Infinity)].join('');
	expect(stdout.length).toBe(expected.length);
	expect(stdout === expected).toBe(true);
	// A summary alone keeps no calls: their memory serves again for what comes after them.
	const summary = await runBenchmark(['ranges', '--format', 'tsv', file]);
	expect(summary.stdout === [...formatRows(summarizePaths(read), 'tsv', Infinity)].join('')).toBe(
		true,
	);
});
