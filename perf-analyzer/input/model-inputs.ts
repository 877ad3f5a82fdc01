/** What a model takes, from its configuration: the file (config.pbtxt), or the server's JSON (/v2/models/NAME/config). */

import {UserError} from '../../base/errors.ts';
import {parseDocument, valuesOf, type Field} from '../text-proto/document.ts';
import {scalarOf, textOf} from '../text-proto/values.ts';
import type {Datatype} from './datatypes.ts';
import {readType} from './tensor-spec.ts';

export interface ModelInput {
	readonly name: string;
	readonly type: Datatype;
	/** Without the batch dimension; -1 where any length will do. */
	readonly shape: readonly number[];
	readonly optional: boolean;
}

interface RawInput {
	readonly name: unknown;
	readonly type: unknown;
	readonly shape: unknown;
	readonly optional: unknown;
}

const finishInput = ({name, type, shape, optional}: RawInput, file: string): ModelInput => {
	const known = typeof type === 'string' ? readType(type) : undefined;
	const dimensions = Array.isArray(shape) ? shape.map(Number) : [];
	const isWhole = dimensions.every(
		(dimension) => Number.isSafeInteger(dimension) && dimension >= -1,
	);
	if (
		typeof name !== 'string' ||
		name === '' ||
		known === undefined ||
		!Array.isArray(shape) ||
		!isWhole
	) {
		throw new UserError(
			`${file}: the input ${JSON.stringify(name)} has no usable name, type or shape`,
		);
	}

	return {name, type: known, shape: dimensions, optional: optional === true || optional === 'true'};
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** "dims" of a configuration leave the batch out; "shape" of the metadata has it, and does not say so. */
const readJson = (value: unknown, file: string): readonly ModelInput[] => {
	const inputs = isObject(value) ? value['input'] : undefined;
	if (!Array.isArray(inputs)) {
		throw new UserError(`${file} is no configuration of a model: it has no "input"`, {
			next:
				isObject(value) && Array.isArray(value['inputs'])
					? 'It is metadata, which does not tell the batch dimension apart: give what /v2/models/NAME/config answers.'
					: 'Give config.pbtxt, or what /v2/models/NAME/config answers.',
		});
	}

	return inputs
		.map((input: unknown) => (isObject(input) ? input : {}))
		.map(({name, data_type: type, dims, reshape, optional}) =>
			finishInput(
				{name, type, shape: dims ?? (isObject(reshape) ? reshape['shape'] : undefined), optional},
				file,
			),
		);
};

const listDims = (fields: readonly Field[]): readonly number[] =>
	valuesOf(fields, 'dims').map((value) =>
		value.kind === 'scalar' ? Number(textOf(value)) : Number.NaN,
	);

const readText = (text: string, file: string): readonly ModelInput[] => {
	const {fields} = parseDocument({text, file});
	const inputs = valuesOf(fields, 'input').flatMap((value) =>
		value.kind === 'message' ? [value] : [],
	);
	if (inputs.length === 0) {
		throw new UserError(`${file} names no inputs: its server finds them out`, {
			next: 'Give --model NAME, and the running server is asked.',
		});
	}

	return inputs.map(({fields: own}) => {
		const [name, type, optional] = ['name', 'data_type', 'optional'].map((key) => {
			const scalar = scalarOf(own, key);
			return scalar === undefined ? undefined : textOf(scalar);
		});
		return finishInput({name, type, shape: listDims(own), optional}, file);
	});
};

/** @param file what to call it. @throws UserError */
export const parseModelInputs = (text: string, file: string): readonly ModelInput[] => {
	if (!/^\uFEFF?\s*\{/.test(text)) {
		return readText(text, file);
	}

	let value: unknown;
	try {
		value = JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch (error) {
		throw new UserError(`${file} is not JSON`, {cause: error});
	}

	return readJson(value, file);
};
