/** How a comparison ends: the exit code, and what to say of a gate that nothing goes through. */

import {ExitCode} from '../base/errors.ts';
import type {GateLimit} from '../results/comparison/gate-limits.ts';
import type {GateReport} from '../schemas/comparison-report.ts';
import type {CompareRequest} from './compare-options.ts';
import type {Terminal} from './terminal.ts';

/** What the exit code goes by. */
export interface Gated {
	readonly gate: {
		readonly outcome: GateReport['outcome'];
		readonly unused: readonly GateLimit[];
	} | null;
}

/** Limits that no candidate has a range for: a slip in a name must not open the gate. */
const findUnused = (
	candidates: readonly Gated[],
	limits: readonly GateLimit[],
): GateLimit | undefined =>
	limits.find((limit) =>
		candidates.every(({gate}) =>
			gate?.unused.some(
				(unused) => unused.metric === limit.metric && unused.pattern === limit.pattern,
			),
		),
	);

/**
 * @param isUndecided whether a verdict is missing that could be asked for
 * @param unreadable what an input that could not be read asks for, where others could be
 */
export const chooseGatedExit = <Candidate extends Gated>(
	candidates: readonly Candidate[],
	{compare: {limits}, requireVerdict}: CompareRequest,
	isUndecided: (candidate: Candidate) => boolean,
	unreadable: number = ExitCode.done,
): number => {
	if (candidates.some(({gate}) => gate?.outcome === 'regression')) {
		return ExitCode.regression;
	}

	if (unreadable !== ExitCode.done) {
		return unreadable;
	}

	if (findUnused(candidates, limits) !== undefined) {
		return ExitCode.usage;
	}

	return requireVerdict && candidates.some(isUndecided) ? ExitCode.inconclusive : ExitCode.done;
};

/** What the exit code 2 means, where the comparison itself went well. */
export const sayUnused = (
	candidates: readonly Gated[],
	{compare: {limits}, failOn}: CompareRequest,
	terminal: Terminal,
): void => {
	const unused = findUnused(candidates, limits);
	if (unused !== undefined) {
		const what = [unused.metric, unused.pattern].filter((part) => part !== null).join(':');
		const message = `--fail-on ${failOn ?? ''}: no range and metric fits "${what}"`;
		terminal.say(
			'error',
			`${terminal.decorate('red', 'error:')} ${message}\nRanges that could be compared are those that --all shows.`,
		);
	}
};
