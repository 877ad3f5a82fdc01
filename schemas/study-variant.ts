/**
 * What a variant of a study is, and what it is called: one definition for its answers, its tables and pictures, its
 * steps, and for `compare`. Points of one variant differ in their load and repeat alone.
 */

import type {StudyPoint} from './study.ts';

export type VariantFacts = Pick<
	StudyPoint,
	'label' | 'model' | 'batchSize' | 'protocol' | 'sharedMemory' | 'device' | 'instances'
>;

const listFacts = (facts: VariantFacts): readonly unknown[] => {
	const {label, model, batchSize, protocol, sharedMemory, device, instances} = facts;
	return [label, model, batchSize, protocol, sharedMemory ?? null, device, instances];
};

/** Equal for points of one variant, and for these only. */
export const variantKey = (facts: VariantFacts): string => JSON.stringify(listFacts(facts));

/** Each fact as a reader knows it; null where it is not told. In the order in which names have them. */
export const describeFacts = (
	facts: Omit<VariantFacts, 'label'>,
): Readonly<Record<keyof Omit<VariantFacts, 'label'>, string | null>> => {
	const {model, batchSize, protocol, sharedMemory, device, instances} = facts;
	return {
		model,
		batchSize: batchSize === null ? null : `batch ${batchSize}`,
		protocol,
		sharedMemory:
			sharedMemory === undefined
				? null
				: `${sharedMemory === 'none' ? 'no' : sharedMemory} shared memory`,
		device: device === null ? null : device.toUpperCase(),
		instances: instances === null ? null : `${instances} inst.`,
	};
};

/**
 * The label, and of the facts those in which variants of the same label differ: "classify, grpc".
 * @param all the variants of the study
 * @returns a name each, in their order
 */
export const nameVariants = (all: readonly VariantFacts[]): readonly string[] => {
	const details = all.map((facts) => Object.values(describeFacts(facts)));
	const byLabel = new Map<string, (readonly (string | null)[])[]>();
	for (const [place, {label}] of all.entries()) {
		byLabel.set(label, [...(byLabel.get(label) ?? []), details[place] ?? []]);
	}

	const differing = new Map(
		[...byLabel].map(([label, own]) => [
			label,
			(own[0] ?? []).map((_, fact) => new Set(own.map((each) => each[fact])).size > 1),
		]),
	);
	return all.map(({label}, place) =>
		[
			label,
			...(details[place] ?? []).filter(
				(detail, fact) => detail !== null && differing.get(label)?.[fact] === true,
			),
		].join(', '),
	);
};

/** The variants of a study in its order: their keys, and names. */
export const listVariants = (points: readonly VariantFacts[]): ReadonlyMap<string, string> => {
	const firsts = new Map<string, VariantFacts>();
	for (const point of points) {
		const key = variantKey(point);
		firsts.set(key, firsts.get(key) ?? point);
	}

	const names = nameVariants([...firsts.values()]);
	return new Map([...firsts.keys()].map((key, place) => [key, names[place] ?? key]));
};
