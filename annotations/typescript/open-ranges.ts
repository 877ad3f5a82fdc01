/**
 * Which ranges are open on this thread, and to which asynchronous flow each belongs.
 *
 * NVTX keeps one stack per thread: a pop ends whatever was pushed last, whoever pushed it. Flows that await take turns
 * on that thread, so two of them with open ranges would end each other's. This module knows both sides:
 *
 *     the thread      innermost open range > outer > outer ...          what NVTX sees
 *     a flow          its own innermost open range                      what the program's author sees
 *
 * A range may open only where both agree. They differ when another flow has opened a range since; that is refused.
 * A flow begins at each scope with a body (perf.range(name, body)) and is known inside it, across every await, timer
 * and callback, by AsyncLocalStorage. Outside of scopes all code belongs to the thread's root flow.
 */

import {AsyncLocalStorage} from 'node:async_hooks';
import {AnnotationError} from './annotation-error.ts';

/** The object that opened a range. */
export interface RangeOwner {
	/** Ends the range, the thread's innermost, because one around it has to end. */
	abandon(range: OpenRange): void;
}

/** A range between its push and its pop. */
export interface OpenRange {
	readonly owner: RangeOwner;
	/** Path from its object on: "object/pipeline/batch_0". */
	readonly path: string;
	/** Path of what it stands in: another range of its object, or the object. */
	readonly holder: string;
	/** Its index, where it is a batch. */
	readonly batch: number | undefined;
	/** Whether a range of its object around it is a batch. */
	readonly insideBatch: boolean;
	/** Where its object's log stood when it opened. */
	readonly logPosition: number;
	readonly domain: string | undefined;
	/** The next open range of the thread, whichever object or flow it belongs to. */
	readonly outer: OpenRange | undefined;
	/** Its scope ends it; popRange() must not. */
	readonly scoped: boolean;
	/** The flow that its scope began. */
	flow: Flow | undefined;
	closed: boolean;
}

export interface Flow {
	innermost: OpenRange | undefined;
	/** Where the code goes on once this flow's scope has ended: timers that it left behind. */
	readonly outer: Flow | undefined;
	ended: boolean;
}

const rootFlow: Flow = {innermost: undefined, outer: undefined, ended: false};
const flows = new AsyncLocalStorage<Flow>();

let threadInnermost: OpenRange | undefined;

/** The flow that the calling code belongs to. */
export const currentFlow = (): Flow => {
	let flow = flows.getStore() ?? rootFlow;
	while (flow.ended && flow.outer !== undefined) {
		flow = flow.outer;
	}

	// A range that an outer scope had to close by force is no longer anyone's innermost.
	while (flow.innermost?.closed === true) {
		flow.innermost = flow.innermost.outer;
	}

	return flow;
};

const quote = (range: OpenRange): string => JSON.stringify(range.path);

/** @throws AnnotationError "interleaved" when another flow's range is open above this flow's innermost one */
export const requireTurn = (flow: Flow, path: string): void => {
	if (threadInnermost === undefined || threadInnermost === flow.innermost) {
		return;
	}

	throw new AnnotationError(
		'interleaved',
		`cannot open ${JSON.stringify(path)} while ${quote(threadInnermost)} is open in another asynchronous flow: ` +
			'ranges nest per thread, so flows that overlap cannot both be measured. ' +
			'Await one before the other begins, or run them in worker threads',
	);
};

/** To be called with the push. */
export const addOpenRange = (flow: Flow, range: OpenRange): void => {
	threadInnermost = range;
	flow.innermost = range;
};

/** The thread's innermost open range. */
export const innermostOpenRange = (): OpenRange | undefined => threadInnermost;

/** The innermost range of an object among a range and those around it. */
export const innermostOf = (
	owner: RangeOwner,
	from: OpenRange | undefined,
): OpenRange | undefined => {
	let range = from;
	while (range !== undefined && range.owner !== owner) {
		range = range.outer;
	}

	return range;
};

const quoteDefined = (range: OpenRange | undefined): string =>
	range === undefined ? 'no range' : quote(range);

/**
 * The range that a bare pop of this object in this flow ends.
 * @throws AnnotationError "nothing-open", "interleaved", or "wrong-owner": it is another object's, or a scope ends it
 */
export const requirePoppable = (flow: Flow, owner: RangeOwner): OpenRange => {
	const range = flow.innermost;
	if (range === undefined) {
		throw new AnnotationError('nothing-open', 'popRange: no range is open');
	}

	if (range !== threadInnermost) {
		throw new AnnotationError(
			'interleaved',
			`popRange: cannot end ${quote(range)} while ${quoteDefined(threadInnermost)} is open above it ` +
				'in another asynchronous flow',
		);
	}

	if (range.owner !== owner || range.scoped) {
		throw new AnnotationError(
			'wrong-owner',
			`popRange: the innermost open range is ${quote(range)}, and ` +
				(range.scoped ? 'its scope ends it' : 'another object has pushed it'),
		);
	}

	return range;
};

/** To be called with the pop of the thread's innermost range. */
export const removeOpenRange = (range: OpenRange): void => {
	range.closed = true;
	threadInnermost = range.outer;
	if (range.flow !== undefined) {
		range.flow.ended = true;
	}
};

/** Has all that lies above a range end; returns what that was, innermost first. */
export const abandonAllAbove = (range: OpenRange): OpenRange[] => {
	const above: OpenRange[] = [];
	while (threadInnermost !== undefined && threadInnermost !== range) {
		above.push(threadInnermost);
		threadInnermost.owner.abandon(threadInnermost);
	}

	return above;
};

/** Runs a body as a flow of its own inside a range that was just opened by the code around it. */
export const runInFlow = <Result>(range: OpenRange, outer: Flow, body: () => Result): Result => {
	// For the flow around it the range is not there: were it to open another one meanwhile, that must be refused.
	outer.innermost = range.outer;
	range.flow = {innermost: range, outer, ended: false};
	return flows.run(range.flow, body);
};
