/**
 * Which ranges are batches, of how many items, under which object, and which do not count: found once per trace, by the
 * first of three ways that applies.
 *
 *   marks        the annotation library's marks in the trace itself
 *   placeholder  the list that an unmodified perf_utils wrote when the program ended
 *   pattern      a regular expression over the names of ranges
 */

import type {Placeholder} from '../schemas/placeholder.ts';
import type {Trace} from '../schemas/trace.ts';
import {findAnnotatedBatches, listAnnotatedObjects} from './annotated-batches.ts';
import type {BatchSource} from './batch-facts.ts';
import {findNamedBatches} from './named-batches.ts';
import {findListedBatches} from './placeholder-batches.ts';

export interface BatchOptions {
	readonly batchPattern: RegExp;
	readonly placeholder: Placeholder | null;
}

/**
 * A trace that the library annotated, but without a single batch, falls back to the pattern: its objects stay.
 * @throws UserError for a pattern without the named group `index`
 */
export const findBatches = (trace: Trace, options: BatchOptions): BatchSource => {
	const annotated = trace.notes.size > 0 || trace.metas.length > 0;
	if (annotated) {
		const marks = findAnnotatedBatches(trace);
		return marks.batches.size > 0
			? marks
			: {...findNamedBatches(trace, options.batchPattern), ...listAnnotatedObjects(trace)};
	}

	return options.placeholder === null
		? findNamedBatches(trace, options.batchPattern)
		: findListedBatches(trace, options.placeholder);
};
