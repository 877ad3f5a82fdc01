/**
 * JSON of other writers: NaN and infinities, which JSON does not know and Python writes, come back as the numbers that
 * they are; and what of a value is not as a schema has it.
 */

import type * as z from 'zod';

const bareNumber = /"(?:[^"\\]|\\[^])*"|-?\b(?:NaN|Infinity)\b/g;

/** No text that another tool writes begins so. */
const mark = '\u0001';

/** @throws SyntaxError for what is no JSON even so */
export const parseLenientJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (!/\b(?:NaN|Infinity)\b/.test(text)) {
			throw error;
		}
	}

	const quoted = text.replaceAll(bareNumber, (token) =>
		token.startsWith('"') ? token : JSON.stringify(mark + token),
	);
	return JSON.parse(quoted, (_key, value: unknown) =>
		typeof value === 'string' && value.startsWith(mark) ? Number(value.slice(1)) : value,
	);
};

/** Deepest nesting of braces and brackets. Recursion over what is nested far deeper runs out of stack. */
export const measureDepth = (text: string): number => {
	let [depth, deepest] = [0, 0];
	for (const [token] of text.matchAll(/"(?:[^"\\]|\\[^])*"|[[\]{}]/g)) {
		if (token === '{' || token === '[') {
			deepest = Math.max(deepest, ++depth);
		} else if (token === '}' || token === ']') {
			depth--;
		}
	}

	return deepest;
};

export type Checked<Value> =
	| {readonly kind: 'fits'; readonly data: Value}
	/** One line: where it is, and what is wrong there. */
	| {readonly kind: 'misfit'; readonly problem: string};

export const checkShape = <Schema extends z.ZodType>(
	schema: Schema,
	value: unknown,
): Checked<z.output<Schema>> => {
	const parsed = schema.safeParse(value);
	if (parsed.success) {
		return {kind: 'fits', data: parsed.data};
	}

	const [first] = parsed.error.issues;
	return {
		kind: 'misfit',
		problem: first === undefined ? 'unknown' : `${first.path.join(' > ')}: ${first.message}`,
	};
};
