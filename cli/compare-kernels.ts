/** Kernels inside ranges that changed, from the reports that are still there. */

import path from 'node:path';
import {messageOf, ToolError, UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {addUpKernelsByGroup, type KernelSum} from '../nsys-parsers/grouped-kernels.ts';
import {readKernelNames} from '../nsys-parsers/kernel-names.ts';
import {readDetailedTrace} from '../nsys-parsers/read-trace.ts';
import {
	compareKernels,
	pickKernelPaths,
	type PathKernels,
	type SideKernels,
} from '../results/comparison/kernel-changes.ts';
import {dropRunningNumbers} from '../results/comparison/running-numbers.ts';
import {findRangePaths} from '../results/range-paths.ts';
import type {CandidateComparison} from '../schemas/comparison-report.ts';
import type {Warning} from '../schemas/warning.ts';
import type {ReadSide, SideTrace} from './compared-side.ts';
import {withExport} from './evidence.ts';
import {isReport} from './trace-files.ts';
import {readPlaceholder} from './placeholder-file.ts';

export interface KernelOptions {
	/** Asked for only where there is a report to read. null where there is none. */
	readonly findNsys: () => Promise<string | null>;
	/** Reports of each side that are read at most: making an export takes seconds. 0: none. */
	readonly mostReports: number;
}

type Sums = Map<string | null, PathKernels>;

const addKernels = (
	sums: Sums,
	key: string | null,
	instances: number,
	kernels: ReadonlyMap<string, KernelSum>,
): void => {
	const known: PathKernels = sums.get(key) ?? {instances: 0, kernels: new Map()};
	sums.set(key, known);
	known.instances += instances;
	for (const [name, {ns, launches}] of kernels) {
		const sum = known.kernels.get(name) ?? {ns: 0, launches: 0};
		known.kernels.set(name, {ns: sum.ns + ns, launches: sum.launches + launches});
	}
};

const countByGroup = (groupOf: Int32Array, groups: number): Uint32Array => {
	const counts = new Uint32Array(groups);
	for (const group of groupOf) {
		if (group >= 0) {
			counts[group] = Number(counts[group]) + 1;
		}
	}

	return counts;
};

/** Adds one export's kernels. */
const addTrace = (
	exported: string,
	trace: SideTrace,
	paths: readonly string[],
	sums: Sums,
): void => {
	const read = readDetailedTrace(exported, {});
	const names = readKernelNames(exported, 'demangled');
	const {placeholder} = readPlaceholder(path.dirname(trace.file));
	const {warmupBatches, batchPattern} = trace;
	const found = findRangePaths(read.trace, {warmupBatches, batchPattern, placeholder});
	const groupOfPath = found.paths.map((folded) => paths.indexOf(dropRunningNumbers(folded)));
	const groupOf = found.pathOf.map((own) => (own < 0 ? -1 : (groupOfPath[own] ?? -1)));
	const {groups, all} = addUpKernelsByGroup(read, names, groupOf, paths.length);
	const instances = countByGroup(groupOf, paths.length);
	for (const [group, kernels] of groups.entries()) {
		addKernels(sums, paths[group] ?? null, Number(instances[group]), kernels);
	}

	addKernels(sums, null, 1, all);
};

const readTraces = async (
	traces: readonly SideTrace[],
	paths: readonly string[],
	{findNsys}: KernelOptions,
): Promise<SideKernels> => {
	const sums: Sums = new Map();
	for (const trace of traces) {
		const nsys = isReport(trace.file) ? await findNsys() : null;
		await withExport(trace.file, {nsys, keepSqlite: false}, (exported) => {
			addTrace(exported, trace, paths, sums);
		});
	}

	return sums;
};

const note = (code: string, message: string): readonly Warning[] => [{code, message}];

const noteRead = (
	sides: readonly ReadSide[],
	chosen: readonly (readonly SideTrace[])[],
): readonly Warning[] => {
	const some = sides.some(({traces}, side) => traces.length > (chosen[side]?.length ?? 0));
	return some
		? note(
				'kernels-of-some',
				`Kernels are those of ${chosen
					.map(
						({length}, side) =>
							`${plural(length, 'report')} of ${sides[side]?.side.input.label ?? ''}`,
					)
					.join(' and ')}: --kernels sets how many are read.`,
			)
		: [];
};

/** What explains a change is no part of its proof: what cannot be read is a note, not the end. */
const explain = (error: unknown): readonly Warning[] => {
	if (error instanceof UserError || error instanceof ToolError) {
		return note('kernels-unread', `Kernels are not told: ${messageOf(error)}.`);
	}

	throw error;
};

/** @returns the candidate with its kernels, or with a note that says why there are none */
export const addKernelChanges = async (
	candidate: CandidateComparison,
	sides: readonly [ReadSide, ReadSide],
	options: KernelOptions,
): Promise<CandidateComparison> => {
	const paths = pickKernelPaths(candidate);
	const hasGpu = sides.some(({side}) => side.processes.some(({gpuTraced}) => gpuTraced));
	if (paths.length === 0 || !hasGpu || options.mostReports === 0) {
		return candidate;
	}

	const gone = sides.find(({traces}) => traces.length === 0);
	if (gone !== undefined) {
		const {label} = gone.side.input;
		const why = `Which kernels changed cannot be told: no report of ${label} is left.`;
		return {...candidate, notes: [...candidate.notes, ...note('reports-gone', why)]};
	}

	const chosen = sides.map(({traces}) => traces.slice(0, options.mostReports));
	try {
		const before = await readTraces(chosen[0] ?? [], paths, options);
		const after = await readTraces(chosen[1] ?? [], paths, options);
		const kernels = compareKernels([null, ...paths], before, after);
		return {...candidate, kernels, notes: [...candidate.notes, ...noteRead(sides, chosen)]};
	} catch (error) {
		return {...candidate, notes: [...candidate.notes, ...explain(error)]};
	}
};
