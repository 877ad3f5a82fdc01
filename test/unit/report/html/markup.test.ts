/** Whatever stands in a page as text is text: for any string, in an element and in an attribute. */

import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {attribute, markup} from '../../../../report/html/markup.ts';
import {attributeOf, findAll, parsePage, textOf} from '../../../support/html.ts';

/** Strings of what matters in HTML, and of any characters, half pairs among them. */
const hostile = fc.oneof(
	fc.string({unit: 'binary'}),
	fc
		.array(
			fc.constantFrom(
				'<',
				'>',
				'"',
				"'",
				'&',
				'=',
				'</script>',
				'<script>alert(1)</script>',
				'<!--',
				'-->',
				']]>',
				'&amp;',
				'&#60;',
				'javascript:',
				'\u202e',
				'\u2066',
				'\0',
				'\r\n',
				'\n',
				'`',
				'${x}',
				'\ud800',
				'/',
				' ',
				'x',
			),
		)
		.map((parts) => parts.join('')),
);

/** What cannot stand in a page at all, and is shown as an escape. */
const shown = /^[\t\n\r\u0020-\u007e\u00a0-\u0600]*$/;

describe('markup', () => {
	it('never lets a value out of its place', () => {
		fc.assert(
			fc.property(hostile, hostile, (text, title) => {
				const page = `<!DOCTYPE html><title>t</title><p title="a">${String(
					markup`<b title="${title}"${attribute('data-x', text)}>${text}</b>`,
				)}</p>`;
				const {root} = parsePage(page);
				const names = findAll(root, '*').map(({tagName}) => tagName);
				expect(names).toEqual(['html', 'head', 'title', 'body', 'p', 'b']);
				const [element] = findAll(root, 'b');
				const names2 = element?.attrs.map(({name}) => name);
				expect(names2).toEqual(['title', 'data-x']);
				expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]|\p{Cs}/u);
				if (element !== undefined && shown.test(text)) {
					expect(textOf(element)).toBe(text);
					expect(attributeOf(element, 'data-x')).toBe(text);
				}
			}),
			{numRuns: 500},
		);
	});

	it('escapes once, and lists too', () => {
		const inner = markup`<i>${'a & b'}</i>`;
		expect(String(markup`<p>${[inner, '<', 1]}</p>`)).toBe('<p><i>a &amp; b</i>&lt;1</p>');
	});

	it('refuses places where escaping would not help', () => {
		const name = 'x onload=alert(1)';
		expect(() => markup`<p class=${name}>`).toThrow(/no value may stand here/);
		expect(() => markup`<script>${name}</script>`).toThrow(/no value may stand here/);
		expect(() => markup`<style>a{${name}}</style>`).toThrow(/no value may stand here/);
	});
});
