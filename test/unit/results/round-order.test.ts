import {describe, expect, it} from 'vitest';
import {planRounds} from '../../../results/comparison/round-order.ts';

const write = (...[order, rounds, seed]: Parameters<typeof planRounds>): string =>
	planRounds(order, rounds, seed)
		.map((sides) => sides.join(''))
		.join(' ');

describe('the order of rounds', () => {
	it('is ABBA: a steady drift falls on both sides alike', () => {
		expect(write('abba', 5, 7)).toBe('ab ba ab ba ab');
		const place = {a: 0, b: 0};
		planRounds('abba', 8, 0)
			.flat()
			.forEach((side, at) => (place[side] += at));
		expect(place.a).toBe(place.b);
	});

	it('is the same again for the same seed, and another one for others', () => {
		expect(write('random', 20, 3)).toBe(write('random', 20, 3));
		expect(new Set([1, 2, 3, 4].map((seed) => write('random', 20, seed))).size).toBe(4);
	});

	it('has each side once in every round, and each of them first about as often', () => {
		const rounds = planRounds('random', 1000, 11);
		expect(rounds.every((sides) => new Set(sides).size === 2)).toBe(true);
		const first = rounds.filter(([side]) => side === 'a').length;
		expect(Math.abs(first - 500)).toBeLessThan(60);
	});

	it('of few rounds begins as that of many', () => {
		expect(write('random', 20, 5).startsWith(write('random', 6, 5))).toBe(true);
	});
});
