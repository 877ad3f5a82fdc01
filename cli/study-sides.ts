/** Studies that `compare` was given, as sides of it: each a study, or a variant of one. */

import {UserError} from '../base/errors.ts';
import {readJsonFile} from '../schemas/json-file.ts';
import {Study, type StudyPoint} from '../schemas/study.ts';
import {listVariants, variantKey} from '../schemas/study-variant.ts';
import {labelInputs} from './compare-inputs.ts';
import {splitVariant} from './study-files.ts';

export interface StudySide {
	readonly label: string;
	/** As it was given. */
	readonly file: string;
	/** The study that it is, or is a variant of. */
	readonly study: string;
	readonly points: readonly StudyPoint[];
}

/** The name of a variant, or a label that several have in common. */
const pickPoints = (points: readonly StudyPoint[], wanted: string): readonly StudyPoint[] => {
	const names = listVariants(points);
	const named = points.filter((point) => names.get(variantKey(point)) === wanted);
	return named.length > 0 ? named : points.filter(({label}) => label === wanted);
};

const readSide = (given: string, study: string, label: string): StudySide => {
	const {points} = readJsonFile(Study, study);
	const {variant} = splitVariant(given);
	const picked = variant === null ? points : pickPoints(points, variant);
	if (variant !== null && picked.length === 0) {
		throw new UserError(`${study} has no variant ${variant}`, {
			next: `It has: ${[...listVariants(points).values()].join('; ')}.`,
		});
	}

	return {label: variant ?? label, file: given, study, points: picked};
};

/** Variants of one study, or of those of a label: the first is the baseline. */
const splitStudy = (given: string, study: string): readonly StudySide[] => {
	const {points} = readSide(given, study, given);
	const names = listVariants(points);
	if (names.size < 2) {
		throw new UserError(`${given} has one variant only: there is nothing to compare it with`, {
			next: 'Give a second study.',
		});
	}

	return [...names].map(([key, label]) => ({
		label,
		file: given,
		study,
		points: points.filter((point) => variantKey(point) === key),
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
