/**
 * Input data of our own for models whose inputs are all floats. perf_analyzer's random data are bytes, so that one FP32 in
 * 256 is NaN or infinity, which costs it the request export (see read-point.ts). What else it makes up by itself, it goes
 * on making up: only floats cannot be left to it.
 */

import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {writeWholeFile} from '../base/whole-file.ts';
import type {SweepPlan} from '../schemas/sweep.ts';
import {parseModelInputs, type ModelInput} from './input/model-inputs.ts';
import {planInput} from './input/plan-steps.ts';
import {writeInput} from './input/write-input.ts';
import {sweepFiles} from './sweep-store.ts';

/** With any of these, the data are the user's choice. */
const dataOptions: readonly string[] = [
	...['--input-data', '--data-directory', '--shape', '--string-data', '--string-length'],
	...['-z', '--zero-input', '--service-kind'],
];

const isChosen = ({arguments: words}: Pick<SweepPlan, 'arguments'>): boolean =>
	words.some((word) =>
		dataOptions.some((option) => word === option || word.startsWith(`${option}=`)),
	);

const floats: readonly string[] = ['FP16', 'BF16', 'FP32', 'FP64'];

/** Half precision is not in an export, and does it no harm. */
const harmful: readonly string[] = ['FP32', 'FP64'];

/** Whether perf_analyzer would send the same with a file as without, but for the values. */
const isSimple = (inputs: readonly ModelInput[], config: string): boolean =>
	inputs.every(
		({type, shape, optional}) => floats.includes(type) && !shape.includes(-1) && !optional,
	) &&
	inputs.some(({type}) => harmful.includes(type)) &&
	// A file's steps would become its sequences; ragged and shape tensors have rules of their own.
	!/"sequence_batching"|"(?:is_shape_tensor|allow_ragged_batch)"\s*:\s*true/.test(config);

const readInputs = (config: string, model: string): readonly ModelInput[] => {
	try {
		return parseModelInputs(config, model);
	} catch (error) {
		if (error instanceof UserError) {
			// Of another kind of server: perf_analyzer will know what to do with it.
			return [];
		}

		throw error;
	}
};

/**
 * @param folder of the sweep @param config the model's, as the server told it; null where it did not
 * @returns the file, absolute; null where perf_analyzer's own data do, or the user chose some
 * @throws ToolError when the disk refuses
 */
export const writeRandomInput = (
	folder: string,
	plan: Pick<SweepPlan, 'arguments' | 'model'>,
	config: string | null,
): string | null => {
	const model = config === null || isChosen(plan) ? [] : readInputs(config, plan.model);
	if (config === null || !isSimple(model, config)) {
		return null;
	}

	const input = planInput({
		...{specs: [], model, tables: [], delimiter: ',', rows: null, split: false, steps: 1},
		...{seed: 0, dynamic: 1, findFiles: () => []},
	});
	const file = path.join(folder, sweepFiles.input);
	const next = 'Make room on that disk, or name another folder with -o.';
	writeWholeFile(file, writeInput(input, {streams: null, base64: true}), next);
	return file;
};
