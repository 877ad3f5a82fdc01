/** The annotations of one object of a benchmarked program: what `perf_utils` is in Python. */

import {renameSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {AnnotationError} from './annotation-error.ts';
import {isBenchmarking} from './listeners.ts';
import {isTracing, writeNote} from './nvtx.ts';
import {ObjectRanges} from './object-ranges.ts';
import {currentFlow, type Flow, type OpenRange, requirePoppable} from './open-ranges.ts';
import {describeObject, outputFolder, type PerfDefaults, requireDefaults} from './perf-meta.ts';
import {
	type BatchOptions,
	type PopOptions,
	type PushOptions,
	type RangeOptions,
	requireItems,
	requireText,
} from './perf-options.ts';
import {flushProgress} from './progress.ts';
import type {Placeholder} from './range-log.ts';
import {BatchScope, RangeScope, runScope} from './scope.ts';

type RangeBody<Result> = (range: RangeScope) => Result;
type BatchBody<Result> = (batch: BatchScope) => Result;

const noOptions: PushOptions & PopOptions & BatchOptions = {};

/**
 * Ranges nest per thread: one object, one thread. Several objects may take turns on a thread; their ranges nest in one
 * another as they are pushed. A worker thread makes its own object.
 */
export class BenchmarkPerf {
	readonly objName: string;
	private readonly ranges: ObjectRanges;
	private readonly meta: Readonly<Record<string, unknown>>;
	/** undefined when not benchmarking. */
	private readonly folder: string | undefined;

	/** @throws AnnotationError "bad-argument" without a name, a device or a folder to write to */
	constructor(objName: string, defaults: PerfDefaults) {
		requireText('the name of the object', objName);
		requireDefaults(defaults);
		const benchmarking = isBenchmarking();
		this.objName = objName;
		this.folder = benchmarking ? outputFolder(defaults) : undefined;
		this.ranges = new ObjectRanges(objName, benchmarking);
		this.meta = describeObject(objName, defaults);
		if (isTracing()) {
			writeNote(JSON.stringify({meta: this.meta}));
		}
	}

	/** Opens a range. @throws AnnotationError when a range of another asynchronous flow is open */
	pushRange(message: string, options: PushOptions = noOptions): void {
		this.ranges.open(currentFlow(), message, options, false);
	}

	/**
	 * Ends the innermost range.
	 * @throws AnnotationError when there is none, it is not this object's, a scope ends it, it is in another domain, or
	 * `totalItems` is given and it is no batch
	 */
	popRange(options: PopOptions = noOptions): void {
		const range = requirePoppable(currentFlow(), this.ranges);
		if (options.domain !== undefined && options.domain !== range.domain) {
			throw new AnnotationError(
				'wrong-domain',
				`popRange: ${JSON.stringify(range.path)} is the innermost open range, and it is in ` +
					`${range.domain === undefined ? 'the default domain' : `the domain ${JSON.stringify(range.domain)}`}, ` +
					`not in ${JSON.stringify(options.domain)}`,
			);
		}

		this.ranges.end(range, options);
	}

	/**
	 * A range around a body; its result is returned. A promise that the body returns belongs to the range until it
	 * settles. What the body throws is thrown on, after the range has ended.
	 */
	range<Result>(message: string, body: RangeBody<Result>): Result;
	range<Result>(message: string, options: RangeOptions, body: RangeBody<Result>): Result;
	/** A range that ends with its block: `using stage = perf.range('decode')`. */
	range(message: string, options?: RangeOptions): RangeScope;
	range<Result>(
		message: string,
		first?: RangeOptions | RangeBody<Result>,
		second?: RangeBody<Result>,
	): Result | RangeScope {
		const {options, body} = splitArguments<RangeOptions, RangeBody<Result>>(first, second);
		const {flow, range} = this.openScoped(message, options);
		const scope = new RangeScope(range, (outcome) => this.ranges.end(range, outcome));
		return body === undefined ? scope : runScope(scope, range, flow, body);
	}

	/** A batch around a body, as range(). A batch whose body throws does not count. */
	batch<Result>(index: number, body: BatchBody<Result>): Result;
	batch<Result>(index: number, options: BatchOptions, body: BatchBody<Result>): Result;
	/** A batch that ends with its block: `using batch = perf.batch(3); ...; batch.items = 16`. */
	batch(index: number, options?: BatchOptions): BatchScope;
	batch<Result>(
		index: number,
		first?: BatchOptions | BatchBody<Result>,
		second?: BatchBody<Result>,
	): Result | BatchScope {
		const {options, body} = splitArguments<BatchOptions, BatchBody<Result>>(first, second);
		const {message = 'batch', items, ...style} = options;
		if (items !== undefined) {
			requireItems(items);
		}

		const {flow, range} = this.openScoped(message, {...style, batchIdx: index});
		const scope = new BatchScope(range, (outcome) => this.ranges.end(range, outcome));
		scope.items = items;
		return body === undefined ? scope : runScope(scope, range, flow, body);
	}

	/** The function with a range around every call of it. */
	annotate<This, Parameters extends unknown[], Result>(
		message: string,
		called: (this: This, ...parameters: Parameters) => Result,
		options: RangeOptions = noOptions,
	): (this: This, ...parameters: Parameters) => Result {
		// eslint-disable-next-line @typescript-eslint/no-this-alias -- two of them: ours and the called function's
		const perf = this;
		return function annotated(...parameters) {
			return perf.range(message, options, () => called.apply(this, parameters));
		};
	}

	/**
	 * To be called once all ranges have ended: writes benchmark.json for the launcher and returns what it holds. When
	 * not benchmarking, it writes nothing and returns {}.
	 * @throws AnnotationError "still-open"
	 */
	finalize(): Partial<Placeholder> {
		const open = this.ranges.openPaths();
		if (open.length > 0) {
			const names = open.map((name) => JSON.stringify(name)).join(', ');
			throw new AnnotationError('still-open', `finalize: ${names} was pushed and not popped`);
		}

		flushProgress();
		const placeholder = this.ranges.log?.toPlaceholder(this.meta);
		if (placeholder !== undefined && this.folder !== undefined) {
			const file = path.join(this.folder, 'benchmark.json');
			const temporary = `${file}.${process.pid}.tmp`;
			writeFileSync(temporary, `${JSON.stringify(placeholder, null, '\t')}\n`);
			renameSync(temporary, file);
		}

		return placeholder ?? {};
	}

	private openScoped(message: string, options: PushOptions): {flow: Flow; range: OpenRange} {
		const flow = currentFlow();
		return {flow, range: this.ranges.open(flow, message, options, true)};
	}
}

const splitArguments = <Options extends object, Body>(
	first: Options | Body | undefined,
	second: Body | undefined,
): {options: Options; body: Body | undefined} =>
	typeof first === 'function'
		? {options: noOptions as Options, body: first}
		: {options: (first ?? noOptions) as Options, body: second};

/** The name by which users of the Python side know it. */
export {BenchmarkPerf as CvCudaPerf};
