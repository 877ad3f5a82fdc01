/** Pictures in a page: those that are drawn for it stand in it as SVG, those that were read from a file as images. */

import {styleSheet} from '../charts/style.ts';
import {markup, Markup} from './markup.ts';

export type Picture =
	/** SVG text of report/: its names are escaped there. */
	| {readonly kind: 'drawn'; readonly svg: string}
	/** SVG that somebody could have changed: as an image it cannot run or load anything. */
	| {readonly kind: 'file'; readonly svg: string; readonly description: string};

const prolog = /^<\?xml[^>]*\?>\s*/;

/** All pictures have the same style sheet: it stands in the page once. */
const inlineSvg = (svg: string): Markup =>
	new Markup(svg.replace(prolog, '').replace(`<style>${styleSheet}</style>`, '').trim());

export const writePicture = (picture: Picture): Markup => {
	if (picture.kind === 'drawn') {
		return markup`<figure>${inlineSvg(picture.svg)}</figure>`;
	}

	const data = Buffer.from(picture.svg, 'utf8').toString('base64');
	return markup`<figure>
		<img src="data:image/svg+xml;base64,${data}" alt="${picture.description}" />
	</figure>`;
};
