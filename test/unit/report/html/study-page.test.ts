/** The page of a study: points, steps, answers and pictures of what is there. */

import {describe, expect, it} from 'vitest';
import {writeStudyPage} from '../../../../report/html/study-page.ts';
import {answerStudy} from '../../../../results/study/answers.ts';
import {splitLatency} from '../../../../results/study/time-shares.ts';
import type {StudyPoint} from '../../../../schemas/study.ts';
import {expectSoundPage, findAll, rowsOf, textOf} from '../../../support/html.ts';
import {makePoint} from '../../../support/study-points.ts';

const head = {title: 'study', version: '0.0.0'};

const write = (points: readonly StudyPoint[], withAnswers = true): string => {
	const study = {formatVersion: 1 as const, points: [...points], warnings: []};
	return writeStudyPage(
		{
			study: withAnswers ? {...study, answers: answerStudy(study, [])} : study,
			files: [],
			split: splitLatency,
			intervals: {throughput: () => null, change: () => null},
			notes: [],
		},
		head,
	);
};

const titlesOf = (text: string): readonly string[] =>
	findAll(expectSoundPage(text), 'h2').map(textOf);

describe('writeStudyPage', () => {
	it('has a row per point, with the numbers of the study', () => {
		const points = [1, 2, 4].map((at) =>
			makePoint({at, throughput: 100.25 * at, mean: 9.875, p99: 20.5}),
		);
		const root = expectSoundPage(write(points));
		const [table] = findAll(root, 'table');
		const lines = table === undefined ? [] : rowsOf(table).map((row) => row.map(textOf));
		expect(lines[0]).toEqual(['variant', 'at', 'status', 'infer/s', 'mean ms', 'p99 ms']);
		expect(lines[1]).toEqual(['v', '1', 'stable', '100.3', '9.875', '20.500']);
		expect(lines).toHaveLength(4);
		expect(findAll(root, 'svg').length).toBeGreaterThan(1);
		expect(findAll(root, 'h2').map(textOf)).toEqual(['Answers', 'Pictures', 'Points']);
	});

	it('leaves out what the study has nothing for', () => {
		expect(titlesOf(write([]))).toEqual([]);
		expect(titlesOf(write([makePoint({at: 1, throughput: 5})], false))).not.toContain('Answers');
	});

	it('has the steps of a tuning log', () => {
		const log = ['first', 'second'].map((label, place) =>
			makePoint({label, at: 1, throughput: 10 * (place + 1)}),
		);
		expect(titlesOf(write(log))).toContain('Steps');
	});

	it('takes labels for text', () => {
		const evil = '</style></svg></script><img src=x onerror=alert(1)>\u202e"';
		const root = expectSoundPage(
			write([1, 2].map((at) => makePoint({label: evil, model: evil, at, throughput: at}))),
		);
		expect(findAll(root, 'img')).toEqual([]);
	});

	it('stays small, whatever the size of the study', () => {
		const points = Array.from({length: 4000}, (_, index) =>
			makePoint({
				label: `variant ${index % 500}`,
				at: 1 + Math.floor(index / 500),
				throughput: index + 1,
			}),
		);
		const text = write(points);
		expectSoundPage(text);
		expect(text.length).toBeLessThan(3_000_000);
		expect(text).toContain('The first 1,000 of 4,000 points: study.json has all.');
	});
});
