/** What the writers of the documents found by hand, found by the answers: the slow step, the best variant, the cold starts. */

import {describe, expect, it} from 'vitest';
import {parseReport} from '../../perf-analyzer/report.ts';
import {buildStudy} from '../../perf-analyzer/study.ts';
import {describeStudy} from '../../report/study-answers.ts';
import {answerStudy} from '../../results/study/answers.ts';
import type {StudyAnswers} from '../../schemas/study-answers.ts';
import {noSharedOrigin, sharedOrigin} from '../support/shared-origins.ts';

const tuningLog = '002_64088a9500a853f5.txt';
const ensembleRun = '003_cdf52ba90970110a.txt';
const twoLines = '004_a3454aeff4a68199.txt';

const answer = (text: string): StudyAnswers =>
	answerStudy(
		buildStudy(new Map([['log.md', parseReport(text, 'log.md')]]), {model: null, batchSize: null}),
		[],
	);

describe('the ensemble', () => {
	it('is limited by its preprocessing, which queues: more instances', (context) => {
		const {lines} = answer(sharedOrigin(ensembleRun) ?? context.skip(noSharedOrigin(ensembleRun)));
		const bottleneck = lines[0]?.bottleneck;
		expect(bottleneck).toMatchObject({kind: 'queue', model: 'preprocessing', load: 8});
		expect(bottleneck?.computeShare).toBeCloseTo(0.96, 2);
		expect(bottleneck?.share).toBeCloseTo(0.992, 2);
		expect(bottleneck?.advice).toMatch(/^more instances of preprocessing/);
	});

	it('gains nothing by more requests in flight with one instance, up to 2 with two, up to 4 with four', (context) => {
		const {lines} = answer(sharedOrigin(ensembleRun) ?? context.skip(noSharedOrigin(ensembleRun)));
		expect(lines.map(({knee, loads}) => (knee === null ? null : loads[knee]?.load))).toEqual([
			1, 2, 4,
		]);
	});

	it('was measured cold where its writer thought so', (context) => {
		const {lines} = answer(sharedOrigin(ensembleRun) ?? context.skip(noSharedOrigin(ensembleRun)));
		expect(lines.map(({notes}) => notes.filter(({code}) => code === 'cold-start').length)).toEqual([
			0, 1, 1,
		]);
	});

	it("has weights that add up to the request's time on the server", (context) => {
		const {lines} = answer(sharedOrigin(ensembleRun) ?? context.skip(noSharedOrigin(ensembleRun)));
		const parts = lines[0]?.time.at(-1)?.parts ?? [];
		const inside = parts.filter(({part}) => !['client', 'network', 'rest'].includes(part));
		expect(inside.reduce((sum, {time}) => sum + time, 0)).toBeCloseTo(453.227, 6);
		expect(parts.reduce((sum, {share}) => sum + share, 0)).toBeCloseTo(1, 12);
	});
});

describe('the tuning log', () => {
	it('spends its time in the model, in every step', (context) => {
		const {lines} = answer(sharedOrigin(tuningLog) ?? context.skip(noSharedOrigin(tuningLog)));
		expect(lines.map(({bottleneck}) => bottleneck?.kind)).toEqual(Array(7).fill('compute'));
		const last = lines.at(-1)?.time[0]?.parts.find(({part}) => part === 'infer');
		expect(last?.time).toBe(14.292);
	});

	it('ends with its fastest step', (context) => {
		const answers = answer(sharedOrigin(tuningLog) ?? context.skip(noSharedOrigin(tuningLog)));
		expect(describeStudy({answers})).toContain(
			'highest of 7 variants: TensorRT backend in FP16 mode with 63.66 infer/s',
		);
	});

	it('has deviations that a few slow requests make', (context) => {
		const {lines} = answer(sharedOrigin(tuningLog) ?? context.skip(noSharedOrigin(tuningLog)));
		const models = lines
			.filter(({notes}) => notes.some(({code}) => code === 'slow-outliers'))
			.map(({model}) => model);
		expect(models).toEqual(['sifigan-pt-fp32', 'sifigan-trt-fp32', 'sifigan-pt-fp16']);
	});
});

it('asks for loads between two that lie far apart', (context) => {
	const {lines} = answer(sharedOrigin(twoLines) ?? context.skip(noSharedOrigin(twoLines)));
	expect(lines[0]?.notes.map(({code}) => code)).toContain('knee-between');
});
