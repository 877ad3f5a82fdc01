/** Stable names of what can be wrong with a program's annotations; the message says it for people. */
export type AnnotationErrorCode =
	| 'bad-argument'
	| 'bad-color'
	| 'generator-in-scope'
	| 'interleaved'
	| 'items-outside-batch'
	| 'nothing-open'
	| 'still-open'
	| 'wrong-domain'
	| 'wrong-owner';

/** A benchmarked program uses its annotations wrongly. Thrown whether or not a profiler is attached. */
export class AnnotationError extends Error {
	override readonly name = 'AnnotationError';
	readonly code: AnnotationErrorCode;

	constructor(code: AnnotationErrorCode, message: string) {
		super(message);
		this.code = code;
	}
}
