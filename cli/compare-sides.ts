/** From what `compare` was given to a side of a comparison, with the traces that can tell of its kernels. */

import {existsSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../base/errors.ts';
import {
	describeComparedInput,
	describeRounds,
	type InputFacts,
} from '../results/comparison/compared-input.ts';
import type {Manifest} from '../schemas/manifest.ts';
import {runFiles, workerFiles} from '../schemas/run-files.ts';
import type {Warning} from '../schemas/warning.ts';
import {keepOnce, noteNoNumbers, readProcess} from './compare-copies.ts';
import {readResultFile, type ResultFile} from './compare-files.ts';
import {
	findManifestAbove,
	findPlace,
	findWorkerTrace,
	openInput,
	type CompareInput,
	type InputWorker,
} from './compare-inputs.ts';
import type {NamedPath, ReadSide, SideTrace, TraceOptions} from './compared-side.ts';
import {defaultBatchPattern} from './options.ts';

interface ReadWorker {
	readonly folder: string;
	readonly repeat: number;
	readonly result: ResultFile;
}

/** Workers that ended before their time are left out, as in the run's own means. */
const readWorkers = (workers: readonly InputWorker[]): readonly ReadWorker[] =>
	workers
		.map((worker) => ({...worker, file: path.join(worker.folder, workerFiles.result)}))
		.filter(({file}) => existsSync(file))
		.map(({folder, repeat, file}) => ({folder, repeat, result: readResultFile(file)}))
		.filter(({result}) => !result.incomplete && result.holds === 'process');

const noteUnfinished = (manifest: Manifest | null, label: string): readonly Warning[] =>
	manifest === null || manifest.status === 'done'
		? []
		: [
				{
					code: 'unfinished-run',
					message:
						manifest.status === 'running'
							? `${label} is still running, or ended without a word: only what is there by now is compared.`
							: `${label} was interrupted: only what was measured before that is compared.`,
				},
			];

/** The rules by which the results' batches were found, for their traces. */
const findTraces = (
	workers: readonly ReadWorker[],
	manifest: Manifest | null,
): readonly SideTrace[] => {
	const pattern = manifest?.options.batchPattern ?? defaultBatchPattern;
	return workers.flatMap(({folder, result}) => {
		const trace = findWorkerTrace(folder);
		return trace === null || result.format !== 'nsys-benchmark'
			? []
			: [
					{
						file: trace,
						warmupBatches: result.warmupBatches ?? 1,
						batchPattern: new RegExp(pattern, 'u'),
					},
				];
	});
};

const makeSide = (
	facts: Omit<InputFacts, 'results' | 'repeats'>,
	workers: readonly ReadWorker[],
): ReadSide => {
	const {kind, manifest, label, path: given} = facts;
	const read = workers.map((worker) => ({
		...worker,
		...readProcess(worker.result.file, worker.result.read(worker.repeat)),
	}));
	const {kept, copies, notes} = keepOnce({label, path: given}, read);
	const results = kept.map(({result}) => result);
	const repeats = kept.map(({repeat}) => repeat);
	const places = kept.map(({folder}) => findPlace(folder));
	return {
		side: {
			input: describeComparedInput({...facts, results, repeats, places}),
			processes: kept.map(({process}) => process),
			meansOnly: kind === 'mean',
			copies,
			rounds: describeRounds(manifest),
			notes: [
				...notes,
				...noteNoNumbers({label, path: given}, kept),
				...noteUnfinished(manifest, label),
			],
		},
		manifest,
		traces: kind === 'mean' ? [] : findTraces(kept, manifest),
	};
};

const readFile = (named: NamedPath, file: string, manifest: Manifest | null): ReadSide => {
	const result = readResultFile(file);
	const kind = result.holds;
	return makeSide({...named, kind, manifest}, [{folder: path.dirname(file), repeat: 0, result}]);
};

type Folder = Extract<CompareInput, {kind: 'run' | 'processes'}>;

/** A run whose processes' files are gone still has its means. */
const readFolder = (named: NamedPath, input: Folder): ReadSide => {
	const manifest = input.kind === 'run' ? input.manifest : null;
	const workers = readWorkers(input.workers);
	if (workers.length > 0) {
		return makeSide({...named, kind: input.kind, manifest}, workers);
	}

	const mean = path.join(input.folder, runFiles.mean);
	if (existsSync(mean)) {
		return readFile(named, mean, manifest);
	}

	const hasReports = input.workers.some(({folder}) => findWorkerTrace(folder) !== null);
	throw new UserError(
		input.workers.length === 0
			? `${named.path} is empty: no worker of it completed`
			: `${named.path} holds no results of its ${input.workers.length} completed workers`,
		{
			next: hasReports
				? `Its reports are there: benchmark reprocess ${named.path} makes the results again.`
				: 'Measure it again.',
		},
	);
};

/** @throws UserError, ToolError for what cannot be read or holds nothing to compare */
export const readSide = async (named: NamedPath, options: TraceOptions): Promise<ReadSide> => {
	const input = openInput(named.path);
	switch (input.kind) {
		case 'run':
		case 'processes':
			return readFolder(named, input);
		case 'file':
			return readFile(named, input.file, findManifestAbove(input.file));
		case 'traces': {
			// Opening SQLite takes its time: result files are compared without it.
			const {measureTraces} = await import('./compare-traces.ts');
			return measureTraces(named, input.files, options);
		}
	}
};
