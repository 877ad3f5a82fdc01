/**
 * Batches as an unmodified perf_utils lists them at the end of the program. Its paths are names joined by "/", and names
 * may hold a "/" too: the list becomes a tree of what stands between slashes, and each range walks down it.
 *
 *   list    obj/pipeline/batch_0/stage_1                    what the program kept
 *   folded  obj/pipeline/batch_*\/stage_1                    what it kept of any batch
 *
 * A range that stands in the folded list alone was deleted by the program. One in neither belongs to another library (or
 * was deleted wherever it occurred, which the list cannot tell): it is kept.
 */

import type {Placeholder} from '../schemas/placeholder.ts';
import type {Trace} from '../schemas/trace.ts';
import type {Warning} from '../schemas/warning.ts';
import {foldBatchName, nameVariants} from './batch-name.ts';
import type {BatchFact, BatchSource} from './batch-facts.ts';

interface Listed {
	/** Made for the first part: most of what is listed holds nothing. */
	parts: Map<string, Listed> | undefined;
	batch: {readonly index: number; readonly items: number} | null;
	/** Of a batch: whether a range of the trace is it. */
	seen: boolean;
}

const listed = (): Listed => ({parts: undefined, batch: null, seen: false});

const insert = (from: Listed, part: string): Listed => {
	from.parts ??= new Map();
	let next = from.parts.get(part);
	if (next === undefined) {
		next = listed();
		from.parts.set(part, next);
	}

	return next;
};

const listPaths = ({data, batch_info}: Placeholder): Listed => {
	const root = listed();
	for (const path of [...Object.keys(data), ...Object.keys(batch_info)]) {
		path.split('/').reduce(insert, root);
	}

	for (const [path, [index, items]] of Object.entries(batch_info)) {
		path.split('/').reduce(insert, root).batch = {index, items};
	}

	return root;
};

const foldInto = (target: Listed, from: Listed): void => {
	for (const [part, next] of from.parts ?? []) {
		const folded = next.batch === null ? part : foldBatchName(part, next.batch.index).join('*');
		foldInto(insert(target, folded), next);
	}
};

const descend = (from: Listed | undefined, parts: readonly string[]): Listed | undefined =>
	parts.reduce<Listed | undefined>((at, part) => at?.parts?.get(part), from);

const foldLastNumber = (part: string): string => part.replace(/\d+(?=\D*$)/, '*');

const descendFolded = (from: Listed | undefined, parts: readonly string[]): Listed | undefined =>
	descend(from, parts) ??
	descend(from, [...parts.slice(0, -1), foldLastNumber(parts.at(-1) ?? '')]);

/** Where a range stands in both lists; undefined where it does not. */
interface Position {
	readonly exact: Listed | undefined;
	readonly folded: Listed | undefined;
}

const nowhere: Position = {exact: undefined, folded: undefined};

const findPosition = (from: Position, variants: readonly (readonly string[])[]): Position => {
	if (from.folded === undefined) {
		return nowhere;
	}

	let found = nowhere;
	for (const parts of variants) {
		const exact = descend(from.exact, parts);
		const folded = descendFolded(from.folded, parts);
		if (exact !== undefined) {
			return {exact, folded};
		}

		found = found.folded === undefined ? {exact, folded} : found;
	}

	return found;
};

const countUnseen = (at: Listed): number =>
	[...(at.parts?.values() ?? [])].reduce(
		(sum, next) => sum + countUnseen(next),
		at.batch !== null && !at.seen ? 1 : 0,
	);

const warn = (missing: number, foreign: ReadonlySet<string>): readonly Warning[] => {
	const warnings: Warning[] = [];
	if (missing > 0) {
		warnings.push({
			code: 'listed-batches-missing',
			message: `${missing} of the batches that the program reported are not in the trace. Its numbers cover only the others; look for warnings about lost data.`,
		});
	}

	if (foreign.size > 0) {
		const example = [...foreign][0] ?? '';
		warnings.push({
			code: 'unlisted-ranges',
			message: `Ranges of ${foreign.size} names, such as "${example}", are not in the program's own list: they come from other libraries, or were deleted wherever they occurred. They are kept.`,
		});
	}

	return warnings;
};

/** Where the walk starts: below the object, which is no range. */
const findTop = (exact: Listed, object: string): Position => {
	const folded = listed();
	foldInto(folded, exact);
	const parts = object.split('/');
	return {exact: descend(exact, parts), folded: descend(folded, parts)};
};

interface Walk {
	readonly batches: Map<number, BatchFact>;
	readonly deleted: Set<number>;
	/** Names of the ranges in neither list. */
	readonly foreign: Set<string>;
}

const walkRanges = ({names, ranges}: Trace, top: Position): Walk => {
	const walk: Walk = {batches: new Map(), deleted: new Set(), foreign: new Set()};
	const variants = names.map((name) => nameVariants(name).map((variant) => variant.split('/')));
	const positions: Position[] = [];
	for (let range = 0; range < ranges.length; range++) {
		const parent = ranges.parent[range] ?? -1;
		const name = ranges.name[range] ?? 0;
		const from = parent === -1 ? top : (positions[parent] ?? nowhere);
		const at = findPosition(from, variants[name] ?? []);
		positions.push(at);
		if (at.exact?.batch != null) {
			at.exact.seen = true;
			const {index, items} = at.exact.batch;
			const foldedName = foldBatchName(names[name] ?? '', index);
			walk.batches.set(range, {index, items, foldedName});
		} else if (walk.deleted.has(parent) || (at.exact === undefined && at.folded !== undefined)) {
			walk.deleted.add(range);
		} else if (at.folded === undefined) {
			walk.foreign.add(names[name] ?? '');
		}
	}

	return walk;
};

export const findListedBatches = (trace: Trace, placeholder: Placeholder): BatchSource => {
	const object = placeholder.meta.obj_name;
	const exact = listPaths(placeholder);
	const {batches, deleted, foreign} = walkRanges(trace, findTop(exact, object));
	const warnings = warn(countUnseen(exact), foreign);
	return {kind: 'placeholder', batches, deleted, objects: new Map(), object, warnings};
};
