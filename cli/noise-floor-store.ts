/**
 * Where calibrations are kept: one file per machine, its GPUs, program and processes side by side, below the user's state
 * folder. `ab --calibrate` writes it, `compare` and `ab` look there by what the runs' manifests say, wherever they run.
 *
 *     $XDG_STATE_HOME/nsys-benchmark/noise-floor/train.py-1f0c9a35d2b4.json        else ~/.local/state/...
 */

import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {readJsonFile, writeJsonFile} from '../schemas/json-file.ts';
import type {Manifest} from '../schemas/manifest.ts';
import {NoiseFloors} from '../schemas/noise-floor.ts';

/** The specification wants a relative path ignored. */
const stateFolder = (env: NodeJS.ProcessEnv): string => {
	const given = env['XDG_STATE_HOME'] ?? '';
	return path.isAbsolute(given) ? given : path.join(env['HOME'] ?? os.homedir(), '.local', 'state');
};

/** A name that is searched in PATH is the same from any folder. */
const nameProgram = ({program: [typed = ''], workingDirectory}: Manifest): string =>
	typed.includes('/') || path.extname(typed) !== '' ? path.resolve(workingDirectory, typed) : typed;

export const describeCalibration = (
	manifest: Manifest,
): Omit<NoiseFloors, 'createdAt' | 'rounds' | 'ranges'> => {
	const {host, cpu, cores} = manifest.machine;
	const {processesPerGpu, gpus: gpuCount, gpuOffset} = manifest.options;
	return {
		formatVersion: 1,
		program: nameProgram(manifest),
		machine: {host, cpu, cores},
		gpus: [...manifest.gpus],
		processesPerGpu,
		gpuCount,
		gpuOffset,
	};
};

/** Where the calibration of runs like this one belongs, whether there is one or not. */
export const locateNoiseFloors = (manifest: Manifest, env: NodeJS.ProcessEnv): string => {
	const {program, machine, gpus, processesPerGpu, gpuCount, gpuOffset} =
		describeCalibration(manifest);
	const uuids = gpus.map(({uuid}) => uuid).filter((uuid) => uuid !== 'unknown');
	const {host, cpu, cores} = machine;
	// Containers have names of their own: with the same GPUs it is the same machine.
	const place = uuids.length > 0 ? uuids : [host];
	const {gpuNames = [], cpuAffinity = 'none'} = manifest.options;
	const isPlaced = gpuNames.length > 0 || cpuAffinity !== 'none';
	const fingerprint = [
		...[program, cpu, cores, place, processesPerGpu, gpuCount, gpuOffset],
		// Only where they are used: older calibrations keep their names.
		...(isPlaced ? [gpuNames, cpuAffinity] : []),
	];
	const hash = createHash('sha256').update(JSON.stringify(fingerprint)).digest('hex').slice(0, 12);
	const name = path.basename(program).replaceAll(/[^\w.-]/g, '_');
	return path.join(stateFolder(env), 'nsys-benchmark', 'noise-floor', `${name}-${hash}.json`);
};

/** @throws ToolError when the disk refuses */
export const writeNoiseFloors = (file: string, floors: NoiseFloors): void =>
	writeJsonFile(NoiseFloors, file, floors);

export interface FoundNoiseFloors {
	readonly file: string;
	readonly floors: NoiseFloors;
}

/**
 * @param explicit --noise-floor; undefined: what is kept for these runs
 * @param manifests of the sides that are compared, as far as they have one
 * @throws UserError when a file that was named, or one of ours, cannot be read
 */
export const findNoiseFloors = (
	explicit: string | undefined,
	manifests: readonly Manifest[],
	env: NodeJS.ProcessEnv,
): readonly FoundNoiseFloors[] => {
	const files =
		explicit === undefined
			? [...new Set(manifests.map((manifest) => locateNoiseFloors(manifest, env)))].filter(
					existsSync,
				)
			: [explicit];
	return files.map((file) => ({file, floors: readJsonFile(NoiseFloors, file)}));
};
