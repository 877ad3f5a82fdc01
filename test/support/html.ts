/** A page as a browser reads it: parsed by the rules of HTML, its elements found by name, attribute and text. */

import {parse, type DefaultTreeAdapterTypes} from 'parse5';
import {expect} from 'vitest';

type Node = DefaultTreeAdapterTypes.Node;
export type HtmlElement = DefaultTreeAdapterTypes.Element;

const childrenOf = (node: Node): readonly Node[] => ('childNodes' in node ? node.childNodes : []);

const isElement = (node: Node): node is HtmlElement => 'tagName' in node;

/** Where the parser had to guess what was meant. */
export interface ParsedPage {
	readonly root: Node;
	readonly errors: readonly string[];
}

export const parsePage = (text: string): ParsedPage => {
	const errors: string[] = [];
	const root = parse(text, {onParseError: ({code}) => errors.push(code)});
	return {root, errors};
};

/** In the order of the page. */
export const findAll = (
	root: Node,
	tagName: string,
	attributes: Readonly<Record<string, string>> = {},
): readonly HtmlElement[] =>
	childrenOf(root).flatMap((node) => [
		...(isElement(node) &&
		(tagName === '*' || node.tagName === tagName) &&
		Object.entries(attributes).every(([name, value]) => attributeOf(node, name) === value)
			? [node]
			: []),
		...findAll(node, tagName, attributes),
	]);

export const attributeOf = (element: HtmlElement, name: string): string | undefined =>
	element.attrs.find((attribute) => attribute.name === name)?.value;

export const textOf = (node: Node): string =>
	'value' in node ? node.value : childrenOf(node).map(textOf).join('');

/** Cells of each row, its header first. */
export const rowsOf = (table: HtmlElement): readonly (readonly HtmlElement[])[] =>
	findAll(table, 'tr').map((row) =>
		childrenOf(row).filter(
			(node): node is HtmlElement => isElement(node) && ['th', 'td'].includes(node.tagName),
		),
	);

const headingLevels = (root: Node): readonly number[] =>
	findAll(root, '*').flatMap(({tagName}) =>
		/^h[1-6]$/.test(tagName) ? [Number(tagName.slice(1))] : [],
	);

/** What every page of ours holds to, whatever it is about. */
export const expectSoundPage = (text: string): Node => {
	const {root, errors} = parsePage(text);
	expect(errors).toEqual([]);
	const ids = findAll(root, '*').flatMap((element) => attributeOf(element, 'id') ?? []);
	expect(new Set(ids).size).toBe(ids.length);
	for (const table of findAll(root, 'table')) {
		expect(findAll(table, 'caption')).toHaveLength(1);
		expect(findAll(table, 'th').filter((cell) => attributeOf(cell, 'scope') === undefined)).toEqual(
			[],
		);
	}

	// One script and one style of ours; nothing that is loaded, and no handler.
	expect(findAll(root, 'script')).toHaveLength(1);
	expect(findAll(root, 'link')).toEqual([]);
	const attributes = findAll(root, '*').flatMap(({attrs}) => attrs);
	expect(attributes.filter(({name}) => name.startsWith('on'))).toEqual([]);
	const sources = attributes.filter(({name}) => ['src', 'srcset', 'action'].includes(name));
	expect(sources.filter(({value}) => !value.startsWith('data:image/svg+xml;base64,'))).toEqual([]);
	for (const link of findAll(root, 'a')) {
		const target = attributeOf(link, 'href') ?? '';
		expect(target).not.toMatch(/^[a-z][a-z0-9+.-]*:|^\/\//i);
		expect(target.startsWith('#') ? ids : [target]).toContain(target.replace(/^#/, ''));
	}

	expect(findAll(root, 'img').every((image) => attributeOf(image, 'alt') !== undefined)).toBe(true);
	const levels = headingLevels(root);
	expect(levels.filter((level) => level === 1)).toHaveLength(1);
	expect(levels.every((level, place) => level <= (levels[place - 1] ?? 0) + 1)).toBe(true);
	expect(text).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
	return root;
};
