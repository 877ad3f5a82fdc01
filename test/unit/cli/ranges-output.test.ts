/** What `benchmark ranges` writes, and for whom. */

import {describe, expect, it} from 'vitest';
import {rangesCommand} from '../../../cli/ranges.ts';
import {Terminal} from '../../../cli/terminal.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace} from '../../support/trace-builder.ts';

/** @param lasts pieces until nobody reads any more */
const run = async (
	argv: readonly string[],
	lasts = Infinity,
): Promise<{pieces: readonly string[]; err: string}> => {
	const pieces: string[] = [];
	let err = '';
	const out = {
		errored: null as Error | null,
		write: (text: string) => {
			pieces.push(text);
			out.errored = pieces.length < lasts ? null : new Error('write EPIPE');
		},
	};
	const streams = {out, err: {write: (text: string) => (err += text)}};
	const context = {env: {}, cwd: '/', argv, version: '0'};
	await rangesCommand(argv, new Terminal(streams, {}), context);
	return {pieces, err};
};

const file = (name: string): string =>
	buildTrace(temporaryFile(name), {
		ranges: Array.from({length: 2000}, (_, at) => ({
			name: 'range',
			start: at * 10,
			end: at * 10 + 5,
		})),
		kernels: [{correlation: 1, start: 5, end: 6}],
	});

describe('benchmark ranges', () => {
	it('makes no more rows once nobody reads them', async () => {
		const argv = ['--trace', '--format', 'jsonl', file('long.sqlite')];
		const {pieces} = await run(argv);
		expect(pieces.length).toBeGreaterThan(4);
		expect((await run(argv, 2)).pieces).toEqual(pieces.slice(0, 2));
	});

	it('says of several inputs which one a warning speaks of', async () => {
		const [one, other] = [file('one.sqlite'), file('other.sqlite')] as const;
		const alone = await run(['--format', 'csv', one]);
		expect(alone.err).toMatch(/^warning: 100 % of the GPU time/);
		const both = await run(['--format', 'csv', one, other]);
		expect(both.err).toContain(`warning: ${one.slice(1)}: 100 % of the GPU time`);
		expect(both.err).toContain(`warning: ${other.slice(1)}: 100 % of the GPU time`);
	});
});
