/** The folders that `compare -b -c` was given: each holds a run per sample. */

import {readdirSync} from 'node:fs';
import path from 'node:path';
import {messageOf, UserError} from '../base/errors.ts';
import {textOption, type Parsed} from './options.ts';

export interface Root {
	readonly name: string;
	/** Absolute. */
	readonly folder: string;
	/** Names of folders in it. */
	readonly samples: readonly string[];
}

const openRoot = (folder: string, name: string): Root => {
	let samples: readonly string[];
	try {
		samples = readdirSync(folder, {withFileTypes: true})
			// Folders such as .git or .ipynb_checkpoints are nobody's runs.
			.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
			.map((entry) => entry.name)
			.toSorted();
	} catch (error) {
		throw new UserError(`${folder} cannot be read: ${messageOf(error)}`, {cause: error});
	}

	return {name, folder, samples};
};

const listTexts = (parsed: Parsed, name: string): readonly string[] =>
	[parsed[name] ?? []].flat().map(String);

/** @throws UserError for roots or names that are missing or too many */
export const readRoots = (parsed: Parsed, cwd: string): readonly [Root, ...Root[]] => {
	const baseline = textOption(parsed, 'b');
	const [roots, names] = [listTexts(parsed, 'c'), listTexts(parsed, 'cn')];
	if (baseline === undefined || roots.length === 0) {
		throw new UserError('folders of samples need -b <folder> and -c <folder>...', {
			next: 'Two runs by themselves are compared without: benchmark compare <baseline> <candidate>.',
		});
	}

	if (names.length > 0 && names.length !== roots.length) {
		throw new UserError(
			`-cn names ${names.length} of ${roots.length} folders: it takes one name each`,
		);
	}

	const nameOf = (folder: string): string => path.basename(path.resolve(cwd, folder));
	const all = [
		textOption(parsed, 'bn') ?? nameOf(baseline),
		...roots.map((root, index) => names[index] ?? nameOf(root)),
	];
	if (new Set(all).size < all.length) {
		throw new UserError(`folders have the same name (${all.join(', ')})`, {
			next: 'Name them with -bn and -cn.',
		});
	}

	const open = (folder: string, index: number): Root =>
		openRoot(path.resolve(cwd, folder), all[index] ?? folder);
	return [open(baseline, 0), ...roots.map((root, index) => open(root, index + 1))];
};
