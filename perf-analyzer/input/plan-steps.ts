/** From what the tensors are to be made of to the steps of the file, each with all tensors. */

import {UserError} from '../../base/errors.ts';
import {plural} from '../../base/plural.ts';
import type {Datatype} from './datatypes.ts';
import type {ModelInput} from './model-inputs.ts';
import {completeSpecs} from './complete-specs.ts';
import {readNpyHeader} from './npy-file.ts';
import {checkRange} from './random-values.ts';
import {
	countCsvRows,
	makeArray,
	makeColumns,
	makeRandom,
	makeRaw,
	makeZero,
	readCsvHeader,
	type CsvPart,
	type NamedFile,
	type StepTensor,
} from './step-tensors.ts';
import type {TensorSource, TensorSpec} from './tensor-spec.ts';

export interface InputRequest {
	readonly specs: readonly TensorSpec[];
	/** null where nobody knows the model. */
	readonly model: readonly ModelInput[] | null;
	readonly tables: readonly NamedFile[];
	readonly delimiter: string;
	/** Rows of a table in a step; null for all. */
	readonly rows: number | null;
	/** Whether the first axis of every array is the step. */
	readonly split: boolean;
	/** Of made-up tensors; null: as many as the others have, else one. */
	readonly steps: number | null;
	readonly seed: number;
	/** What stands for -1 in shapes of made-up tensors. */
	readonly dynamic: number;
	/** Files of a tensor, folders as the files in them. */
	readonly findFiles: (given: string) => readonly NamedFile[];
}

type Named = Pick<StepTensor, 'name' | 'shape'> & {readonly type: Datatype | null};

/** One tensor over all steps. */
interface PlannedTensor {
	/** Steps that it has; null for as many as are wanted. */
	readonly count: number | null;
	readonly at: (step: number) => StepTensor;
}

const requireType = ({name, type}: Named): Datatype => {
	if (type === null) {
		throw new UserError(`nothing says of which type ${name} is`, {
			next: `Write it behind: --tensor ${name}=...:FP32; or give --model-config or --model.`,
		});
	}

	return type;
};

const requireShape = ({name, shape}: Named, dynamic: number): readonly number[] => {
	if (shape === null) {
		throw new UserError(`nothing says of which shape ${name} is`, {
			next: `Write it behind the type: --tensor ${name}=random:FP32:3,224,224; or give --model-config or --model.`,
		});
	}

	return shape.map((length) => (length === -1 ? dynamic : length));
};

const listParts = ({tables, delimiter, rows}: InputRequest): readonly CsvPart[] =>
	tables.flatMap((table) => {
		const all = countCsvRows(table, delimiter);
		if (all < 1) {
			throw new UserError(`${table.file} has no rows`);
		}

		const length = rows ?? all;
		return Array.from({length: Math.ceil(all / length)}, (_, part) => ({
			table,
			delimiter,
			from: part * length,
			to: Math.min(all, (part + 1) * length),
		}));
	});

const columnsOf = (
	{columns}: Extract<TensorSource, {kind: 'columns'}>,
	specs: readonly TensorSpec[],
	{table, delimiter}: CsvPart,
): readonly string[] => {
	if (!columns.includes('*')) {
		return columns;
	}

	const taken = new Set(
		specs.flatMap(({source}) => (source.kind === 'columns' ? source.columns : [])),
	);
	const rest = readCsvHeader(table, delimiter).filter((column) => !taken.has(column));
	return columns.flatMap((column) => (column === '*' ? rest : [column]));
};

const planFiles = (named: Named, files: readonly NamedFile[], split: boolean): PlannedTensor => {
	const steps = files.flatMap((given): readonly (() => StepTensor)[] => {
		if (!/\.npy$/i.test(given.file)) {
			return [() => makeRaw({...named, type: named.type ?? 'UINT8'}, given)];
		}

		const header = readNpyHeader(given.path, given.file);
		const [length] = header.shape;
		if (split && length === undefined) {
			throw new UserError(`${given.file} is a single value: it has no first axis for --split`);
		}

		return split
			? Array.from({length: length ?? 0}, (_, axis) => () => makeArray(named, given, header, axis))
			: [() => makeArray(named, given, header, null)];
	});
	return {count: steps.length, at: (step) => pick(steps, step)()};
};

