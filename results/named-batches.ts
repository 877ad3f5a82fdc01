/** Batches by the names of ranges: how a program is measured that says nothing of batches itself. */

import {UserError} from '../base/errors.ts';
import type {Trace} from '../schemas/trace.ts';
import type {Warning} from '../schemas/warning.ts';
import {foldSpans, nameVariants, type FoldedName} from './batch-name.ts';
import type {BatchFact, BatchSource} from './batch-facts.ts';

/** With positions of the groups, and without the flags that make a match depend on the one before. */
const prepare = (pattern: RegExp): RegExp => {
	if (!pattern.source.includes('(?<index>')) {
		throw new UserError(`The batch pattern ${pattern.source} has no group named "index"`, {
			next: 'Name the part that numbers the batch, as in --batch "^frame_(?<index>\\d+)$".',
		});
	}

	return new RegExp(pattern.source, `${pattern.flags.replaceAll(/[dgy]/g, '')}d`);
};

const wholeNumber = (text: string | undefined): number | null =>
	text !== undefined && /^\d+$/.test(text) ? Number(text) : null;

/** Both groups give way: "frame 3 of 8" and "frame 4 of 5" are batches of one series. */
const foldGroups = (name: string, match: RegExpExecArray): FoldedName => {
	const {index, items} = match.indices?.groups ?? {};
	return foldSpans(
		name,
		[index, items].filter((span) => span !== undefined),
	);
};

const matchName = (name: string, pattern: RegExp, countsItems: boolean): BatchFact | null => {
	for (const variant of nameVariants(name)) {
		const match = pattern.exec(variant);
		const index = wholeNumber(match?.groups?.['index']);
		if (match !== null && index !== null) {
			const items = countsItems ? wholeNumber(match.groups?.['items']) : 1;
			const [first = '', ...others] = foldGroups(variant, match);
			const domain = name.slice(0, name.length - variant.length);
			return {index, items, foldedName: [`${domain}${first}`, ...others]};
		}
	}

	return null;
};

const warn = (pattern: RegExp, found: number, countsItems: boolean): readonly Warning[] => {
	if (found === 0) {
		return [
			{
				code: 'no-batches',
				message: `No range is a batch: none of the names matches ${pattern.source}, and the program marks none. Numbers are per process, without warm-up. Name the batches with --batch, or mark them with the annotation library.`,
			},
		];
	}

	return countsItems
		? []
		: [
				{
					code: 'items-assumed',
					message: `Every batch counts as one item: ${pattern.source} has no group named "items". Per-item times are times per batch.`,
				},
			];
};

/** @throws UserError for a pattern without the named group `index` */
export const findNamedBatches = (trace: Trace, batchPattern: RegExp): BatchSource => {
	const pattern = prepare(batchPattern);
	const countsItems = pattern.source.includes('(?<items>');
	const byName = trace.names.map((name) => matchName(name, pattern, countsItems));
	const batches = new Map<number, BatchFact>();
	for (let range = 0; range < trace.ranges.length; range++) {
		const fact = byName[trace.ranges.name[range] ?? 0];
		if (fact !== null && fact !== undefined) {
			batches.set(range, fact);
		}
	}

	return {
		kind: 'pattern',
		batches,
		deleted: new Set(),
		objects: new Map(),
		object: null,
		warnings: warn(batchPattern, batches.size, countsItems),
	};
};
