/**
 * Reads XML 1.0 as strictly as its grammar has it, and shares nothing with the writer: elements, attributes in double quotes,
 * text, and references; anything else is an error, as are characters that XML forbids.
 */

export interface XmlElement {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly children: readonly XmlElement[];
	/** Its own, that of its children left out. */
	readonly text: string;
}

const isAllowed = (code: number): boolean =>
	[0x9, 0xa, 0xd].includes(code) ||
	(code >= 0x20 && code <= 0xd7ff) ||
	(code >= 0xe000 && code <= 0xfffd) ||
	(code >= 0x10000 && code <= 0x10ffff);

const named: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};

const decode = (raw: string): string => {
	if (/&(?!(?:amp|lt|gt|quot|apos|#\d+);)|<|\]\]>/.test(raw)) {
		throw new Error(`not XML: ${JSON.stringify(raw)}`);
	}

	return raw.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) => {
		const text = code === undefined ? named[name] : String.fromCodePoint(Number(code));
		if (text === undefined || (code !== undefined && !isAllowed(Number(code)))) {
			throw new Error(`not XML: a reference to nothing in ${JSON.stringify(raw)}`);
		}

		return text;
	});
};

const readAttributes = (raw: string): Record<string, string> => {
	const attributes: Record<string, string> = {};
	const rest = raw.replaceAll(/\s+([\w-]+)="([^"]*)"/g, (_, name: string, value: string) => {
		if (Object.hasOwn(attributes, name)) {
			throw new Error(`not XML: ${name} twice`);
		}

		// What stands there as it is becomes a blank; only references keep it.
		attributes[name] = decode(value.replaceAll(/[\t\n\r]/g, ' '));
		return '';
	});
	if (rest.trim() !== '') {
		throw new Error(`not XML: ${JSON.stringify(rest)} among attributes`);
	}

	return attributes;
};

interface OpenElement {
	readonly name: string;
	readonly attributes: Record<string, string>;
	readonly children: XmlElement[];
	text: string;
}

export const parseXml = (document: string): XmlElement => {
	for (const character of document) {
		if (!isAllowed(character.codePointAt(0) ?? 0)) {
			throw new Error(`not XML: the character ${JSON.stringify(character)}`);
		}
	}

	const root: OpenElement = {name: '', attributes: {}, children: [], text: ''};
	const open = [root];
	const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>/, '');
	for (const [, text = '', tag] of body.matchAll(/([^<]*)(?:<([^<>"]*(?:"[^"]*"[^<>"]*)*)>|$)/g)) {
		const top = open.at(-1) ?? root;
		top.text += decode(text);
		if (tag?.startsWith('/') === true) {
			if (open.length === 1 || tag.slice(1) !== top.name) {
				throw new Error(`not XML: <${tag}> closes <${top.name}>`);
			}

			open.pop();
			continue;
		}

		if (tag !== undefined) {
			const [, name = '', attributes = '', end] = /^([A-Za-z][\w-]*)([^]*?)(\/?)$/.exec(tag) ?? [];
			const element = {name, attributes: readAttributes(attributes), children: [], text: ''};
			top.children.push(element);
			open.push(...(end === '/' ? [] : [element]));
		}
	}

	const [only, ...more] = root.children;
	if (only === undefined || more.length > 0 || open.length > 1 || root.text.trim() !== '') {
		throw new Error('not XML: not one element that is closed');
	}

	return only;
};

/** All elements of that name, in order. */
export const findElements = (element: XmlElement, name: string): readonly XmlElement[] => [
	...(element.name === name ? [element] : []),
	...element.children.flatMap((child) => findElements(child, name)),
];
