/** What a benchmarked program imports, under the name nsys-benchmark/annotations. */

export {AnnotationError, type AnnotationErrorCode} from './annotation-error.ts';
export {BenchmarkPerf, CvCudaPerf} from './benchmark-perf.ts';
export type {Color} from './color.ts';
export {type ArgumentOption, ArgumentParser} from './argument-parser.ts';
export {
	type DefaultArgs,
	getDefaultArgParser,
	parseValidateDefaultArgs,
	type ParserOptions,
} from './default-args.ts';
export {
	type EventOptions,
	isTracing,
	mark,
	rangeEnd,
	rangePop,
	rangePush,
	rangeStart,
	type StartedRange,
} from './nvtx.ts';
export type {PerfDefaults} from './perf-meta.ts';
export type {
	BatchOptions,
	PopOptions,
	PushOptions,
	RangeOptions,
	RangeOutcome,
} from './perf-options.ts';
export type {Placeholder} from './range-log.ts';
export type {BatchScope, RangeScope} from './scope.ts';
