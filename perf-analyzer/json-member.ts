/**
 * Changes one member of a JSON object in its text. Parsed and written anew, whole numbers past 2^53 would come out as
 * others, and a model's configuration may hold some.
 */

const token = /"(?:[^"\\]|\\[^])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * @param text a JSON object
 * @param written the new value, as JSON
 */
export const replaceMember = (text: string, name: string, written: string): string => {
	const tokens = [...text.matchAll(token)];
	const opens = (part: string | undefined): boolean => part === '{' || part === '[';
	let depth = 0;
	for (const [index, {0: part, index: at}] of tokens.entries()) {
		const isKey = depth === 1 && tokens[index + 1]?.[0] === ':' && part.startsWith('"');
		if (isKey && JSON.parse(part) === name) {
			const start = tokens[index + 2]?.index ?? at;
			let [end, inside] = [index + 2, 0];
			do {
				const found = tokens[end]?.[0];
				inside += opens(found) ? 1 : found === '}' || found === ']' ? -1 : 0;
				end += 1;
			} while (inside > 0 && end < tokens.length);

			const last = tokens[end - 1];
			const rest = (last?.index ?? 0) + (last?.[0].length ?? 0);
			return text.slice(0, start) + written + text.slice(rest);
		}

		depth += opens(part) ? 1 : part === '}' || part === ']' ? -1 : 0;
	}

	const close = text.lastIndexOf('}');
	const comma = tokens.length > 2 ? ',' : '';
	return `${text.slice(0, close)}${comma}${JSON.stringify(name)}:${written}${text.slice(close)}`;
};
