/** What `benchmark doctor` finds of one thing. */

/** good: works. weak: works with less. bad: the main job will not run. */
export type Health = 'good' | 'weak' | 'bad';

export interface Finding {
	readonly subject: string;
	readonly health: Health;
	readonly detail: string;
	/** What to do about it; "" where there is nothing to do. */
	readonly next: string;
}

interface Candidate {
	readonly path: string;
	readonly version: string | null;
	/** Why it is not used; null when it could be. */
	readonly refusal: string | null;
}

export const describeCandidate = ({path, version, refusal}: Candidate): string =>
	`${version ?? 'unknown version'}  ${path}${refusal === null ? '' : `  (not used: ${refusal})`}`;
