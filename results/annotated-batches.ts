/** Batches, objects and deleted ranges as the annotation library's marks in the trace tell them. */

import type {Trace} from '../schemas/trace.ts';
import type {BatchFact, BatchSource} from './batch-facts.ts';
import {foldBatchName} from './batch-name.ts';

/** What the marks say of objects and deleted ranges. */
export const listAnnotatedObjects = (trace: Trace): Pick<BatchSource, 'deleted' | 'objects'> => {
	const deleted = new Set<number>();
	const objects = new Map<number, string>();
	for (const [range, note] of trace.notes) {
		if (note.deleted === true) {
			deleted.add(range);
		}

		if (note.object !== undefined) {
			objects.set(range, note.object);
		}
	}

	return {deleted, objects};
};

export const findAnnotatedBatches = (trace: Trace): BatchSource => {
	const batches = new Map<number, BatchFact>();
	for (const [range, {batch, items}] of trace.notes) {
		if (batch !== undefined) {
			const name = trace.names[trace.ranges.name[range] ?? 0] ?? '';
			batches.set(range, {
				index: batch,
				items: items ?? null,
				foldedName: foldBatchName(name, batch),
			});
		}
	}

	return {kind: 'marks', batches, ...listAnnotatedObjects(trace), object: null, warnings: []};
};
