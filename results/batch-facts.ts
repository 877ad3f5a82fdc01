/** What is known of a trace's batches, however it was found. */

import type {Warning} from '../schemas/warning.ts';
import type {FoldedName} from './batch-name.ts';

export interface BatchFact {
	/** The program's own number of the batch. */
	readonly index: number;
	/** null where the program never said. */
	readonly items: number | null;
	/** The range's name without the batch's number. */
	readonly foldedName: FoldedName;
}

/** What is known of a trace's ranges beyond their times. Ranges by index into the trace's columns. */
export interface BatchSource {
	readonly kind: 'marks' | 'placeholder' | 'pattern';
	readonly batches: ReadonlyMap<number, BatchFact>;
	/** These vanish, with all below them. */
	readonly deleted: ReadonlySet<number>;
	/** Ranges that stand at the top of an object, by the object's name. */
	readonly objects: ReadonlyMap<number, string>;
	/** The object of all other ranges that stand at the top of their thread; null where they have none. */
	readonly object: string | null;
	readonly warnings: readonly Warning[];
}
