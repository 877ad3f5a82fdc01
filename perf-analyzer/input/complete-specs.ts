/** What the command line says of tensors, with what the model says of its inputs. */

import {UserError} from '../../base/errors.ts';
import type {ModelInput} from './model-inputs.ts';
import type {TensorSpec} from './tensor-spec.ts';

const showShape = (shape: readonly number[]): string => shape.join('x');

const fits = (shape: readonly number[], limit: readonly number[]): boolean =>
	shape.length === limit.length &&
	shape.every((length, axis) => length === -1 || limit[axis] === -1 || length === limit[axis]);

/** What the command line says goes before what the model says, and must not contradict it. */
const mergeSpec = (spec: TensorSpec, model: readonly ModelInput[] | null): TensorSpec => {
	const input = model?.find(({name}) => name === spec.name);
	if (model !== null && input === undefined) {
		throw new UserError(`the model has no input ${spec.name}`, {
			next: `It has: ${model.map(({name}) => name).join(', ')}.`,
		});
	}

	if (input !== undefined && spec.type !== null && spec.type !== input.type) {
		throw new UserError(`${spec.name} is ${input.type} in the model, not ${spec.type}`);
	}

	if (input !== undefined && spec.shape !== null && !fits(spec.shape, input.shape)) {
		throw new UserError(
			`${spec.name} is of the shape ${showShape(input.shape)} in the model, not ${showShape(spec.shape)}`,
			{next: 'Shapes go without the batch dimension.'},
		);
	}

	return {
		...spec,
		type: spec.type ?? input?.type ?? null,
		shape: spec.shape ?? input?.shape ?? null,
	};
};

/** Inputs that nobody spoke of are made up; optional ones are left out. */
export const completeSpecs = (
	specs: readonly TensorSpec[],
	model: readonly ModelInput[] | null,
): readonly TensorSpec[] => {
	const twice = specs.find(
		({name}, place) => specs.findIndex((other) => other.name === name) < place,
	);
	if (twice !== undefined) {
		throw new UserError(`${twice.name} is given twice`);
	}

	const missing = (model ?? []).filter(
		({name, optional}) => !optional && !specs.some((spec) => spec.name === name),
	);
	return [
		...specs.map((spec) => mergeSpec(spec, model)),
		...missing.map(({name, type, shape}): TensorSpec => ({
			name,
			type,
			shape,
			source: {kind: 'random', range: null},
		})),
	];
};
