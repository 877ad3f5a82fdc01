/** Which side goes first in each round, so that whatever changes from one measurement to the next falls on both alike. */

import {createRandom} from '../random.ts';

export const roundOrders = ['abba', 'random'] as const;
export type RoundOrder = (typeof roundOrders)[number];

export type RoundSide = 'a' | 'b';

/**
 * *abba*: A B, B A, A B, ...: a steady drift falls out of each two rounds. *random*: each round is a block of its own,
 * whose order is drawn; against disturbances that come at regular times.
 * @param seed for random
 * @returns the sides of every round, in the order in which they run
 */
export const planRounds = (
	order: RoundOrder,
	rounds: number,
	seed: number,
): readonly (readonly [RoundSide, RoundSide])[] => {
	const random = createRandom(seed);
	return Array.from({length: rounds}, (_, round) =>
		(order === 'abba' ? round % 2 === 0 : random() < 0.5) ? ['a', 'b'] : ['b', 'a'],
	);
};
