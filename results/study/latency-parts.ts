/** Sums over the parts of a latency. */

import type {TimePart, TimeShare} from '../../schemas/study-answers.ts';

/** What a model does with a request that it has taken from its queue. */
export const computingParts: readonly TimePart[] = [
	'input',
	'infer',
	'output',
	'compute',
	'cache',
	'rest',
];

export const shareOf = (shares: readonly TimeShare[], ...parts: readonly TimePart[]): number =>
	shares.filter(({part}) => parts.includes(part)).reduce((sum, {share}) => sum + share, 0);

/** ms. */
export const timeOf = (shares: readonly TimeShare[], ...parts: readonly TimePart[]): number =>
	shares.filter(({part}) => parts.includes(part)).reduce((sum, {time}) => sum + time, 0);
