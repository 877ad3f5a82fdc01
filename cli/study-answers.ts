/** What a study answers, below its table: both commands that make studies end with it. */

import {markdownStyle, terminalStyle} from '../report/comparison-style.ts';
import {describeStudy} from '../report/study-answers.ts';
import {answerStudy} from '../results/study/answers.ts';
import type {SloLimit} from '../schemas/study-answers.ts';
import type {Study} from '../schemas/study.ts';
import type {Terminal} from './terminal.ts';

/** The study with its answers, as it goes into study.json. */
export const withAnswers = (study: Study, slo: readonly SloLimit[]): Study => ({
	...study,
	answers: answerStudy(study, slo),
});

const indentOf = (line: string): string => /^ */.exec(line)?.[0] ?? '';

/** On stderr where stdout is for other programs. @param format of --format */
export const printAnswers = (
	study: Pick<Study, 'answers'>,
	format: string,
	terminal: Terminal,
): void => {
	const lines = describeStudy(study);
	if (lines.length === 0) {
		return;
	}

	printLines(lines, format, terminal);
};

/** Below a table: as text, as a list of Markdown, or where other programs read stdout on stderr. */
export const printLines = (lines: readonly string[], format: string, terminal: Terminal): void => {
	if (format === 'table') {
		const {sentence} = terminalStyle(terminal.decorateOut);
		terminal.print(['', ...lines.map((line) => indentOf(line) + sentence(line.trim()))].join('\n'));
	} else if (format === 'markdown') {
		const items = lines.map((line) => `${indentOf(line)}- ${markdownStyle.sentence(line.trim())}`);
		terminal.print(['', ...items].join('\n'));
	} else {
		lines.forEach((line) => terminal.say('info', line));
	}
};
