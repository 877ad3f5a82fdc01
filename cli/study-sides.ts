/** Studies that `compare` was given, as sides of it: each a study, or a variant of one. */

import {UserError} from '../base/errors.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {Study, type StudyPoint} from '../schemas/study.ts';
import {labelInputs} from './compare-inputs.ts';
import {splitVariant} from './study-files.ts';

export interface StudySide {
	readonly label: string;
	readonly file: string;
	readonly points: readonly StudyPoint[];
}

const listLabels = ({points}: Study): readonly string[] => [
	...new Set(points.map(({label}) => label)),
];

const readSide = (given: string, file: string, label: string): StudySide => {
	const study = readJsonFile(Study, file);
	const {variant} = splitVariant(given);
	if (variant !== null && !listLabels(study).includes(variant)) {
		throw new UserError(`${file} has no variant ${variant}`, {
			next: `It has: ${listLabels(study).join(', ')}.`,
		});
	}

	return {
		label: variant ?? label,
		file: given,
		points: study.points.filter((point) => variant === null || point.label === variant),
	};
};

/** Variants of one study: the first is the baseline. */
const splitStudy = (given: string, file: string): readonly StudySide[] => {
	const study = readJsonFile(Study, file);
	const labels = listLabels(study);
	if (labels.length < 2) {
		throw new UserError(`${given} has one variant only: there is nothing to compare it with`, {
			next: 'Give a second study.',
		});
	}

	return labels.map((label) => ({
		label,
		file: given,
		points: study.points.filter((point) => point.label === label),
	}));
};

/** @param names labels of the sides, unlike each other */
export const readSides = (
	given: readonly string[],
	files: readonly string[],
): readonly StudySide[] => {
	const [only, file] = [given[0], files[0]];
	if (given.length === 1 && only !== undefined && file !== undefined) {
		return splitStudy(only, file);
	}

	const labels = labelInputs(given);
	return given.map((each, place) => readSide(each, files[place] ?? each, labels[place] ?? each));
};
