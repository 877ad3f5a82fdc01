/**
 * What a tensor is to be made of, as it is written on the command line.
 *
 *     FEATURES=channel0,channel1:FP64      columns of the CSV files          POSITIONS=*:INT64      all others
 *     IMAGE=@mug.jpg                       a file's bytes                    X=@x.npy,y.npy         arrays, a step each
 *     IDS=random(0,30522):INT64:128        made up                           MASK=zero:BOOL:1,128
 */

import {UserError} from '../../base/errors.ts';
import {datatypes, type Datatype} from './datatypes.ts';
import type {ValueRange} from './random-values.ts';

export type TensorSource =
	/** Names; "*" for all that no other tensor has. */
	| {readonly kind: 'columns'; readonly columns: readonly string[]}
	| {readonly kind: 'files'; readonly files: readonly string[]}
	| {readonly kind: 'random'; readonly range: ValueRange | null}
	| {readonly kind: 'zero'};

export interface TensorSpec {
	readonly name: string;
	readonly source: TensorSource;
	/** null: as the model, or the file, has it. */
	readonly type: Datatype | null;
	/** -1 where the data tell. null: as the data are. */
	readonly shape: readonly number[] | null;
}

const pattern = new RegExp(
	String.raw`^(?<name>[^=]+)=(?<source>.+?)(?::(?:TYPE_)?(?<type>${datatypes.join('|')}|STRING))?(?::(?<shape>-?\d+(?:[,x]-?\d+)*))?$`,
	'su',
);

/** What somebody will have meant for a type, at a source's end: a column of such a name would need a type behind it. */
const typeLike = /:((?:TYPE_)?(?:u?int|fp|bf|float|double|half|bool|bytes|string)\d*)$/i;

export const readShape = (text: string): readonly number[] => text.split(/[,x]/).map(Number);

export const isShape = (shape: readonly number[]): boolean =>
	shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= -1);

const next =
	'Such as X=a,b:FP32, X=@x.npy, IMAGE=@mug.jpg, IDS=random(0,100):INT64:128 or MASK=zero:BOOL:1,128.';

const readSource = (text: string, fail: (problem: string) => UserError): TensorSource => {
	if (text.startsWith('@')) {
		const files = text.slice(1).split(',');
		if (files.includes('')) {
			throw fail('a file has no name');
		}

		return {kind: 'files', files};
	}

	const random = /^random(?:\(([^,()]+),([^,()]+)\))?$/.exec(text);
	if (random !== null) {
		const [low, high] = [Number(random[1]), Number(random[2])];
		return {kind: 'random', range: random[1] === undefined ? null : {low, high}};
	}

	return text === 'zero'
		? {kind: 'zero'}
		: {kind: 'columns', columns: text.split(',').map((name) => name.trim())};
};

export const readType = (text: string): Datatype | undefined => {
	const name = text.replace(/^TYPE_/, '');
	return name === 'STRING' ? 'BYTES' : datatypes.find((type) => type === name);
};

/** @throws UserError */
export const parseTensorSpec = (text: string): TensorSpec => {
	const fail = (problem: string): UserError =>
		new UserError(`--tensor ${text}: ${problem}`, {next});
	const groups = pattern.exec(text)?.groups;
	if (groups === undefined) {
		throw fail('it is not NAME=SOURCE:TYPE:SHAPE');
	}

	const {name = '', source = '', type, shape} = groups;
	const odd = type === undefined ? typeLike.exec(source)?.[1] : undefined;
	if (odd !== undefined) {
		throw new UserError(`--tensor ${text}: unknown type ${odd}`, {
			next: `Types are ${datatypes.join(', ')}.`,
		});
	}

	const dimensions = shape === undefined ? null : readShape(shape);
	if (dimensions !== null && !isShape(dimensions)) {
		throw fail(`${shape} is no shape`);
	}

	return {
		name,
		source: readSource(source, fail),
		type: type === undefined ? null : (readType(type) ?? null),
		shape: dimensions,
	};
};
