/**
 * Which nsys to use. One that was named (--nsys, $NSYS) is used or refused, never replaced. Else all that are found in
 * PATH, in the usual install folders and among the project's own tools are asked for their version: the newest wins.
 */

import {existsSync, realpathSync} from 'node:fs';
import path from 'node:path';
import {execa} from 'execa';
import {UserError} from '../base/errors.ts';
import {findFiles} from './find-files.ts';
import {describeNsysHome} from './nsys-home.ts';
import {compareVersions, minimumVersion, parseNsysVersion} from './nsys-version.ts';
import {toolsFolder} from './package-folders.ts';

export interface NsysCandidate {
	readonly path: string;
	/** null when it did not tell. */
	readonly version: string | null;
	/** Why it is not used; null when it could be. */
	readonly refusal: string | null;
}

export interface NsysSearch {
	readonly chosen: {readonly path: string; readonly version: string} | null;
	/** Newest first; those that do not run, last. */
	readonly candidates: readonly NsysCandidate[];
}

export interface NsysWish {
	/** --nsys; null: search. */
	readonly explicit: string | null;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** For tests: where to search besides PATH. */
	readonly patterns?: readonly string[];
}

/** NVIDIA's packages, CUDA's, Debian's, and the HPC SDK's; `*` is one name. */
const usualPlaces: readonly string[] = [
	path.join(toolsFolder, '*/bin/nsys'),
	'/opt/nvidia/nsight-systems*/*/bin/nsys',
	'/opt/nvidia/nsight-systems*/*/target-linux-*/nsys',
	'/opt/nvidia/hpc_sdk/*/*/profilers/Nsight_Systems/bin/nsys',
	'/usr/local/cuda*/bin/nsys',
	'/usr/local/cuda*/nsight-systems*/bin/nsys',
	'/usr/lib/nsight-systems/bin/nsys',
	'/usr/lib/*/nsight-systems/target-linux-*/nsys',
	'/usr/local/bin/nsys',
	'/usr/bin/nsys',
];

const versionMs = 20_000;

const explain = (file: string, version: string | null, failure: string): string | null => {
	if (version === null) {
		return failure;
	}

	if (compareVersions(version, minimumVersion) < 0) {
		return `version ${version} is too old: ${minimumVersion} or later is needed`;
	}

	const {layoutKnown, importer} = describeNsysHome(file);
	return layoutKnown && importer === null
		? 'it has no QdstrmImporter beside it: it can record, but not make a report'
		: null;
};

const examine = async (file: string): Promise<NsysCandidate> => {
	const asked = await execa(file, ['--version'], {
		reject: false,
		stdin: 'ignore',
		timeout: versionMs,
	});
	const version = asked.failed ? null : parseNsysVersion(asked.stdout);
	const failure = asked.failed
		? `it does not run: ${asked.shortMessage}`
		: `it does not say what it is: ${asked.stdout.slice(0, 100)}`;
	return {path: file, version, refusal: explain(file, version, failure)};
};

const findInPath = (env: NsysWish['env'], name: string): readonly string[] =>
	(env['PATH'] ?? '')
		.split(':')
		.filter((folder) => folder !== '')
		.map((folder) => path.join(folder, name))
		.filter((file) => existsSync(file));

/** The same file under several names is one candidate, under the first of them. */
const withoutAliases = (files: readonly string[]): readonly string[] => {
	const byTarget = new Map(files.toReversed().map((file) => [realpathSync(file), file]));
	return [...byTarget.values()].toReversed();
};

const newestFirst = (a: NsysCandidate, b: NsysCandidate): number =>
	compareVersions(b.version ?? '0', a.version ?? '0');

const examineNamed = async (flag: string, named: string, wish: NsysWish): Promise<NsysSearch> => {
	const found = named.includes('/') ? named : findInPath(wish.env, named)[0];
	if (found === undefined || !existsSync(found)) {
		throw new UserError(`${flag}: there is no ${named}`, {
			next: 'Name the nsys executable itself, or leave it out to search for one.',
		});
	}

	const candidate = await examine(path.resolve(found));
	if (candidate.version === null || candidate.refusal !== null) {
		throw new UserError(`${flag}: ${named} cannot be used: ${candidate.refusal ?? ''}`, {
			next: 'Name another, or leave it out to search for one; `npm run nsys` fetches one.',
		});
	}

	return {chosen: {path: candidate.path, version: candidate.version}, candidates: [candidate]};
};

/** @throws UserError when one was named and cannot be used */
export const findNsys = async (wish: NsysWish): Promise<NsysSearch> => {
	if (wish.explicit !== null) {
		return examineNamed('--nsys', wish.explicit, wish);
	}

	const named = wish.env['NSYS'];
	if (named !== undefined && named !== '') {
		return examineNamed('$NSYS', named, wish);
	}

	const places = (wish.patterns ?? usualPlaces).flatMap((pattern) => findFiles(pattern));
	const files = withoutAliases([...findInPath(wish.env, 'nsys'), ...places]);
	const candidates = (await Promise.all(files.map((file) => examine(file)))).toSorted(newestFirst);
	const chosen = candidates.find(({refusal}) => refusal === null);
	return {
		chosen:
			chosen?.version === undefined || chosen.version === null
				? null
				: {path: chosen.path, version: chosen.version},
		candidates,
	};
};