/** What has one step only is the same in all. */
const pick = <Element>(elements: readonly Element[], step: number): Element => {
	const element = elements[elements.length === 1 ? 0 : step];
	if (element === undefined) {
		throw new Error(`no step ${step}`);
	}

	return element;
};

const planColumns = (
	named: Named,
	source: Extract<TensorSource, {kind: 'columns'}>,
	specs: readonly TensorSpec[],
	parts: readonly CsvPart[],
): PlannedTensor => {
	if (parts.length === 0) {
		throw new UserError(`${named.name} is made of columns, and no CSV file was given`, {
			next: 'Give CSV files; a file of another kind goes as --tensor NAME=@file.',
		});
	}

	const type = requireType(named);
	return {
		count: parts.length,
		at: (step) => {
			const part = pick(parts, step);
			return makeColumns({...named, type}, columnsOf(source, specs, part), part);
		},
	};
};

const planTensor = (
	{name, type, shape, source}: TensorSpec,
	specs: readonly TensorSpec[],
	parts: readonly CsvPart[],
	request: InputRequest,
): PlannedTensor => {
	const named: Named = {name, type, shape};
	switch (source.kind) {
		case 'columns':
			return planColumns(named, source, specs, parts);
		case 'files':
			return planFiles(named, source.files.flatMap(request.findFiles), request.split);
		case 'zero': {
			const tensor = {name, type: requireType(named), shape: requireShape(named, request.dynamic)};
			return {count: null, at: () => makeZero(tensor)};
		}
		case 'random': {
			const tensor = {name, type: requireType(named), shape: requireShape(named, request.dynamic)};
			const {range} = source;
			const problem = range === null ? null : checkRange(tensor.type, range);
			if (range !== null && problem !== null) {
				throw new UserError(`${name}=random(${range.low},${range.high}): ${problem}`);
			}

			return {count: null, at: (step) => makeRandom(tensor, {seed: request.seed, step, range})};
		}
	}
};

const countSteps = (
	tensors: readonly PlannedTensor[],
	specs: readonly TensorSpec[],
	wanted: number | null,
): number => {
	const counts = tensors.map(({count}) => count ?? 1);
	const most = Math.max(1, ...counts);
	const odd = counts.findIndex((count) => count !== 1 && count !== most);
	if (odd >= 0) {
		throw new UserError(
			`${specs[odd]?.name ?? ''} has ${plural(counts[odd] ?? 0, 'step')}, and another tensor has ${most}`,
			{next: 'Every tensor needs as many, or one for all.'},
		);
	}

	if (wanted !== null && most > 1 && wanted !== most) {
		throw new UserError(`--steps ${wanted}: the data have ${most}`);
	}

	return wanted ?? most;
};

export interface PlannedInput {
	readonly steps: number;
	/** All tensors of a step. */
	readonly at: (step: number) => readonly StepTensor[];
	/** Names of those that are made up although nobody asked for it. */
	readonly madeUp: readonly string[];
}

/** @throws UserError for what does not go together */
export const planInput = (request: InputRequest): PlannedInput => {
	const specs = completeSpecs(request.specs, request.model);
	if (specs.length === 0) {
		throw new UserError('nothing says what to write', {
			next: 'Give --tensor NAME=..., or --model-config or --model for values that are made up.',
		});
	}

	const usesTables = specs.some(({source}) => source.kind === 'columns');
	if (!usesTables && request.tables.length > 0) {
		throw new UserError(`no tensor is made of columns of ${request.tables[0]?.file ?? ''}`, {
			next: 'Say which: --tensor NAME=column1,column2:FP32. A file of another kind goes as --tensor NAME=@file.',
		});
	}

	const parts = usesTables ? listParts(request) : [];
	const tensors = specs.map((spec) => planTensor(spec, specs, parts, request));
	return {
		steps: countSteps(tensors, specs, request.steps),
		at: (step) => tensors.map(({at}) => at(step)),
		madeUp: specs.slice(request.specs.length).map(({name}) => name),
	};
};
