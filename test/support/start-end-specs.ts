/** Traces with start/end ranges that lie in odd ways. Correlation ids are those of the operations. */

import type {CallSpec, TraceSpec} from './trace-spec.ts';

const work = (correlation: number, start: number, end: number, more: object = {}): CallSpec => ({
	correlation,
	start,
	end,
	...more,
});

export interface NamedSpec {
	readonly name: string;
	readonly spec: TraceSpec;
}

/** NVIDIA's reports are right on all of these. */
export const oddSpecs: readonly NamedSpec[] = [
	{
		name: 'ranges of both kinds in each other, one ended on another thread, one across',
		spec: {
			ranges: [
				{name: 'outer', start: 0, end: 100},
				{name: 'loose', start: 10, end: 90, eventType: 60},
				{name: 'inner', start: 20, end: 80},
				{name: 'around inner', start: 18, end: 82, eventType: 60},
				{name: 'without work', start: 1, end: 5, eventType: 60},
				{name: 'ended elsewhere', start: 15, end: 85, eventType: 60, endTid: 7},
				{name: 'ended at home', start: 16, end: 84, eventType: 60, endTid: 1000},
				{name: 'of NVTXT', start: 12, end: 88, eventType: 71},
				{name: 'across', start: 50, end: 120, eventType: 60},
			],
			calls: [work(1, 30, 32), work(2, 60, 62), work(3, 95, 99), work(4, 60, 62, {tid: 7})],
			kernels: [work(1, 40, 50), work(2, 70, 75), work(3, 200, 210), work(4, 300, 310)],
		},
	},
	{
		name: 'start/end ranges only',
		spec: {
			ranges: [
				{name: 'a', start: 10, end: 90, eventType: 60},
				{name: 'a', start: 95, end: 190, eventType: 60},
			],
			calls: [work(1, 30, 32), work(2, 100, 102)],
			kernels: [work(1, 40, 50), work(2, 170, 175)],
			tables: ['CUPTI_ACTIVITY_KIND_MEMCPY'],
		},
	},
	{
		name: 'a start/end range without an end',
		spec: {
			ranges: [
				{name: 'stack', start: 0, end: 100},
				{name: 'open', start: 1, end: null, eventType: 60},
				{name: 'loose', start: 3, end: 150, eventType: 60},
				{name: 'elsewhere', start: 3, end: 250, eventType: 60, endTid: 7},
			],
			calls: [work(1, 30, 32), work(2, 120, 122), work(3, 240, 250)],
			kernels: [work(1, 40, 50), work(2, 170, 175), work(3, 400, 410)],
		},
	},
	{
		name: 'unnamed ones, and one in a domain',
		spec: {
			ranges: [
				{name: 'c', start: 20, end: 60},
				{name: null, start: 21, end: 59, eventType: 60},
				{name: 'decode', start: 22, end: 58, eventType: 60, domain: 'media'},
				{name: 'c', start: 23, end: 57, eventType: 60, registered: true},
			],
			calls: [work(1, 30, 32)],
			kernels: [work(1, 40, 50)],
		},
	},
	{
		name: 'operations without times, or with an end before the start',
		spec: {
			ranges: [
				{name: 'reversed', start: 10, end: 100},
				{name: 'none', start: 200, end: 300, eventType: 60},
				{name: 'mixed', start: 400, end: 500, eventType: 60},
			],
			calls: [
				work(1, 30, 32),
				work(2, 210, 212),
				work(3, 410, 412),
				work(4, 420, 422),
				work(5, 430, 432),
				work(6, 440, 441),
			],
			kernels: [
				work(1, 150, 50),
				work(2, 0, 0),
				work(3, 450, 460),
				work(4, 0, 0),
				work(5, 700, 650),
				work(6, 900, 470),
			],
		},
	},
];
