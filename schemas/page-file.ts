/** The page of `benchmark report`: its name, and how a file of that name is known to be one. */

import {closeSync, openSync, readSync, rmSync, statSync} from 'node:fs';

export const pageName = 'report.html';

/** Within the first bytes of every page. */
export const pageMark = '<meta name="generator" content="nsys-benchmark">';

const headBytes = 512;

/** Other tools write a report.html too, and that is nobody's to replace. */
export const isOwnPage = (file: string): boolean => {
	if (statSync(file, {throwIfNoEntry: false})?.isFile() !== true) {
		return false;
	}

	let descriptor: number;
	try {
		descriptor = openSync(file, 'r');
	} catch {
		// What we may not read is none of ours.
		return false;
	}

	try {
		const head = new Uint8Array(headBytes);
		const length = readSync(descriptor, head);
		return Buffer.from(head.subarray(0, length)).toString('latin1').includes(pageMark);
	} finally {
		closeSync(descriptor);
	}
};

/** A page of numbers that are about to be replaced; one of somebody else stays. */
export const removeOwnPage = (file: string): void => {
	if (isOwnPage(file)) {
		rmSync(file, {force: true});
	}
};
