/** One input of `benchmark ranges`: what is read of an export while it is there, and the timeline that is written of it. */

import {closeSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {messageOf, systemCodeOf, ToolError, UserError} from '../base/errors.ts';
import {readKernelNames} from '../nsys-parsers/kernel-names.ts';
import type {RowNames} from '../nsys-parsers/kernel-names.ts';
import {findPaths} from '../nsys-parsers/range-reports.ts';
import type {RangePaths} from '../nsys-parsers/range-reports.ts';
import {listTimeline} from '../nsys-parsers/range-timeline.ts';
import {readCountedTrace, readDetailedTrace} from '../nsys-parsers/read-trace.ts';
import type {CpuSide, DetailedTrace, ReadTraceOptions} from '../nsys-parsers/read-trace.ts';
import {readTimelineColumns} from '../nsys-parsers/timeline-columns.ts';
import {writeChromeTrace} from '../report/chrome-trace.ts';
import type {Timeline} from '../schemas/timeline.ts';

export interface RangeInput extends Pick<DetailedTrace, 'trace' | 'startEndRanges'> {
	/** Undefined unless they are asked for: they take memory. */
	readonly details: DetailedTrace | undefined;
	/** Undefined unless they are asked for. */
	readonly kernels: RowNames | undefined;
	/** Undefined where there are details. */
	readonly paths: RangePaths | undefined;
}

export interface RangeInputOptions extends Pick<
	ReadTraceOptions,
	'cudaGraphs' | 'attributeThreads'
> {
	/** Whether more than the Trace is wanted. */
	readonly details: boolean;
	/** Whether kernels' names are wanted. */
	readonly kernels: boolean;
	/** Absolute path; undefined where no timeline is wanted. */
	readonly timeline: string | undefined;
}

const openTimeline = (file: string): number => {
	try {
		return openSync(file, 'w');
	} catch (error) {
		throw new UserError(`no timeline can be written there: ${messageOf(error)}`, {
			next: 'Give --chrome-trace a file in a folder that exists and that you may write to.',
			cause: error,
		});
	}
};

/** Written under another name first: what stands under its own is whole. */
const writeTimeline = (timeline: Timeline, file: string): void => {
	const unfinished = `${file}.${process.pid}.tmp`;
	const descriptor = openTimeline(unfinished);
	try {
		for (const piece of writeChromeTrace(timeline)) {
			writeFileSync(descriptor, piece);
		}

		renameSync(unfinished, file);
	} catch (error) {
		if (systemCodeOf(error) === undefined) {
			throw error;
		}

		throw new ToolError(`${file} cannot be written: ${messageOf(error)}`, {cause: error});
	} finally {
		closeSync(descriptor);
		rmSync(unfinished, {force: true});
	}
};

/** Paths are found while the GPU side is still being read. */
const readForPaths = (exported: string, options: ReadTraceOptions): RangeInput => {
	const found: RangePaths[] = [];
	const onRanges = (cpu: CpuSide): void => {
		found.push(findPaths(cpu));
	};

	const read = readCountedTrace(exported, {...options, onRanges});
	return {...read, details: undefined, kernels: undefined, paths: found.at(-1)};
};

/** @throws UserError when the export is missing, unreadable, damaged, or none of nsys; ToolError when the disk fails */
export const readRangeInput = (
	exported: string,
	{details, kernels, timeline, ...options}: RangeInputOptions,
): RangeInput => {
	if (!details && timeline === undefined) {
		return readForPaths(exported, options);
	}

	const read = readDetailedTrace(exported, {...options, startEndRanges: true});
	if (timeline !== undefined) {
		const columns = readTimelineColumns(exported, options.cudaGraphs ?? true);
		writeTimeline(listTimeline(read, columns), timeline);
	}

	const {trace, startEndRanges} = read;
	const names = kernels ? readKernelNames(exported, 'demangled') : undefined;
	return {
		trace,
		startEndRanges,
		details: details ? read : undefined,
		kernels: names,
		paths: undefined,
	};
};
