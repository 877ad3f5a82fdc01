/** Names can hold anything; what they hold must not steer the reader's terminal. */

import path from 'node:path';
import {expect, it} from 'vitest';
import {runBenchmark, temporaryFolder} from '../support/command.ts';
import {buildTrace} from '../support/trace-builder.ts';

it.each(['reprocess', 'ranges'])(
	'%s shows control characters of a name as escapes',
	async (name) => {
		const file = path.join(temporaryFolder('odd-names'), 'odd.sqlite');
		buildTrace(file, {ranges: [{name: 'red \u001b[31m\u0007', start: 0, end: 10}]});
		const {exitCode, stdout} = await runBenchmark([name, file]);
		expect(exitCode).toBe(0);
		expect(stdout).toContain('red ');
		expect(stdout).not.toMatch(/[\u001b\u0007]/);
	},
);
