/** Files of one side that are one measurement, copied or linked: it counts once, and a warning names them. */

import {realpathSync} from 'node:fs';
import path from 'node:path';
import {plural} from '../base/plural.ts';
import {findCopies} from '../results/comparison/measurement-identity.ts';
import type {SideProcess} from '../results/comparison/side.ts';
import type {Warning} from '../schemas/warning.ts';
import type {NamedPath} from './compared-side.ts';

/** A process, and the file it was read from. */
export interface ReadProcess {
	/** As it was found. */
	readonly file: string;
	readonly process: SideProcess;
}

export interface OnceEach<Read> {
	readonly kept: readonly Read[];
	readonly copies: number;
	readonly notes: readonly Warning[];
}

const findReal = (file: string): string => {
	try {
		return realpathSync(file);
	} catch {
		// Gone since it was read: then its times have to tell.
		return file;
	}
};

export const readProcess = (file: string, process: SideProcess): ReadProcess => ({
	file,
	process: {...process, file: findReal(file)},
});

const nameFile = (file: string, {path: given}: NamedPath): string => {
	const relative = path.relative(given, file);
	return relative === '' || relative.startsWith('..') ? path.basename(file) : relative;
};

/** The first of each. */
export const keepOnce = <Read extends ReadProcess>(
	named: NamedPath,
	read: readonly Read[],
): OnceEach<Read> => {
	const copies = findCopies(read.map(({process}) => process));
	const [first] = copies;
	const names = [first?.of, first?.index].map((place) =>
		nameFile(read[place ?? -1]?.file ?? '', named),
	);
	const others = copies.length > 1 ? ` ${plural(copies.length - 1, 'more file')} like that.` : '';
	return {
		kept: read.filter((_, place) => !copies.some(({index}) => index === place)),
		copies: copies.length,
		notes:
			first === undefined
				? []
				: [
						{
							code: 'same-measurement',
							message: `${named.label}: ${names.join(' and ')} are one measurement, copied (their times agree in every digit): it counts once.${others}`,
						},
					],
	};
};

/** Files of CV-CUDA's launcher may hold anything. */
export const noteNoNumbers = (
	named: NamedPath,
	read: readonly ReadProcess[],
): readonly Warning[] => {
	const bad = read.filter(({process}) => (process.noNumbers ?? 0) > 0);
	const names = bad.slice(0, 3).map(({file}) => nameFile(file, named));
	const count = bad.reduce((sum, {process}) => sum + (process.noNumbers ?? 0), 0);
	const more = bad.length > names.length ? ` and ${bad.length - names.length} more` : '';
	return bad.length === 0
		? []
		: [
				{
					code: 'no-numbers',
					message: `${named.label}: ${plural(count, 'time')} in ${names.join(', ')}${more} ${count === 1 ? 'is no number' : 'are no numbers'} (null or text, say): left out. Measure ${bad.length === 1 ? 'that process' : 'those processes'} again.`,
				},
			];
};
