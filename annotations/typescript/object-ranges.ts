/** The ranges of one object: opens and ends them, writes what they are into the trace, and logs them. */

import {AnnotationError} from './annotation-error.ts';
import {closeRange, isTracing, openRange} from './nvtx.ts';
import {
	addOpenRange,
	type Flow,
	innermostOf,
	innermostOpenRange,
	type OpenRange,
	type RangeOwner,
	removeOpenRange,
	requireTurn,
} from './open-ranges.ts';
import {type PushOptions, type RangeOutcome, requireItems, requirePush} from './perf-options.ts';
import {countBatch} from './progress.ts';
import {RangeLog} from './range-log.ts';
import {awaitCommonStart} from './start-line.ts';

const noNotes: readonly string[] = [];

export class ObjectRanges implements RangeOwner {
	/** undefined when not benchmarking: nothing is to be written then, and nothing kept. */
	readonly log: RangeLog | undefined;
	private readonly objName: string;

	constructor(objName: string, benchmarking: boolean) {
		this.objName = objName;
		this.log = benchmarking ? new RangeLog() : undefined;
	}

	/** @throws AnnotationError for bad arguments, or when it is another flow's turn */
	open(flow: Flow, message: string, options: PushOptions, scoped: boolean): OpenRange {
		requirePush(message, options);
		const {batchIdx} = options;
		const around = innermostOf(this, flow.innermost);
		const holder = around?.path ?? this.objName;
		const name = batchIdx === undefined ? message : `${message}_${batchIdx}`;
		const range: OpenRange = {
			owner: this,
			path: `${holder}/${name}`,
			holder,
			batch: batchIdx,
			insideBatch: around !== undefined && (around.insideBatch || around.batch !== undefined),
			logPosition: this.log?.position ?? 0,
			domain: options.domain,
			outer: innermostOpenRange(),
			scoped,
			flow: undefined,
			closed: false,
		};
		requireTurn(flow, range.path);
		if (batchIdx !== undefined) {
			awaitCommonStart();
		}

		openRange(
			name,
			batchIdx === undefined ? options : {...options, once: true},
			isTracing() ? this.openingNotes(range) : noNotes,
		);
		addOpenRange(flow, range);
		return range;
	}

	/**
	 * Ends the thread's innermost range, which is this object's.
	 * @throws AnnotationError for items that cannot be; nothing has ended then
	 */
	end(range: OpenRange, {totalItems, deleteRange = false}: RangeOutcome): void {
		if (totalItems !== undefined) {
			this.requireBatch(range);
			requireItems(totalItems);
		}

		closeRange(range.domain, isTracing() ? closingNotes(totalItems, deleteRange) : noNotes);
		removeOpenRange(range);
		if (deleteRange) {
			this.log?.deleteSince(range.logPosition);
		} else {
			this.logEnded(range, totalItems);
		}
	}

	/** A batch that something around it cut short does not count. */
	abandon(range: OpenRange): void {
		this.end(range, {deleteRange: range.batch !== undefined});
	}

	/** Paths of this object's open ranges on this thread, innermost first. */
	openPaths(): string[] {
		const paths: string[] = [];
		let range = innermostOf(this, innermostOpenRange());
		while (range !== undefined) {
			paths.push(range.path);
			range = innermostOf(this, range.outer);
		}

		return paths;
	}

	private requireBatch(range: OpenRange): void {
		if (range.batch === undefined) {
			throw new AnnotationError(
				'items-outside-batch',
				`totalItems belongs to the end of a batch, and ${JSON.stringify(range.path)} is none: ` +
					'push it with batchIdx',
			);
		}
	}

	private openingNotes({holder, batch}: OpenRange): readonly string[] {
		const notes: object[] = [];
		if (holder === this.objName) {
			notes.push({object: this.objName});
		}

		if (batch !== undefined) {
			notes.push({batch});
		}

		return notes.map((note) => JSON.stringify(note));
	}

	private logEnded({path, holder, insideBatch, batch}: OpenRange, items?: number): void {
		if (batch !== undefined) {
			countBatch();
		}

		const told = batch === undefined || items === undefined ? undefined : {index: batch, items};
		this.log?.add({path, holder, insideBatch, batch: told});
	}
}

const closingNotes = (items: number | undefined, deleted: boolean): readonly string[] => {
	if (deleted) {
		return ['{"delete":true}'];
	}

	return items === undefined ? noNotes : [JSON.stringify({items})];
};
