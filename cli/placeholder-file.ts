/** The `benchmark.json` that a program's own perf_utils wrote: moved out of the result's way, and read. */

import {existsSync, renameSync} from 'node:fs';
import path from 'node:path';
import {messageOf, UserError} from '../base/errors.ts';
import {AnyVersion} from '../schemas/any-version.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {Placeholder} from '../schemas/placeholder.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {Warning} from '../schemas/warning.ts';

export interface FoundPlaceholder {
	/** null where the program wrote none, as it does without perf_utils. */
	readonly placeholder: Placeholder | null;
	readonly warnings: readonly Warning[];
}

/** Moves a placeholder that stands where the result will stand; one that was set aside before is never written over. */
export const setPlaceholderAside = (folder: string): void => {
	const written = path.join(folder, workerFiles.result);
	const aside = path.join(folder, workerFiles.placeholder);
	if (existsSync(written) && !existsSync(aside) && !isResult(written)) {
		renameSync(written, aside);
	}
};

/** Reads the placeholder of a worker's folder, set aside or not. */
export const readPlaceholder = (folder: string): FoundPlaceholder => {
	const file = [workerFiles.placeholder, workerFiles.result]
		.map((name) => path.join(folder, name))
		.find((candidate) => existsSync(candidate) && !isResult(candidate));
	if (file === undefined) {
		return {placeholder: null, warnings: []};
	}

	try {
		return {placeholder: readJsonFile(Placeholder, file), warnings: []};
	} catch (error) {
		const message = `The batches that the program described are not used: ${messageOf(error)}`;
		return {placeholder: null, warnings: [{code: 'placeholder-unreadable', message}]};
	}
};

/** Ours, of this version or any other: all of our files name their format's version, a program's placeholder does not. */
const isResult = (file: string): boolean => {
	try {
		readJsonFile(AnyVersion, file);
		return true;
	} catch (error) {
		if (error instanceof UserError) {
			return false;
		}

		throw error;
	}
};
