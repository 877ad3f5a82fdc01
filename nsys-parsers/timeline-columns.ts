/**
 * What a timeline shows beside a DetailedTrace: where operations ran and what they and their calls are called. Read from
 * the export once more, since no other report needs it.
 */

import {explainSqliteError, openExport} from './export-file.ts';
import type {ExportFile} from './export-tables.ts';
import {operationTables} from './gpu-operations.ts';
import {NameIds, namesOfKernels} from './kernel-names.ts';
import type {RowNames} from './kernel-names.ts';
import {LaunchSlots} from './launch-numbers.ts';
import type {LaunchNumbers} from './launch-numbers.ts';
import {IndexList} from './lists.ts';
import {makeContext} from './row-block.ts';
import type {RowContext} from './row-block.ts';
import {withRows} from './export-rows.ts';
import type {RowSource} from './row-source.ts';
import {Tuples} from './tuples.ts';

/** A stream of a GPU, as one process sees both. null: the export does not say. */
export interface Stream {
	/** The process part of a packed id. */
	readonly process: number | null;
	/** The device's number in its process. */
	readonly device: number | null;
	readonly stream: number | null;
}

export interface TimelineColumns {
	/** By operation, in the order of GpuOperations: index into `streams`. */
	readonly streamOf: Int32Array;
	readonly streams: readonly Stream[];
	/** Short ones; operations begin with the kernels. */
	readonly kernels: RowNames;
	/** Of the calls that launched something, in the order of LaunchCalls. */
	readonly calls: RowNames;
}

const placeColumns = {
	globalPid: 'thread',
	correlationId: 'id',
	deviceId: 'id',
	streamId: 'id',
} as const;

const callColumns = {globalTid: 'thread', correlationId: 'id', nameId: 'id'} as const;

/** Stands for NULL: no process, device or stream has it. */
const unknown = -0.5;

const orUnknown = (value: number | undefined): number =>
	value === undefined || Number.isNaN(value) ? unknown : value;

const orNull = (value: number): number | null => (value === unknown ? null : value);

type Places = Pick<TimelineColumns, 'streamOf' | 'streams'> & {readonly launches: LaunchNumbers};

/** The tables in the order of GpuOperations. */
const readPlaces = (source: RowSource, context: RowContext, cudaGraphs: boolean): Places => {
	const {kernels, copies, memsets, graphs} = operationTables;
	const slots = new LaunchSlots();
	const tuples = new Tuples();
	const streamOf = new IndexList();
	for (const table of [kernels, copies, memsets, ...(cudaGraphs ? [graphs] : [])]) {
		for (const {length, lanes} of source.scan({table, columns: placeColumns}, context)) {
			const {globalPid, correlationId, deviceId, streamId} = lanes;
			slots.collect(globalPid.values, correlationId.values, new Int32Array(length));
			for (let row = 0; row < length; row++) {
				streamOf.push(
					tuples.intern(
						orUnknown(globalPid.values[row]),
						orUnknown(deviceId.values[row]),
						orUnknown(streamId.values[row]),
						0,
					),
				);
			}
		}
	}

	const streams = Array.from({length: tuples.size}, (_, number) => ({
		process: orNull(tuples.valueOf(number, 0)),
		device: orNull(tuples.valueOf(number, 1)),
		stream: orNull(tuples.valueOf(number, 2)),
	}));
	return {launches: slots.finish(), streamOf: streamOf.view(), streams};
};

/** "cudaLaunchKernel_v7000": the version of the interface is no part of the name that programs use. */
const withoutVersion = ({name, names}: RowNames): RowNames => ({
	name,
	names: names.map((text) => text.replace(/_v\d+$/, '')),
});

const readCallNames = (
	from: ExportFile,
	source: RowSource,
	context: RowContext,
	launches: LaunchNumbers,
): RowNames => {
	const ids = new NameIds(0);
	const table = 'CUPTI_ACTIVITY_KIND_RUNTIME';
	for (const {length, lanes} of source.scan({table, columns: callColumns}, context)) {
		const {globalTid, correlationId, nameId} = lanes;
		for (let row = 0; row < length; row++) {
			const process = Number(globalTid.values[row]);
			if (launches.find(process, Number(correlationId.values[row])) >= 0) {
				ids.push(nameId.values[row]);
			}
		}
	}

	return withoutVersion(ids.resolve(from, context.largeIds));
};

const readColumns = (from: ExportFile, source: RowSource, cudaGraphs: boolean): TimelineColumns => {
	const context = makeContext(0n);
	const {launches, ...places} = readPlaces(source, context, cudaGraphs);
	return {
		...places,
		kernels: namesOfKernels(from, source, 'short'),
		calls: readCallNames(from, source, context, launches),
	};
};

/**
 * @param cudaGraphs whether the trace was read with the graphs that were traced as a whole
 * @throws UserError when the file is missing, unreadable, damaged, or no nsys export
 */
export const readTimelineColumns = (file: string, cudaGraphs: boolean): TimelineColumns => {
	using from = openExport(file);
	try {
		return withRows(from, (source) => readColumns(from, source, cudaGraphs));
	} catch (error) {
		throw explainSqliteError(file, error);
	}
};
