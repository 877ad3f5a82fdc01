/** Warnings, notes and failures as a list: what a reader of the numbers must know. */

import {formatText} from '../cell-text.ts';
import {markup, Markup, nothing, type Content} from './markup.ts';

export interface PageNote {
	/** note: what small runs always have, no reason for alarm. */
	readonly kind: 'note' | 'warning' | 'failure';
	readonly message: string;
	/** Below it. */
	readonly more?: Content;
}

/** A message may quote names of any length. */
const longestMessage = 1000;
/** Further ones are counted. */
const mostNotes = 60;

const rank = {failure: 0, warning: 1, note: 2} as const;

export const countNotes = (notes: readonly PageNote[], kind: PageNote['kind']): number =>
	notes.filter((note) => note.kind === kind).length;

export const writeNotes = (notes: readonly PageNote[]): Markup => {
	const sorted = notes.toSorted((a, b) => rank[a.kind] - rank[b.kind]);
	const hidden = sorted.length - mostNotes;
	return notes.length === 0
		? nothing
		: markup`<ul class="notes">
				${sorted.slice(0, mostNotes).map(
					({kind, message, more}) =>
						markup`<li class="${kind}">
								<b>${kind}:</b> ${formatText(message, longestMessage)}${more ?? nothing}
							</li>
`,
				)}${hidden > 0 ? markup`<li class="note">... and ${hidden} more: the files have all</li>` : nothing}
			</ul>
`;
};
