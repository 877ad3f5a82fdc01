/** What a reader of a trace's numbers must know, in sentences. */

import {formatDecimal} from '../base/decimal-text.ts';
import type * as z from 'zod';
import {plural} from '../base/plural.ts';
import type {Warning} from '../schemas/warning.ts';
import type {GpuWork, WorkShare} from './gpu-work.ts';
import type {diagnostics} from './queries/diagnostics.ts';

/** "1 range was", "2 ranges were". */
export const were = (amount: number, noun: string): string =>
	`${plural(amount, noun)} ${amount === 1 ? 'was' : 'were'}`;

/** "36 %"; never 0 % of something, nor 100 % of less than all. */
const share = (part: number, whole: number): string => {
	const percent = whole === 0 ? 0 : (100 * part) / whole;
	if (part > 0 && percent < 1) {
		return 'less than 1 %';
	}

	return part < whole && percent > 99 ? 'more than 99 %' : `${Math.round(percent)} %`;
};

/** A warning about `amount` things, or none where there are none. */
export const about = (amount: number, code: string, message: () => string): Warning[] =>
	amount === 0 ? [] : [{code, message: message()}];

/** Counts of what is odd about a trace's ranges and marks. */
export interface RangeOddities {
	readonly ranges: number;
	/** Never popped, or their pop was lost. */
	readonly unfinished: number;
	/** Of these: exported without an end. */
	readonly withoutEnd: number;
	/** End before their start. */
	readonly reversed: number;
	/** Identical with the range around them. */
	readonly identical: number;
	/** Marks whose text is no mark. */
	readonly malformedMarks: readonly string[];
	/** Marks outside of every range. */
	readonly homelessMarks: number;
}

const warnOfEnds = (odd: RangeOddities): Warning[] => [
	...about(
		odd.unfinished,
		'unfinished-ranges',
		() =>
			`${were(odd.unfinished, 'range')} never popped, or the profiler lost the pop: ` +
			'the time until the end of the trace is counted.',
	),
	...about(
		odd.withoutEnd,
		'ranges-without-end',
		() =>
			`${were(odd.withoutEnd, 'range')} exported without an end: the latest end of any range is taken, as NVIDIA does.`,
	),
	...about(
		odd.reversed,
		'reversed-ranges',
		() =>
			`${were(odd.reversed, 'range')} recorded with an end before the start: counted as 0 ns long.`,
	),
];

export const warnOfRanges = (odd: RangeOddities): Warning[] => [
	...(odd.ranges === 0
		? [
				{
					code: 'no-ranges',
					message:
						'No NVTX push/pop range was recorded: is the program annotated, and did it run under the profiler?',
				},
			]
		: []),
	...warnOfEnds(odd),
	...about(
		odd.identical,
		'identical-ranges',
		() =>
			`${were(odd.identical, 'range')} recorded with the same start and end as the range around: ` +
			'the one recorded first is taken as the outer one. `nsys stats` leaves both out.',
	),
	...about(
		odd.malformedMarks.length,
		'malformed-marks',
		() =>
			`${were(odd.malformedMarks.length, 'annotation mark')} not understood and left out, ` +
			`the first being ${String(odd.malformedMarks[0])}. Was the program annotated with a newer version?`,
	),
	...about(
		odd.homelessMarks,
		'homeless-marks',
		() =>
			`${were(odd.homelessMarks, 'annotation mark')} outside of every range and left out: ` +
			'the ranges that they speak of were not recorded.',
	),
];

const reasonsOf = ({withoutCall, outsideRanges, otherThread}: GpuWork): string => {
	const reasons: readonly (readonly [WorkShare, string])[] = [
		[
			otherThread,
			'launched by a thread that had none open while another one had (--attribute-threads gives them to that one)',
		],
		[outsideRanges, 'launched while no range was open'],
		[withoutCall, 'launched by a call that was not recorded'],
	];
	return reasons
		.filter(([{operations}]) => operations > 0)
		.map(([{operations}, reason]) => `${formatDecimal(operations)} ${reason}`)
		.join('; ');
};

export const warnOfGpuWork = (work: GpuWork): Warning[] => [
	...about(
		work.unattributed.operations,
		'unattributed-gpu-work',
		() =>
			`${share(work.unattributed.timeNs, work.timeNs)} of the GPU time ` +
			`(${plural(work.unattributed.operations, 'operation')} of ${formatDecimal(work.operations)}) ` +
			`is in no range: ${reasonsOf(work)}.`,
	),
	...about(
		work.withoutCall.operations,
		'gpu-work-without-call',
		() =>
			`${were(work.withoutCall.operations, 'GPU operation')} recorded without a call of the CUDA API: ` +
			'nobody can tell which range launched them. They were probably launched before the capture began.',
	),
	...about(
		work.withoutTimes,
		'gpu-work-without-times',
		() =>
			`${were(work.withoutTimes, 'GPU operation')} recorded with impossible times (none, or an end before the start): ` +
			"counted, but in no GPU time, except where NVIDIA's rules were asked for.",
	),
	...about(
		work.graphs.operations,
		'whole-cuda-graphs',
		() =>
			`${share(work.graphs.timeNs, work.timeNs)} of the GPU time is in CUDA graphs that were traced as a whole: ` +
			'each launch counts as one operation, its inner gaps as busy. ' +
			'Profile with --cuda-graph-trace=node to see the kernels.',
	),
];

/** Nsys reports much that costs nobody a number ("no OpenGL events"); these words tell of data that is missing. */
const tellsOfLoss =
	/not all|might be missing|dropped|lost|incomplete|overflow|could ?n[o']t allocate|out of memory|insufficient|permission|privilege/i;

const severityError = 3n;

export const warnOfDiagnostics = (rows: readonly z.infer<typeof diagnostics.row>[]): Warning[] =>
	rows
		.filter(({severity, text}) => severity >= severityError || tellsOfLoss.test(text))
		.map(({severity, text, times}) => ({
			code: severity >= severityError ? 'profiler-error' : 'profiler-loss',
			message: `nsys says${times > 1n ? ` (${times} times)` : ''}: ${text.trim()}`,
		}));

/** @param columns "TABLE.column", as the export's tables lack them */
export const warnOfOldExport = (columns: readonly string[]): Warning[] =>
	about(
		columns.length,
		'old-export',
		() =>
			`This export lacks ${columns.join(', ')}: GPU times that need it are missing. ` +
			'Export the report again with a newer nsys.',
	);
