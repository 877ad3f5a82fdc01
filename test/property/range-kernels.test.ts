import fc from 'fast-check';
import {expect, it} from 'vitest';
import {generateTrace} from '../../bench/trace-generator.ts';
import type {TraceOptions} from '../../bench/trace-generator.ts';
import {kernelRows} from '../support/kernel-rows.ts';
import {temporaryFile} from '../support/temporary-file.ts';

const options: fc.Arbitrary<Partial<TraceOptions>> = fc.record({
	events: fc.constant(400),
	seed: fc.nat(1000),
	processes: fc.integer({min: 1, max: 3}),
	overlaps: fc.constantFrom(0, 0.2),
	startEnd: fc.constantFrom(0, 0.2),
	unnamed: fc.constantFrom(0, 0.2),
	graphs: fc.constantFrom(0, 0.1),
	collisions: fc.boolean(),
	withoutCall: fc.constantFrom(0, 0.1),
	ties: fc.constantFrom(0, 0.3),
	straddling: fc.constantFrom(0, 0.2),
});

const doubled = fc.tuple(options, fc.constantFrom(0, 0.3));

it('kernels by range are the same in whatever order the rows come', () => {
	fc.assert(
		fc.property(doubled, fc.boolean(), ([some, doubledCalls], nvidiaRules) => {
			const file = temporaryFile('trace.sqlite');
			const ordered = kernelRows(generateTrace(file, {...some, doubledCalls}), nvidiaRules);
			generateTrace(file, {...some, doubledCalls, shuffled: true});
			expect(kernelRows(file, nvidiaRules)).toEqual(ordered);
			expect(ordered.length).toBeGreaterThan(20);
		}),
		{numRuns: 30},
	);
});

it('kernels by range are the same by our rules and by NVIDIA where each call was recorded once', () => {
	fc.assert(
		fc.property(options, (some) => {
			const file = generateTrace(temporaryFile('trace.sqlite'), some);
			expect(kernelRows(file, false)).toEqual(kernelRows(file, true));
		}),
		{numRuns: 20},
	);
});

it('calls that were recorded twice change nothing by our rules', () => {
	fc.assert(
		fc.property(options, (some) => {
			const file = temporaryFile('trace.sqlite');
			const rows = kernelRows(generateTrace(file, {...some, doubledCalls: 1}), false);
			const times = rows.map(({totalNs, meanNs, kernelInstances, rangeInstances}) => ({
				sum: meanNs * kernelInstances,
				totalNs,
				several: rangeInstances > 1,
			}));
			// A kernel counts once for each range: in rows of one range, the mean times the kernels is the total.
			const odd = times.filter(
				({sum, totalNs, several}) => !several && Math.abs(sum - totalNs) > 1e-6 * totalNs,
			);
			expect(odd).toEqual([]);
		}),
		{numRuns: 10},
	);
});
