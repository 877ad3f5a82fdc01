/** Links from a page to files beside it. They are relative: the folder may be copied or sent with its page. */

import {formatBytes, formatText} from '../cell-text.ts';
import {markup, Markup, type Content} from './markup.ts';
import {textCell, writeTable} from './table.ts';

export interface FileLink {
	/** As it is shown: relative to the folder that the page is about. */
	readonly name: string;
	/** Relative to the page, with "/" between its elements, not encoded yet. */
	readonly target: string;
	/** null: a folder. */
	readonly bytes: number | null;
	/** What it holds. */
	readonly holds: string;
}

/** Every element by itself: no name can become a scheme, a query or a fragment. */
const encodeTarget = (target: string): string =>
	target
		.split('/')
		.map((element) => encodeURIComponent(element.replaceAll(/\p{Cs}/gu, '\ufffd')))
		.join('/');

export const writeLink = ({target}: Pick<FileLink, 'target'>, content: Content): Markup =>
	markup`<a href="${encodeTarget(target)}">${content}</a>`;

const longestName = 120;

export const writeFiles = (files: readonly FileLink[], caption: string): Markup =>
	writeTable({
		caption,
		rows: files,
		columns: [
			{
				title: 'file',
				align: 'left',
				cell: (file) => ({content: writeLink(file, formatText(file.name, longestName))}),
			},
			{title: 'holds', align: 'left', cell: ({holds}) => ({content: holds, wraps: true})},
			{
				title: 'size',
				align: 'right',
				cell: ({bytes}) =>
					bytes === null ? textCell('') : {content: formatBytes(bytes), value: bytes},
			},
		],
	});
