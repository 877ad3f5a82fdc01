/** What is unlike between two sides, apart from their times. */

import type {ComparedInput, Difference, Fact} from '../../schemas/comparison-report.ts';
import {putsInDoubt} from './fingerprint.ts';

const valueOf = (facts: readonly Fact[], name: string): string | undefined =>
	facts.find(({fact}) => fact === name)?.value;

/** Containers have names of their own: one machine if it has the same GPUs. */
const isSameMachine = (baseline: readonly Fact[], candidate: readonly Fact[]): boolean => {
	const uuid = valueOf(baseline, 'gpu-uuid');
	return uuid !== undefined && uuid !== 'unknown' && uuid === valueOf(candidate, 'gpu-uuid');
};

/**
 * Facts that both sides know, and not alike. What only one knows is no difference.
 * @returns those that put a verdict in doubt first
 */
export const listDifferences = (
	baseline: ComparedInput,
	candidate: ComparedInput,
): Difference[] => {
	const [before, after] = [baseline.fingerprint, candidate.fingerprint];
	const sameMachine = isSameMachine(before, after);
	const differences = before.flatMap(({fact, name, value}): readonly Difference[] => {
		const other = valueOf(after, fact);
		return other === undefined || other === value
			? []
			: [
					{
						fact,
						name,
						baseline: value,
						candidate: other,
						putsInDoubt: putsInDoubt(fact) && !(fact === 'host' && sameMachine),
					},
				];
	});
	return differences.toSorted((a, b) => Number(b.putsInDoubt) - Number(a.putsInDoubt));
};
