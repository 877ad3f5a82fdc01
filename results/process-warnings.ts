/** What a reader of one process's numbers must know of its batches. */

import {plural} from '../base/plural.ts';
import {toMilliseconds} from '../base/units.ts';
import type {Warning} from '../schemas/warning.ts';
import type {DeletedBatch} from './deleted-batches.ts';
import type {Batch, Holder} from './holder.ts';
import type {HolderResult, ResultTree} from './result-tree.ts';
import {widestWarmup} from './warm-up.ts';

type Stretch = Pick<DeletedBatch, 'startNs' | 'endNs'>;

/** "1,234.5 ms": of all threads together. */
const showTime = (stretches: readonly Stretch[]): string => {
	const ns = stretches.reduce((sum, {startNs, endNs}) => sum + endNs - startNs, 0);
	return `${toMilliseconds(ns).toLocaleString('en-US', {maximumFractionDigits: 6})} ms`;
};

const stretchesOf = (batches: readonly Batch[]): readonly Stretch[] =>
	batches.flatMap(({instances}) => instances);

const leftOut = (stretches: readonly Stretch[]): string =>
	`CPU time of ${showTime(stretches)} is left out of *_minus_warmup and throughput`;

const warnOfIdle = (empty: readonly Batch[], deleted: readonly DeletedBatch[]): Warning => {
	const parts = [
		...(empty.length > 0 ? [`${plural(empty.length, 'batch', 'batches')} of 0 items`] : []),
		...(deleted.length > 0 ? [plural(deleted.length, 'deleted batch', 'deleted batches')] : []),
	];
	return {
		code: 'uncounted-batches',
		message: `Not counted: ${parts.join(' and ')}; ${leftOut([...stretchesOf(empty), ...deleted])}.`,
	};
};

const warnOfBatches = (holders: readonly Holder[]): readonly Warning[] => {
	const uncounted = holders.flatMap((holder) => holder.uncounted);
	const unfinished = uncounted.filter((batch) => batch.unfinished);
	const unsaid = uncounted.filter((batch) => !batch.unfinished && batch.items === null);
	const empty = uncounted.filter((batch) => !batch.unfinished && batch.items !== null);
	const deleted = holders.flatMap((holder) => holder.deleted);
	const warnings: Warning[] = [];
	if (unfinished.length > 0) {
		warnings.push({
			code: 'unfinished-batches',
			message: `${plural(unfinished.length, 'batch was never ended and does', 'batches were never ended and do')} not count: only \`data\` has it, and ${leftOut(stretchesOf(unfinished))}. Did the program stop early, or forget a pop?`,
		});
	}

	if (unsaid.length > 0) {
		warnings.push({
			code: 'batches-without-items',
			message: `${plural(unsaid.length, 'batch never got a number of items and does', 'batches never got a number of items and do')} not count: only \`data\` has it, and ${leftOut(stretchesOf(unsaid))}. Give total_items when the batch ends.`,
		});
	}

	return empty.length + deleted.length > 0 ? [...warnings, warnOfIdle(empty, deleted)] : warnings;
};

const explainEmpty = ({holder, path}: HolderResult, warmupBatches: number): string => {
	const counting = holder.warmup.length;
	if (counting === 0) {
		return `No batch of "${path}" counts, so it has no means and no statistics.`;
	}

	const remedy = `Use -w ${widestWarmup(counting)}, or run at least ${2 * warmupBatches + 1} batches.`;
	return `NOTHING IS LEFT AFTER WARM-UP of "${path}": -w ${warmupBatches} leaves out the first ${warmupBatches} and the last ${warmupBatches} of its ${plural(counting, 'batch', 'batches')}. Its *_minus_warmup times are only the time between batches, and it has no means and no statistics. ${remedy}`;
};

const warnOfEmpty = (
	holders: readonly HolderResult[],
	warmupBatches: number,
): readonly Warning[] => {
	const empty = holders.filter(({holder}) => holder.measured.length === 0);
	const [first] = empty;
	if (first === undefined) {
		return [];
	}

	const others = empty.length > 1 ? ` The same holds for ${empty.length - 1} more.` : '';
	return [{code: 'no-batches-left', message: `${explainEmpty(first, warmupBatches)}${others}`}];
};

const isNegative = ({timesMinusWarmup: {cpu, gpu, gpuBusy}}: Holder): boolean =>
	cpu < 0 || gpu < 0 || gpuBusy < 0;

const warnOfHolders = (holders: readonly HolderResult[]): readonly Warning[] => {
	const negative = holders.find(({holder}) => isNegative(holder));
	const threaded = holders.find(({holder}) => holder.threads > 1);
	const warnings: Warning[] = [];
	if (negative !== undefined) {
		warnings.push({
			code: 'warm-up-overlaps',
			message: `The batches that are left out of "${negative.path}" took more time together than the range around them: their work overlaps on the GPU. What would be negative without warm-up is kept at 0; use the batches' own times instead.`,
		});
	}

	if (threaded !== undefined) {
		warnings.push({
			code: 'mean-of-threads',
			message: `"${threaded.path}" ran on ${threaded.holder.threads} threads: its times and items are the mean over them, not their sum, and its throughput is that of one thread.`,
		});
	}

	return warnings;
};

/** One for all holders that differ only in the batch around them. */
const warnOfPartialRanges = (holders: readonly HolderResult[]): readonly Warning[] => {
	const folded = new Map<string, HolderResult[]>();
	for (const holder of holders.filter(({partial}) => partial.partialPaths > 0)) {
		const alike = folded.get(holder.foldedPath) ?? [];
		folded.set(holder.foldedPath, alike);
		alike.push(holder);
	}

	return [...folded.values()].map(([first, ...others]) => {
		const {partialPaths = 0, partialExample = ''} = first?.partial ?? {};
		const more = others.length > 0 ? ` So it is in ${plural(others.length, 'more holder')}.` : '';
		return {
			code: 'partial-ranges',
			message: `${plural(partialPaths, 'path is', 'paths are')} not in every batch of "${first?.path ?? ''}", such as "${partialExample}": the mean is over the batches that have it.${more}`,
		};
	});
};

const warnOfNames = ({renamed}: ResultTree): readonly Warning[] =>
	renamed.size === 0
		? []
		: [
				{
					code: 'renamed-ranges',
					message: `Ranges named ${[...renamed].map((name) => `"${name}"`).join(', ')} are written with "#range" behind their name: the plain name means something else in the file.`,
				},
			];

export const listProcessWarnings = (
	result: ResultTree,
	warmupBatches: number,
): readonly Warning[] => [
	...warnOfBatches(result.holders.map(({holder}) => holder)),
	...warnOfEmpty(result.holders, warmupBatches),
	...warnOfHolders(result.holders),
	...warnOfPartialRanges(result.holders),
	...warnOfNames(result),
];
