/** A comparison with all that a text of it can hold. */

import type {RangeComparison} from '../../schemas/comparison.ts';
import type {ComparisonReport} from '../../schemas/comparison-report.ts';
import {
	candidateOf,
	changedOf,
	comparisonOf,
	inputOf,
	reportOf,
	sideOf,
	unknownOf,
} from './comparison-report.ts';

const stage = (name: string): string => `detector/pipeline/batch_*/${name}`;

const longCommand = (size: number): string =>
	`python3 detect.py --model /srv/models/yolo-v8-large.onnx --batch-size ${size} --input /srv/clips/street.mp4`;

const richComparisons: readonly RangeComparison[] = [
	changedOf(stage('infer'), 0.0812, {
		metric: 'gpu_time',
		baseline: sideOf(123.4512),
		candidate: sideOf(133.4756),
		reasons: [{kind: 'rests-on-model', have: 3, exactFrom: 4}],
	}),
	changedOf(stage('infer'), 0.0301, {baseline: sideOf(130.1), candidate: sideOf(134.02)}),
	changedOf('detector/pipeline', -0.0413, {
		metric: 'throughput',
		baseline: sideOf(1291.2, {unit: 'repeat'}),
		candidate: sideOf(1237.9, {unit: 'repeat'}),
		verdict: 'slower',
	}),
	changedOf(stage('decode'), -0.1204, {baseline: sideOf(0.0421), candidate: sideOf(0.03703)}),
	unknownOf(stage('resize')),
	comparisonOf(stage('encode'), {
		candidate: sideOf(10.22),
		change: 0.022,
		interval: {low: 0.001, high: 0.0434, level: 0.999},
		p: 0.041,
		adjustedP: 0.12,
		verdict: 'inconclusive',
		detectable: 0.0512,
		moreRepeats: {target: 0.01, repeats: 1234},
		reasons: [{kind: 'not-after-correction', tests: 14}],
	}),
	comparisonOf(stage('copy'), {
		change: 0.3,
		interval: {low: -0.4, high: 0.92, level: 0.95},
		verdict: 'inconclusive',
		moreRepeats: {target: 0.01, repeats: null},
	}),
	comparisonOf('detector/pipeline'),
	comparisonOf(stage('copy'), {metric: 'gpu_time'}),
];

export const richReport = (): ComparisonReport =>
	reportOf(
		candidateOf(richComparisons, {
			input: inputOf('after', {processes: 4, repeats: 2}),
			verdict: 'slower',
			means: [
				{
					comparison: changedOf('', 0.0123, {metric: 'gpu_time'}),
					ranges: 5,
					leftOut: [stage('resize')],
				},
				{comparison: comparisonOf(''), ranges: 5, leftOut: [stage('resize')]},
			],
			differences: [
				{
					fact: 'driver',
					name: 'GPU driver',
					baseline: '535.104.05',
					candidate: '550.54.15',
					putsInDoubt: true,
				},
				{
					fact: 'program',
					name: 'program',
					baseline: longCommand(16),
					candidate: longCommand(32),
					putsInDoubt: false,
				},
			],
			structure: [
				{path: stage('blur'), kind: 'appeared', baseline: null, candidate: 1, per: 'batch'},
				{path: 'detector/setup', kind: 'vanished', baseline: 2, candidate: null, per: 'process'},
				{path: stage('copy'), kind: 'count', baseline: 3, candidate: 4.5, per: 'batch'},
			],
			kernels: [
				{
					path: stage('infer'),
					baseline: 120.2,
					candidate: 130.4,
					kernels: [
						{
							kernel: `void implicit_convolve_sgemm<float, float, ${'128, 5, 5, 3, 3, '.repeat(9)}1>(int)`,
							baseline: 60.1,
							candidate: 70.9,
							baselineLaunches: 12,
							candidateLaunches: 12,
						},
						{
							kernel: 'relu(float*, int)',
							baseline: 0.5,
							candidate: 0,
							baselineLaunches: 2.5,
							candidateLaunches: 0,
						},
					],
					more: 3,
				},
			],
			gate: {
				outcome: 'regression',
				limits: [
					{metric: null, pattern: null, limit: 0.05},
					{metric: 'gpu_time', pattern: 'detektor/*', limit: 0.025},
				],
				ranges: [
					{
						path: stage('infer'),
						metric: 'gpu_time',
						limit: 0.05,
						outcome: 'regression',
						doubt: null,
					},
					{
						path: stage('resize'),
						metric: 'cpu_time',
						limit: 0.05,
						outcome: 'undecided',
						doubt: 'within-interval',
					},
					{
						path: 'detector/pipeline',
						metric: 'cpu_time',
						limit: 0.05,
						outcome: 'passed',
						doubt: null,
					},
				],
				unused: [{metric: 'gpu_time', pattern: 'detektor/*', limit: 0.025}],
			},
			notes: [
				{
					code: 'not-in-turn',
					message: 'The sides were measured one after the other: `ab` takes turns <b>@all</b>.',
				},
			],
		}),
	);
