/**
 * Does a program speak of a package? Answered from the text of its entry and of the files that it names by a relative
 * path, without parsing: a comment counts too, and that is no harm.
 */

import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';

/** A program larger than this is taken to speak of it. */
const maximumFiles = 300;

const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '/index.js', '/index.ts'];

/** TypeScript names what its own output will be called: './stage.js' is stage.ts here. */
const typescriptOf = (file: string): string => file.replace(/\.([cm]?)js$/, '.$1ts');

const findFile = (file: string): string | undefined =>
	[...endings.map((ending) => file + ending), typescriptOf(file)].find((candidate) =>
		statSync(candidate, {throwIfNoEntry: false})?.isFile(),
	);

const relativeFiles = (text: string, folder: string): string[] =>
	Array.from(text.matchAll(/['"`](\.{1,2}\/[^'"`\n]+)['"`]/g), ([, specifier = '']) =>
		findFile(path.resolve(folder, specifier)),
	).filter((file) => file !== undefined);

/** Whether the entry or a file that it reaches by relative paths holds the name. An unreadable entry may. */
export const mayMention = (entry: string, name: string): boolean => {
	const first = findFile(entry);
	if (first === undefined) {
		return true;
	}

	const known = new Set([first]);
	for (const file of known) {
		const text = readFileSync(file, 'utf8');
		if (known.size > maximumFiles || text.includes(name)) {
			return true;
		}

		for (const next of relativeFiles(text, path.dirname(file))) {
			known.add(next);
		}
	}

	return false;
};
