/** Which of the things that `compare` was given are studies. */

import {closeSync, existsSync, openSync, readSync, statSync} from 'node:fs';
import path from 'node:path';

const fileName = 'study.json';

/** "study.json#gpu_2instances" is one variant of it, unless there is a file of that name. */
export const splitVariant = (
	given: string,
): {readonly file: string; readonly variant: string | null} => {
	const at = given.indexOf('#');
	return at < 0 || existsSync(given)
		? {file: given, variant: null}
		: {file: given.slice(0, at), variant: given.slice(at + 1)};
};

/** By the keys that it begins with: what is read as a whole may be large. */
const isStudyFile = (file: string): boolean => {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(file, 'r');
		const head = new Uint8Array(512);
		const text = Buffer.from(head.subarray(0, readSync(descriptor, head))).toString('utf8');
		return (
			path.basename(file) === fileName ||
			/^\uFEFF?\s*\{\s*"formatVersion"\s*:\s*\d+\s*,\s*"points"\s*:/.test(text)
		);
	} catch {
		// Whoever reads it next says why it cannot be read.
		return false;
	} finally {
		if (descriptor !== undefined) {
			closeSync(descriptor);
		}
	}
};

/** The study's file; undefined where something else was given. */
export const findStudy = (given: string): string | undefined => {
	const {file} = splitVariant(given);
	const stat = statSync(file, {throwIfNoEntry: false});
	const found = stat?.isDirectory() === true ? path.join(file, fileName) : file;
	return statSync(found, {throwIfNoEntry: false})?.isFile() === true && isStudyFile(found)
		? found
		: undefined;
};
