/** The JSON of perf_analyzer's --input-data, in pieces: steps of many megabytes are never held as a whole. */

import {UserError} from '../../base/errors.ts';
import {plural} from '../../base/plural.ts';
import {encodeElement, needsBytes, writeElement} from './datatypes.ts';
import {countElements} from './npy-file.ts';
import type {StepTensor} from './step-tensors.ts';
import type {PlannedInput} from './plan-steps.ts';

export interface WriteOptions {
	/** Sequences of steps, each a stream of its own; null: all steps are those of one stream. */
	readonly streams: number | null;
	/** Bytes for all tensors: shorter, and exact to the bit. */
	readonly base64: boolean;
}

const pieceLength = 1 << 16;

/** The data's own shape where it fits, else what is wanted with -1 filled in. @throws UserError */
export const resolveShape = (
	{name, shape, naturalShape}: Pick<StepTensor, 'name' | 'shape' | 'naturalShape'>,
	count: number,
): readonly number[] => {
	const natural = naturalShape(count);
	if (
		shape === null ||
		(shape.length === natural.length &&
			shape.every((length, axis) => length === -1 || length === natural[axis]))
	) {
		return natural;
	}

	const known = countElements(shape.filter((length) => length !== -1));
	const open = shape.filter((length) => length === -1).length;
	const missing = count / known;
	const isFull = open === 0 ? missing === 1 : open === 1 && Number.isInteger(missing);
	if (!isFull) {
		throw new UserError(
			`${name} has ${count} values (${natural.join('x')}), which do not fill the shape ${shape.join('x')}`,
			{next: 'Shapes go without the batch dimension; -1 may stand for one length.'},
		);
	}

	return shape.map((length) => (length === -1 ? missing : length));
};

/** A wrong value, with its place. */
const placeError = (error: unknown, {name, where}: StepTensor, place: number): unknown =>
	error instanceof UserError
		? new UserError(`${where()}: ${name}, value ${place + 1}: ${error.message}`, {
				...(error.next === undefined ? {} : {next: error.next}),
				cause: error,
			})
		: error;

function* mapElements<Result>(
	tensor: StepTensor,
	map: (element: Parameters<typeof writeElement>[1]) => Result,
): Generator<Result> {
	let place = 0;
	for (const element of tensor.elements?.() ?? []) {
		try {
			yield map(element);
		} catch (error) {
			throw placeError(error, tensor, place);
		}

		place++;
	}
}

/** @returns how many */
function* writeContent(tensor: StepTensor): Generator<string, number> {
	let piece = '';
	let count = 0;
	for (const text of mapElements(tensor, (element) =>
		writeElement(tensor.type, element, tensor.single),
	)) {
		piece += count === 0 ? text : `,${text}`;
		count++;
		if (piece.length >= pieceLength) {
			yield piece;
			piece = '';
		}
	}

	yield piece;
	return count;
}

/** Three bytes are four characters: pieces end at multiples of three. */
function* encodeBase64(chunks: Iterable<Uint8Array>): Generator<string> {
	let pending: Uint8Array[] = [];
	let length = 0;
	for (const chunk of chunks) {
		pending.push(chunk);
		length += chunk.length;
		if (length >= pieceLength) {
			const bytes = Buffer.concat(pending);
			const whole = bytes.length - (bytes.length % 3);
			yield bytes.toString('base64', 0, whole);
			pending = [bytes.subarray(whole)];
			length = bytes.length - whole;
		}
	}

	yield Buffer.concat(pending).toString('base64');
}

/** @returns how many elements */
function* writeBytes(tensor: StepTensor): Generator<string, number> {
	if (tensor.bytes !== undefined) {
		yield* encodeBase64(tensor.bytes());
		return tensor.type === 'BYTES' ? 1 : (tensor.byteElements ?? 0);
	}

	let count = 0;
	const encoded = mapElements(tensor, (element) => {
		count++;
		return encodeElement(tensor.type, element);
	});
	yield* encodeBase64(encoded);
	return count;
}

function* writeTensor(tensor: StepTensor, base64: boolean): Generator<string> {
	yield `${JSON.stringify(tensor.name)}:`;
	let count: number;
	if (base64 || needsBytes(tensor.type) || tensor.bytes !== undefined) {
		yield '{"b64":"';
		count = yield* writeBytes(tensor);
		yield '"';
	} else {
		yield '{"content":[';
		count = yield* writeContent(tensor);
		yield ']';
	}

	yield `,"shape":[${resolveShape(tensor, count).join(',')}]}`;
}

function* writeStep(tensors: readonly StepTensor[], base64: boolean): Generator<string> {
	yield '{';
	for (const [place, tensor] of tensors.entries()) {
		yield place === 0 ? '' : ',\n';
		yield* writeTensor(tensor, base64);
	}

	yield '}';
}

/** Steps of each stream, in their order: as even as they go. */
const dealSteps = (steps: number, streams: number): readonly (readonly number[])[] => {
	if (streams > steps) {
		throw new UserError(
			`--streams ${streams}: there ${steps === 1 ? 'is' : 'are'} ${plural(steps, 'step')} only`,
		);
	}

	return Array.from({length: streams}, (_, stream) => {
		const from = Math.floor((stream * steps) / streams);
		const to = Math.floor(((stream + 1) * steps) / streams);
		return Array.from({length: to - from}, (_, place) => from + place);
	});
};

/** @throws UserError for values that a type or a shape cannot hold: what came before is no file then */
export function* writeInput(
	{steps, at}: Pick<PlannedInput, 'steps' | 'at'>,
	{streams, base64}: WriteOptions,
): Generator<string> {
	const dealt = dealSteps(steps, streams ?? 1);
	yield '{"data":[\n';
	for (const [stream, own] of dealt.entries()) {
		yield `${stream === 0 ? '' : ',\n'}${streams === null ? '' : '[\n'}`;
		for (const [place, step] of own.entries()) {
			yield place === 0 ? '' : ',\n';
			yield* writeStep(at(step), base64);
		}

		yield streams === null ? '' : '\n]';
	}

	yield '\n]}\n';
}
