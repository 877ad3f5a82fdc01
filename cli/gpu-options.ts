/** Options that say where programs run: on which GPUs, and near which CPUs. */

import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import {cpuAffinities} from '../launcher/cpu-affinity.ts';
import type {RunOptions} from '../launcher/run-options.ts';
import {
	choiceOption,
	countOption,
	listOption,
	textOption,
	valueOption,
	type Parsed,
} from './options.ts';

export const withGpuOptions = (parser: Argv): Argv =>
	parser
		.option(
			'num-gpus',
			valueOption('GPUs (1, or as many as --gpus names)', {alias: ['ng', 'num_gpus']}),
		)
		.option(
			'gpu-offset-id',
			valueOption('first GPU', {alias: ['go', 'gpu_offset_id'], default: '0'}),
		)
		.option(
			'gpus',
			valueOption('these GPUs, by index, UUID or MIG UUID (or its beginning): 0,GPU-8a3f,MIG-41'),
		)
		.option(
			'cpu-affinity',
			valueOption('none, numa (the CPUs near its GPU) or spread (an equal share for each)', {
				default: 'none',
			}),
		);

export type GpuOptions = Pick<RunOptions, 'gpus' | 'gpuOffset' | 'gpuNames' | 'cpuAffinity'>;

const readNames = (parsed: Parsed): readonly string[] => {
	const given = listOption(parsed, 'gpus');
	const names = given.flatMap((list) => list.split(',').map((name) => name.trim()));
	if (names.includes('')) {
		throw new UserError(`--gpus "${given.join(',')}" has an empty name in it`, {
			next: 'Part names by single commas, without spaces: --gpus 0,2.',
		});
	}

	return names;
};

/** @throws UserError */
export const readGpuOptions = (parsed: Parsed): GpuOptions => {
	const gpuNames = readNames(parsed);
	const isCounted = textOption(parsed, 'num-gpus') !== undefined;
	return {
		gpuNames,
		gpus: isCounted ? countOption(parsed, 'num-gpus', 1) : Math.max(1, gpuNames.length),
		gpuOffset: countOption(parsed, 'gpu-offset-id', 0),
		cpuAffinity: choiceOption(parsed, 'cpu-affinity', cpuAffinities),
	};
};
