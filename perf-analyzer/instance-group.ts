/**
 * `instance_group` of a model's configuration: how many instances of the model, on what. Written into the text of a
 * config.pbtxt, where only that field changes. Fields and their meaning: Triton's model_config.proto, and "Instance
 * Groups" in its documentation.
 */

import type {ServedModel} from '../schemas/model-config.ts';
import {
	valuesOf,
	type Document,
	type Field,
	type MessageValue,
	type ScalarValue,
} from './text-proto/document.ts';
import {
	appendField,
	appendToDocument,
	applyEdits,
	removeField,
	replaceSpan,
	type Edit,
} from './text-proto/edits.ts';
import {errorAt} from './text-proto/tokens.ts';
import {integerOf, scalarOf, textOf} from './text-proto/values.ts';

export interface InstanceRequest {
	/** Of each group, and there on each GPU. */
	readonly count: number;
	/** null: as the model has it. */
	readonly kind: 'cpu' | 'gpu' | null;
	/** Device ids, where the kind is "gpu"; empty: as the model has it. */
	readonly gpus: readonly number[];
}

export const groupField = 'instance_group';

export const kindNames = {cpu: 'KIND_CPU', gpu: 'KIND_GPU'} as const;

/** What a group must hold, by name. */
const wantedFields = ({count, kind, gpus}: InstanceRequest): ReadonlyMap<string, string> =>
	new Map([
		['count', String(count)],
		...(kind === null ? [] : [['kind', kindNames[kind]] as const]),
		...(gpus.length === 0 ? [] : [['gpus', `[ ${gpus.join(', ')} ]`] as const]),
	]);

const writeFields = (fields: ReadonlyMap<string, string>): string =>
	[...fields].map(([name, value]) => `${name}: ${value}`).join(' ');

const editGroup = (
	{source: {text}, tokens}: Document,
	group: MessageValue,
	request: InstanceRequest,
): readonly Edit[] => {
	const wanted = wantedFields(request);
	const named = (name: string): readonly Field[] =>
		group.fields.filter((field) => field.name === name);
	const missing = new Map([...wanted].filter(([name]) => named(name).length === 0));
	// Triton refuses a CPU group with GPUs. What is missing takes their place.
	const [place, ...dropped] = request.kind === 'cpu' ? named('gpus') : [];
	const repeated = [...wanted.keys()].flatMap((name) => named(name).slice(1));
	return [
		...[...wanted].flatMap(([name, value]) =>
			named(name)
				.slice(0, 1)
				.map((field) => replaceSpan(field.value, value)),
		),
		...[...dropped, ...repeated].map((field) => removeField(text, field)),
		...(place === undefined || missing.size > 0 ? [] : [removeField(text, place)]),
		...(missing.size === 0
			? []
			: place === undefined
				? [appendField(text, tokens, group, writeFields(missing))]
				: [replaceSpan(place, writeFields(missing))]),
	];
};

/** All groups but the first. */
const removeOtherGroups = (document: Document): readonly Edit[] => {
	const fields = document.fields.filter(({name}) => name === groupField);
	const isEmpty = ({value}: Field): boolean => value.kind === 'list' && value.items.length === 0;
	const kept = fields.find((field) => !isEmpty(field));
	return fields.flatMap((field): readonly Edit[] => {
		if (field !== kept) {
			return [removeField(document.source.text, field)];
		}

		const items = field.value.kind === 'list' ? field.value.items : [];
		const [first, last] = [items[0], items.at(-1)];
		return first === undefined || last === undefined || first === last
			? []
			: [{start: first.end, end: last.end, text: ''}];
	});
};

const requireMessage =
	({source}: Document) =>
	(value: ScalarValue | MessageValue): MessageValue => {
		if (value.kind === 'scalar') {
			throw errorAt(
				source,
				value.start,
				`${groupField} is a message, "{ ... }", and no plain value`,
			);
		}

		return value;
	};

/**
 * Where no place is asked for, every group gets the count; else the first group gets both, and the others go.
 * @throws UserError where the field is no message
 */
export const editInstanceGroup = (document: Document, request: InstanceRequest): string => {
	const {
		source: {text},
		fields,
	} = document;
	const groups = valuesOf(fields, groupField).map(requireMessage(document));
	const isPlaced = request.kind !== null || request.gpus.length > 0;
	if (groups.length === 0) {
		const edits = fields
			.filter(({name}) => name === groupField)
			.map((field) => removeField(text, field));
		const written = `${groupField} [ { ${writeFields(wantedFields(request))} } ]`;
		return applyEdits(text, [...edits, appendToDocument(text, written)]);
	}

	return applyEdits(text, [
		...(isPlaced ? groups.slice(0, 1) : groups).flatMap((group) =>
			editGroup(document, group, request),
		),
		...(isPlaced ? removeOtherGroups(document) : []),
	]);
};

/** As a server would tell them, as far as the text does. */
export const readGroups = ({fields}: Document): ServedModel['instance_group'] =>
	valuesOf(fields, groupField).flatMap((group) => {
		if (group.kind === 'scalar') {
			return [];
		}

		const number = (value: ScalarValue | MessageValue): number | undefined =>
			value.kind === 'scalar' ? integerOf(value) : undefined;
		const [count, kind] = [scalarOf(group.fields, 'count'), scalarOf(group.fields, 'kind')];
		return [
			{
				count: (count === undefined ? undefined : number(count)) ?? 1,
				kind: kind === undefined ? 'KIND_AUTO' : textOf(kind),
				gpus: valuesOf(group.fields, 'gpus').flatMap((gpu) => number(gpu) ?? []),
			},
		];
	});

/** Models that an ensemble is made of, in the order of its steps; undefined where the model is none. */
export const readEnsembleSteps = ({fields}: Document): readonly string[] | undefined => {
	const platform = scalarOf(fields, 'platform');
	const scheduling = valuesOf(fields, 'ensemble_scheduling').filter(
		(value) => value.kind === 'message',
	);
	if (scheduling.length === 0 && (platform === undefined || textOf(platform) !== 'ensemble')) {
		return undefined;
	}

	const names = scheduling
		.flatMap((value) => valuesOf(value.fields, 'step'))
		.flatMap((step) => (step.kind === 'message' ? [scalarOf(step.fields, 'model_name')] : []))
		.flatMap((name) => (name === undefined ? [] : [textOf(name)]));
	return [...new Set(names)];
};
