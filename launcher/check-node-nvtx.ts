/** Whether Node programs can emit NVTX: koffi brings a binary of its own for most platforms, not for all. */

import {execa} from 'execa';
import {packageRoot} from './package-folders.ts';

/** @returns null when it works, else what Node said. Tried in a process of its own: a bad binary can take its process down. */
export const checkNodeNvtx = async (): Promise<string | null> => {
	const asked = await execa(process.execPath, ['-e', 'require("koffi")'], {
		cwd: packageRoot,
		reject: false,
		stdin: 'ignore',
		timeout: 20_000,
	});
	return asked.failed ? (asked.shortMessage ?? 'it ended without a word') : null;
};
