/** A state that the code before it excludes. Reaching it is a bug of ours (exit code 70). */
export function assert(condition: unknown, message: string): asserts condition {
	if (condition === false || condition === null || condition === undefined) {
		throw new Error(`assertion failed: ${message}`);
	}
}
