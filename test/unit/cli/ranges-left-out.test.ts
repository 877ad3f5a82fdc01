/** What `benchmark ranges` says beside its tables, on built exports. */

import {describe, expect, it} from 'vitest';
import {rangesCommand} from '../../../cli/ranges.ts';
import {Terminal} from '../../../cli/terminal.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';

describe('benchmark ranges', () => {
	const run = async (...argv: readonly string[]): Promise<{out: string; err: string}> => {
		const said = {out: '', err: ''};
		const streamOf = (stream: 'out' | 'err') => ({
			write: (text: string) => {
				said[stream] += text;
			},
		});
		const terminal = new Terminal({out: streamOf('out'), err: streamOf('err')}, {});
		const context = {env: {}, cwd: '/', argv, version: '0'};
		await rangesCommand(argv, terminal, context);
		return said;
	};

	it('says how many start/end ranges the summary by path leaves out, and no other report', async () => {
		const file = buildTrace(temporaryFile('trace.sqlite'), {
			ranges: [
				{name: 'frame', start: 0, end: 100},
				{name: 'request', start: 10, end: 90, eventType: 60},
				{name: 'moved', start: 30, end: 70, eventType: 60, endTid: 7},
			],
			calls: [{correlation: 1, start: 40, end: 42}],
			kernels: [{correlation: 1, start: 200, end: 210}],
		});
		const {out, err} = await run('--format', 'csv', file);
		expect(out).not.toContain('request');
		expect(err).toContain('note: 2 start/end ranges left out');
		for (const argv of [['--by', 'name'], ['--trace']]) {
			const other = await run(...argv, '--format', 'csv', file);
			expect(other.out).toContain('request');
			expect(other.err).not.toContain('start/end');
		}
	});
});
