import {existsSync, mkdirSync} from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those above it. Node's own recursive mkdir never returns where the system says that a folder is
 * missing which is there, as below /proc.
 */
export const makeFolder = (folder: string): void => {
	if (!existsSync(folder)) {
		makeFolder(path.dirname(folder));
		mkdirSync(folder);
	}
};
