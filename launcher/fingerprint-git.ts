/** The commit that a program is at, and whether its files are what the commit says. */

import path from 'node:path';
import {execa} from 'execa';
import type {GitFacts} from '../schemas/fingerprint.ts';

/** A large repository on a network disk; better no answer than a late start. */
const answerMs = 5000;

/** What the user has set for another repository must not lead us there. */
const withoutGitVariables = (): NodeJS.ProcessEnv =>
	Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));

/** Read only: git takes no lock, and starts none of the watchers or hooks that the repository may configure. */
const askGit = async (folder: string, argv: readonly string[]): Promise<string | null> => {
	const asked = await execa('git', ['-c', 'core.fsmonitor=false', '-C', folder, ...argv], {
		reject: false,
		stdin: 'ignore',
		timeout: answerMs,
		env: {...withoutGitVariables(), GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C'},
		extendEnv: false,
	});
	return asked.failed ? null : asked.stdout;
};

/** null: not in a repository, no commit yet, no git, or git refuses a repository of another user's. */
export const fingerprintGit = async (program: string): Promise<GitFacts | null> => {
	const folder = path.dirname(program);
	const [status, tracked] = await Promise.all([
		askGit(folder, ['status', '--porcelain=v2', '--branch', '--untracked-files=no']),
		askGit(folder, ['ls-files', '--error-unmatch', '--', path.basename(program)]),
	]);
	const commit = /^# branch\.oid ([\da-f]{40,64})$/m.exec(status ?? '')?.[1];
	if (status === null || commit === undefined) {
		return null;
	}

	const branch = /^# branch\.head (.+)$/m.exec(status)?.[1];
	return {
		commit,
		branch: branch === undefined || branch === '(detached)' ? null : branch,
		dirty: status.split('\n').some((line) => /^[12u] /.test(line)),
		tracked: tracked !== null,
	};
};
