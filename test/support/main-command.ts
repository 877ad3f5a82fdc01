/** The command in this process: as main hears it, with what it writes to both streams. */

import {main} from '../../cli/main.ts';

export interface MainEnd {
	readonly exitCode: number;
	readonly out: string;
	readonly err: string;
}

export const runMain = async (argv: readonly string[], cwd = '/'): Promise<MainEnd> => {
	let out = '';
	let err = '';
	const write = (add: (text: string) => void) => ({
		write: (text: string, done?: () => void) => {
			add(text);
			done?.();
			return true;
		},
	});
	const streams = {out: write((text) => (out += text)), err: write((text) => (err += text))};
	const exitCode = await main(argv, streams, {env: {}, cwd});
	return {exitCode, out, err};
};

export const runTriton = async (argv: readonly string[], cwd = '/'): Promise<MainEnd> =>
	runMain(['triton', ...argv], cwd);
