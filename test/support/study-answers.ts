/** Answers of `triton` studies to points of one line, and the server statistics that tests change a part of. */

import {answerStudy} from '../../results/study/answers.ts';
import {StudyAnswers, type LineAnswer, type SloLimit} from '../../schemas/study-answers.ts';
import type {ServerStatistics, StudyPoint} from '../../schemas/study.ts';
import {makePoint, type PointFacts} from './study-points.ts';

/** As they are written to study.json. */
export const answer = (
	points: readonly StudyPoint[],
	slo: readonly SloLimit[] = [],
): StudyAnswers => StudyAnswers.parse(answerStudy({points: [...points]}, slo));

/** Of points that are one line. @throws Error where they are none or several */
export const answerLine = (
	facts: readonly PointFacts[],
	slo: readonly SloLimit[] = [],
): LineAnswer => {
	const {lines} = answer(facts.map(makePoint), slo);
	const [line] = lines;
	if (line === undefined || lines.length > 1) {
		throw new Error(`${lines.length} lines`);
	}

	return line;
};

export const codesOf = ({notes}: LineAnswer): readonly string[] => notes.map(({code}) => code);

/** The load at a place of the answer's `loads`. */
export const loadAt = ({loads}: LineAnswer, place: number | null): number | undefined =>
	place === null ? undefined : loads[place]?.load;

/** All times in ms. */
export const server = (facts: Partial<ServerStatistics>): ServerStatistics => ({
	successCount: 100,
	requestTime: 10,
	overhead: 0.1,
	queue: 0.4,
	computeInput: 0.5,
	computeInfer: 8.5,
	computeOutput: 0.5,
	...facts,
});
