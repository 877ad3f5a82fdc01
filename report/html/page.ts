/**
 * A whole page: one file, nothing loaded from anywhere, readable without its script. The policy in its head holds that
 * even for what should have slipped through.
 */

import {createHash} from 'node:crypto';
import {pageMark} from '../../schemas/page-file.ts';
import {formatText} from '../cell-text.ts';
import {styleSheet as pictureStyle} from '../charts/style.ts';
import {markup, Markup, nothing, type Content} from './markup.ts';
import {pageScript} from './page-script.ts';
import {pageStyle} from './page-style.ts';

export interface Section {
	/** For links inside the page: letters and dashes. */
	readonly id: string;
	readonly title: string;
	readonly content: Content;
}

export interface Page {
	readonly title: string;
	/** One line below it. */
	readonly subtitle: string;
	/** Above the first section. */
	readonly lead: Content;
	readonly sections: readonly Section[];
	/** Of this package. */
	readonly version: string;
}

const longestTitle = 120;

const policy = [
	"default-src 'none'",
	"style-src 'unsafe-inline'",
	'img-src data:',
	`script-src 'sha256-${createHash('sha256').update(pageScript).digest('base64')}'`,
	"base-uri 'none'",
	"form-action 'none'",
].join('; ');

const writeNavigation = (sections: readonly Section[]): Markup =>
	sections.length < 2
		? nothing
		: markup`<nav aria-label="Sections">
				<ul>
					${sections.map(
						({id, title}) => markup`<li><a href="#${id}">${title}</a></li>
`,
					)}
				</ul>
			</nav>`;

const writeSection = ({id, title, content}: Section): Markup =>
	markup`<section id="${id}" aria-labelledby="${id}-title">
		<h2 id="${id}-title">${title}</h2>
		${content}
	</section>
`;

export const writePage = ({title, subtitle, lead, sections, version}: Page): string => {
	const name = formatText(title, longestTitle);
	return String(
		markup`<!DOCTYPE html>
			<html lang="en">
				<head>
					<meta charset="utf-8" />
					${new Markup(pageMark)}
					<meta http-equiv="Content-Security-Policy" content="${policy}" />
					<meta name="viewport" content="width=device-width, initial-scale=1" />
					<meta name="color-scheme" content="light dark" />
					<title>${name} - benchmark</title>
					${new Markup(`<style>${pageStyle}${pictureStyle}</style>`)}
				</head>
				<body>
					<a class="skip" href="#main">Skip to the content</a>
					<header>
						<h1>${name}</h1>
						<p class="subtitle">${subtitle}</p>
					</header>
					${writeNavigation(sections)}
					<main id="main">${lead} ${sections.map(writeSection)}</main>
					<footer>
						<p>
							Written by nsys-benchmark ${version}. Times are in milliseconds. Every number is that
							of the files linked here.
						</p>
					</footer>
					${new Markup(`<script>${pageScript}</script>`)}
				</body>
			</html>
`,
	);
};
