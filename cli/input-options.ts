/** The options of `benchmark triton input`. */

import type {Argv} from 'yargs';
import {messageOf, UserError} from '../base/errors.ts';
import type {ModelInput} from '../perf-analyzer/input/model-inputs.ts';
import {
	isShape,
	parseTensorSpec,
	readShape,
	readType,
	type TensorSpec,
} from '../perf-analyzer/input/tensor-spec.ts';
import {optionParser, valueOption, withLogLevel} from './options.ts';

const usage = `benchmark triton input [options] [<csv>...]

Writes what perf_analyzer takes with --input-data. A step is what one request sends: a CSV file, an
array, a file, or made-up values. --tensor NAME=SOURCE:TYPE:SHAPE says what a tensor is made of,
and goes once for each:

  GEOMETRY_ID=geometry_id:UINT64      a column of the CSV files, a value per row
  FEATURES=*:FP64                     all columns that no other tensor has, a row each
  X=@x.npy                            a NumPy array; its type and shape unless others are given
  IMAGE=@mug.jpg  IMAGE=@images       bytes of a file; of each file of a folder, a step each
  TEXT=@prompt.txt:BYTES              a file as one text
  IDS=random(0,30522):INT64:128       made up;  MASK=zero:BOOL:1,128`;

export const inputParser = (): Argv =>
	withLogLevel(
		optionParser(usage)
			.option('output', {...valueOption('the file (stdout)'), alias: 'o'})
			.option('tensor', valueOption('NAME=SOURCE:TYPE:SHAPE, as above'))
			.option('map', valueOption('a JSON file of them: {"FEATURES": "channel0,channel1:FP64"}'))
			.option(
				'model-config',
				valueOption('config.pbtxt or its JSON: names, types and shapes of the inputs'),
			)
			.option('model', {...valueOption('the same, asked of the running server'), alias: 'm'})
			.option('url', {
				...valueOption("the server's HTTP port", {default: 'localhost:8000'}),
				alias: 'u',
			})
			.option('shape', valueOption('NAME:d,d: of an input whose shape has -1; once for each'))
			.option('dynamic', valueOption('what -1 is in shapes of made-up values', {default: '1'}))
			.option('rows', valueOption('rows of a CSV file in a step (all)'))
			.option('split', {type: 'boolean', describe: 'the first axis of every array is the step'})
			.option('steps', valueOption('steps of made-up values (as many as the data have, or 1)'))
			.option('streams', valueOption('deal the steps to that many streams: sequences'))
			.option('seed', valueOption('of made-up values', {default: '0'}))
			.option('base64', {
				type: 'boolean',
				describe: 'bytes for all tensors: shorter, exact to the bit',
			})
			.option('delimiter', valueOption('of the CSV files: a character, or tab', {default: ','})),
	);

/** Options that may be given several times, as they were typed. */
export interface Repeated {
	readonly tensor: readonly string[];
	readonly shape: readonly string[];
}

/** The parser keeps the last one of an option only. @throws UserError for one without its value */
export const gatherRepeated = (
	argv: readonly string[],
): {readonly rest: readonly string[]; readonly values: Repeated} => {
	const values = {tensor: [] as string[], shape: [] as string[]};
	const rest: string[] = [];
	for (let at = 0; at < argv.length; at++) {
		const [, name, , inline] = /^--(tensor|shape)(=([^]*))?$/.exec(argv[at] ?? '') ?? [];
		if (name !== 'tensor' && name !== 'shape') {
			rest.push(argv[at] ?? '');
			continue;
		}

		const value = inline ?? argv[++at];
		if (value === undefined) {
			throw new UserError(`--${name} takes a value`, {next: '--help has examples.'});
		}

		values[name].push(value);
	}

	return {rest, values};
};

/** As an object, so that columns may be called anything. */
const readSpec = (name: string, value: unknown, file: string): TensorSpec => {
	if (typeof value === 'string') {
		return parseTensorSpec(`${name}=${value}`);
	}

	const {columns, type, shape, ...others} = (value ?? {}) as Readonly<Record<string, unknown>>;
	const [unknown] = Object.keys(others);
	const known = typeof type === 'string' ? readType(type) : undefined;
	const isUsable =
		Array.isArray(columns) &&
		columns.length > 0 &&
		(type === undefined || known !== undefined) &&
		(shape === undefined || (Array.isArray(shape) && isShape(shape.map(Number))));
	if (!isUsable || unknown !== undefined) {
		throw new UserError(
			`${file}: ${name} is neither a text nor {"columns": [...], "type": ..., "shape": [...]}`,
			{next: unknown === undefined ? 'Write it as "a,b:FP32".' : `There is no "${unknown}".`},
		);
	}

	return {
		name,
		source: {kind: 'columns', columns: columns.map(String)},
		type: known ?? null,
		shape: Array.isArray(shape) ? shape.map(Number) : null,
	};
};

const readMap = ({
	file,
	text,
}: {
	readonly file: string;
	readonly text: string;
}): readonly TensorSpec[] => {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new UserError(`${file} is not JSON: ${messageOf(error)}`, {cause: error});
	}

	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		throw new UserError(`${file} is no object of tensors: {"FEATURES": "channel0,channel1:FP64"}`);
	}

	return Object.entries(value).map(([name, spec]) => readSpec(name, spec, file));
};

const readShapes = (texts: readonly string[]): ReadonlyMap<string, readonly number[]> =>
	new Map(
		texts.map((text) => {
			const groups = /^(?<name>.+):(?<shape>\d+(?:,\d+)*)$/s.exec(text)?.groups;
			const {name = '', shape = ''} = groups ?? {};
			if (groups === undefined || !isShape(readShape(shape))) {
				throw new UserError(`--shape ${text} is not NAME:d,d`, {
					next: 'Such as --shape INPUT:3,224,224.',
				});
			}

			return [name, readShape(shape)];
		}),
	);

/** Tensors of the command line and of the file; a shape of its own makes an input of the model one of them. */
export const readSpecs = (
	{tensor, shape}: Repeated,
	map: {readonly file: string; readonly text: string} | null,
	model: readonly ModelInput[] | null,
): readonly TensorSpec[] => {
	const specs = [...tensor.map(parseTensorSpec), ...(map === null ? [] : readMap(map))];
	const shapes = readShapes(shape);
	const named = new Set(specs.map(({name}) => name));
	const others = [...shapes].filter(([name]) => !named.has(name));
	const unknown = others.find(([name]) => model?.some((input) => input.name === name) !== true);
	if (unknown !== undefined) {
		throw new UserError(`--shape ${unknown[0]}: there is no such input`, {
			next: 'Name one of --tensor, or of the model.',
		});
	}

	return [
		...specs.map((spec) => ({...spec, shape: shapes.get(spec.name) ?? spec.shape})),
		...others.map(([name, own]): TensorSpec => ({
			name,
			type: null,
			shape: own,
			source: {kind: 'random', range: null},
		})),
	];
};
