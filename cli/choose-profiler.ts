/** Which profiler a run uses: the newest nsys that works, or, where there is none, the annotation libraries' own recorder. */

import {UserError} from '../base/errors.ts';
import {findNsys, type NsysSearch} from '../launcher/find-nsys.ts';
import type {Profiler} from '../schemas/manifest.ts';

export interface ProfilerWish {
	readonly profiler: 'auto' | 'nsys' | 'builtin';
	/** --nsys; null: search. */
	readonly nsys: string | null;
}

export const howToGetNsys =
	'Get one with `npm run nsys`, or name one with --nsys; `benchmark doctor` tells more.';

/** One sentence on why no nsys is used. */
const describeSearch = ({candidates}: NsysSearch): string => {
	const refused = candidates.filter((candidate) => candidate.refusal !== null);
	return refused.length === 0
		? 'no nsys was found'
		: `no usable nsys was found (${refused
				.map((candidate) => `${candidate.path}: ${candidate.refusal ?? ''}`)
				.join('; ')})`;
};

/** @throws UserError when nsys was asked for and there is none, or the one that was named does not run */
export const chooseProfiler = async (
	wish: ProfilerWish,
	env: NodeJS.ProcessEnv,
): Promise<Profiler> => {
	if (wish.profiler === 'builtin') {
		return {kind: 'builtin', reason: '--profiler builtin'};
	}

	const search = await findNsys({explicit: wish.nsys, env});
	if (search.chosen !== null) {
		return {kind: 'nsys', path: search.chosen.path, version: search.chosen.version};
	}

	const reason = describeSearch(search);
	if (wish.profiler === 'nsys') {
		throw new UserError(reason, {next: howToGetNsys});
	}

	return {kind: 'builtin', reason};
};
