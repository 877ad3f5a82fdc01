/** Ranges that end with a block of code: with a body, or with `using`. */

import {AnnotationError} from './annotation-error.ts';
import {abandonAllAbove, type Flow, type OpenRange, runInFlow} from './open-ranges.ts';
import {type RangeOutcome, requireItems} from './perf-options.ts';

export type EndRange = (outcome: RangeOutcome) => void;

/** A range that ends with its block. */
export class RangeScope implements Disposable {
	protected outcome: RangeOutcome = {};
	private readonly range: OpenRange;
	private readonly endRange: EndRange;

	constructor(range: OpenRange, endRange: EndRange) {
		this.range = range;
		this.endRange = endRange;
	}

	/**
	 * Ends the range; a second time, nothing.
	 * @throws AnnotationError "still-open" when ranges opened after it have not ended; they end with it
	 */
	[Symbol.dispose](): void {
		if (this.range.closed) {
			return;
		}

		const above = abandonAllAbove(this.range);
		this.endRange(this.outcome);
		if (above.length > 0) {
			const names = above.map((range) => JSON.stringify(range.path)).join(', ');
			throw new AnnotationError(
				'still-open',
				`${JSON.stringify(this.range.path)} has ended while still open above it: ${names}. ` +
					'End what was opened inside first, and await what runs inside',
			);
		}
	}
}

/** A batch that ends with its block. */
export class BatchScope extends RangeScope {
	/** What the batch held, such as its images; 0 is a batch that does not count. Set it before the block ends. */
	get items(): number | undefined {
		return this.outcome.totalItems;
	}

	/** @throws AnnotationError "bad-argument" */
	set items(items: number | undefined) {
		if (items !== undefined) {
			requireItems(items);
		}

		this.outcome = {...this.outcome, totalItems: items};
	}

	/** Drops the batch and all below it from the results, as when it turns out that the input has ended. */
	delete(): void {
		this.outcome = {...this.outcome, deleteRange: true};
	}
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
	typeof value === 'object' &&
	value !== null &&
	'then' in value &&
	typeof value.then === 'function';

const isGenerator = (value: unknown): boolean =>
	/^\[object (Async)?Generator\]$/.test(Object.prototype.toString.call(value));

const requireNoGenerator = (value: unknown, range: OpenRange): void => {
	if (isGenerator(value)) {
		throw new AnnotationError(
			'generator-in-scope',
			`the body of ${JSON.stringify(range.path)} returns a generator, whose work runs only after the range ` +
				'has ended: open the range inside the generator, with `using`',
		);
	}
};

/** The body threw: what it left open ends with its range, and a batch does not count. */
const fail = (scope: RangeScope, range: OpenRange): void => {
	if (!range.closed) {
		abandonAllAbove(range);
		if (scope instanceof BatchScope) {
			scope.delete();
		}

		scope[Symbol.dispose]();
	}
};

/**
 * Runs a body inside its range, which the code of a flow has just opened. A promise that the body returns belongs to
 * the range until it settles.
 */
export const runScope = <Scope extends RangeScope, Result>(
	scope: Scope,
	range: OpenRange,
	flow: Flow,
	body: (scope: Scope) => Result,
): Result => {
	let result: Result;
	try {
		result = runInFlow(range, flow, () => body(scope));
		requireNoGenerator(result, range);
	} catch (error) {
		fail(scope, range);
		throw error;
	}

	if (isThenable(result)) {
		const settled = Promise.resolve(result).then(
			(value) => {
				scope[Symbol.dispose]();
				return value;
			},
			(error: unknown) => {
				fail(scope, range);
				throw error;
			},
		);
		return settled as Result;
	}

	scope[Symbol.dispose]();
	return result;
};
