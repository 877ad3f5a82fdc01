/** A run's measured processes as samples by repeat and process: what comparisons and `--repeat auto` work on. */

import type {RunProcess} from '../mean-result.ts';
import type {SampledMetric} from '../../schemas/benchmark-result.ts';
import type {Replicates} from './replicates.ts';

/** Repeats in order, their processes in order of GPU and process. */
export const groupByRepeat = (
	processes: readonly RunProcess[],
): readonly (readonly RunProcess[])[] => {
	const repeats = new Map<number, RunProcess[]>();
	const inOrder = processes.toSorted(
		(a, b) => a.repeat - b.repeat || a.gpu - b.gpu || a.process - b.process,
	);
	for (const process of inOrder) {
		const repeat = repeats.get(process.repeat) ?? [];
		repeats.set(process.repeat, repeat);
		repeat.push(process);
	}

	return [...repeats.values()];
};

/** In nanoseconds. A process without that range or metric has an empty list. */
export const gatherReplicates = (
	repeats: readonly (readonly RunProcess[])[],
	path: string,
	metric: SampledMetric,
): Replicates =>
	repeats.map((processes) =>
		processes.map(({measured}) => measured.samples.get(path)?.values[metric] ?? []),
	);
