/** What BenchmarkPerf takes, and what it refuses. */

import {inspect} from 'node:util';
import {AnnotationError} from './annotation-error.ts';
import {argbOf, type Color} from './color.ts';

export interface RangeOptions {
	/** Default: blue. */
	readonly color?: Color | undefined;
	/** NVTX domain. Default: the default domain. */
	readonly domain?: string | undefined;
	/** Default: none. */
	readonly category?: string | number | undefined;
}

export interface PushOptions extends RangeOptions {
	/** This range is a batch, and this its index, from 0. Its name becomes `message_<batchIdx>`. */
	readonly batchIdx?: number | undefined;
}

/** What is known of a range only at its end. */
export interface RangeOutcome {
	/** How many items the batch held. Only for batches; 0 is a batch that does not count. */
	readonly totalItems?: number | undefined;
	/** Drop this range and all below it from the results. */
	readonly deleteRange?: boolean | undefined;
}

export interface PopOptions extends RangeOutcome {
	/** The domain that the range was pushed in. Default: whichever it was. */
	readonly domain?: string | undefined;
}

export interface BatchOptions extends RangeOptions {
	/** Default: "batch". */
	readonly message?: string | undefined;
	/** How many items the batch holds, where its start knows it. Else set `items` of the batch. */
	readonly items?: number | undefined;
}

const refuse = (what: string, value: unknown): never => {
	throw new AnnotationError('bad-argument', `${what}, not ${inspect(value)}`);
};

/** NVTX texts are C strings: a NUL would cut them. */
export const requireText = (what: string, value: unknown): void => {
	if (typeof value !== 'string' || value === '' || value.includes('\0')) {
		refuse(`${what} must be a text without NUL and not empty`, value);
	}
};

/** @throws AnnotationError "bad-argument" or "bad-color" */
export const requirePush = (message: string, options: PushOptions): void => {
	requireText('the message of a range', message);
	const {batchIdx, color} = options;
	if (batchIdx !== undefined && (!Number.isSafeInteger(batchIdx) || batchIdx < 0)) {
		refuse('batchIdx must be a whole number from 0', batchIdx);
	}

	if (color !== undefined) {
		argbOf(color);
	}
};

/** @throws AnnotationError "bad-argument" */
export const requireItems = (totalItems: number): void => {
	if (!Number.isFinite(totalItems) || totalItems < 0) {
		refuse('totalItems must be a number from 0', totalItems);
	}
};
