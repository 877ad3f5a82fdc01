/** What a reader of one process's numbers must know of its batches. */

import type {Warning} from '../schemas/warning.ts';
import {countsAsBatch, type Batch, type Holder} from './holder.ts';
import type {HolderResult, ResultTree} from './result-tree.ts';
import {widestWarmup} from './warm-up.ts';

const plural = (count: number, one: string, many: string): string =>
	`${count} ${count === 1 ? one : many}`;

const warnOfBatches = (batches: readonly Batch[]): readonly Warning[] => {
	const unfinished = batches.filter((batch) => batch.unfinished).length;
	const unsaid = batches.filter((batch) => !batch.unfinished && batch.items === null).length;
	const warnings: Warning[] = [];
	if (unfinished > 0) {
		warnings.push({
			code: 'unfinished-batches',
			message: `${plural(unfinished, 'batch was', 'batches were')} never ended and does not count: only \`data\` has it. Did the program stop early, or forget a pop?`,
		});
	}

	if (unsaid > 0) {
		warnings.push({
			code: 'batches-without-items',
			message: `${plural(unsaid, 'batch', 'batches')} never got a number of items and does not count: only \`data\` has it. Give total_items when the batch ends.`,
		});
	}

	return warnings;
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
			message: `The warm-up batches of "${negative.path}" took more time together than the range around them: their work overlaps on the GPU. What would be negative without warm-up is kept at 0; use the batches' own times instead.`,
		});
	}

	if (threaded !== undefined) {
		warnings.push({
			code: 'mean-of-threads',
			message: `"${threaded.path}" ran on ${threaded.holder.threads} threads: its times, items and throughput are the mean of one thread, not their sum.`,
		});
	}

	return warnings;
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
	...warnOfBatches(
		result.holders.flatMap(({holder}) => holder.batches.filter((batch) => !countsAsBatch(batch))),
	),
	...warnOfEmpty(result.holders, warmupBatches),
	...warnOfHolders(result.holders),
	...warnOfNames(result),
];
