/**
 * SVG text as PNG, by resvg. Fonts: Open Sans comes with the project, so that text is there and looks the same on
 * machines without fonts. Letters that it does not have are looked for in the system's fonts.
 */

import {createRequire} from 'node:module';
import {messageOf, ToolError} from '../../base/errors.ts';

const fontPackage = '@expo-google-fonts/open-sans';
const fontFiles = ['400Regular/OpenSans_400Regular.ttf', '600SemiBold/OpenSans_600SemiBold.ttf'];

/** Latin, Greek, Cyrillic, Hebrew and the signs of running text: what Open Sans has. */
const covered =
	/^[\n\t\u0020-\u007e\u00a0-\u017f\u0384-\u0513\u05d0-\u05ea\u1ea0-\u1ef9\u2010-\u203a]*$/u;

/** Twice the pixels of the SVG: sharp on dense screens and in print. */
const zoom = 2;

/**
 * @returns the file's bytes
 * @throws ToolError where resvg has no build for this machine, or refuses the picture
 */
export const renderPng = async (svg: string): Promise<Uint8Array> => {
	const {resolve} = createRequire(import.meta.url);
	try {
		const {Resvg} = await import('@resvg/resvg-js');
		const picture = new Resvg(svg, {
			fitTo: {mode: 'zoom', value: zoom},
			font: {
				fontFiles: fontFiles.map((file) => resolve(`${fontPackage}/${file}`)),
				loadSystemFonts: !covered.test(svg),
				defaultFontFamily: 'Open Sans',
				sansSerifFamily: 'Open Sans',
			},
		});
		return picture.render().asPng();
	} catch (error) {
		throw new ToolError(`a picture cannot be drawn as PNG: ${messageOf(error)}`, {
			next: 'The SVG is there; npm install brings what PNG needs (@resvg/resvg-js).',
			cause: error,
		});
	}
};
