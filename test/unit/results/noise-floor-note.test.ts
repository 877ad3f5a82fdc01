import {describe, expect, it} from 'vitest';
import {compareSides} from '../../../results/comparison/compared-ranges.ts';
import type {ComparedSamples} from '../../../results/comparison/measured-change.ts';
import {noteNoiseFloors} from '../../../results/comparison/noise-floor-note.ts';
import {repeatsOf, samplesOf} from '../../support/compared-samples.ts';

const close = repeatsOf(10, 10.01, 9.99, 10.005, 9.995);
const wide = repeatsOf(10, 10.2, 9.8, 10.1, 9.9);
const slower = repeatsOf(10.5, 10.51, 10.49, 10.505, 10.495);

const note = (...samples: readonly ComparedSamples[]): string =>
	noteNoiseFloors(compareSides(samples), 0.01)
		.map(({message}) => message)
		.join('\n');

describe('the note of noise floors', () => {
	it('is not there where none is known', () => {
		expect(note(samplesOf(close, slower))).toBe('');
	});

	it('names the highest where none had a say', () => {
		const text = note(
			samplesOf(close, slower, {path: 'a', noiseFloor: 0.004}),
			samplesOf(close, close, {path: 'b', noiseFloor: 0.0251}),
			samplesOf(close, close, {path: 'c'}),
		);
		expect(text).toMatch(/^A noise floor is known of 2 rows of 3, up to 2\.51 %:/);
		expect(text).toMatch(/The highest: b cpu_time 2\.51 %, a cpu_time 0\.4 %\.$/);
	});

	it('names what it keeps from being called a change, and what is the same by it alone', () => {
		const floors = [0.07, 0.06, 0.08, 0.09];
		const text = note(
			...floors.map((noiseFloor, place) => samplesOf(wide, wide, {path: `w${place}`, noiseFloor})),
			samplesOf(close, slower, {path: 'slow', noiseFloor: 0.65}),
			samplesOf(close, close, {path: 'same', noiseFloor: 0.5}),
		);
		expect(text).toContain(
			'1 row has a proven change that is no larger, and no verdict: slow cpu_time 65 %.',
		);
		expect(text).toMatch(
			/4 rows are the same within it, not within 1 %: w3 cpu_time 9 %, w2 cpu_time 8 %, w0 cpu_time 7 %, and 1 more\.$/,
		);
	});
});
