/**
 * The documents that this project comes from. They lie beside it, in ../shared/origins, and are not part of it: a test
 * that needs one and does not find it is skipped and says which.
 */

import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../../shared/origins');

/** undefined where the documents are not at hand. */
export const sharedOrigin = (name: string): string | undefined => {
	const file = path.join(folder, name);
	return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

export const noSharedOrigin = (name: string): string =>
	`${name} is not beside the project (../shared/origins)`;
