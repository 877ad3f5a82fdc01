/**
 * Reads the GPU side of a large export on a second core, while the first one reads the ranges and puts them in order.
 *
 * Only where there is something to gain, and where workers can be started (gpu-rows-thread.ts). Whatever goes wrong over
 * there, the rows are read here instead.
 */

import type {ExportFile} from './export-tables.ts';
import {countGpuRows, gpuScans, readGpuRows} from './gpu-rows.ts';
import type {GpuCalls, GpuRows, GpuRowsOptions, GpuWorkRows} from './gpu-rows.ts';
import {canStartWorkers, startRowsThread} from './gpu-rows-thread.ts';
import type {RowContext} from './row-block.ts';
import {locateTables} from './row-source.ts';
import type {RowSource} from './row-source.ts';
import {leafDecoder} from './table-pages/leaf-rows.ts';

/** Below that a worker's start takes longer than it saves. */
const worthwhileRows = 200_000;

/** Waits where need be. */
export interface GpuRowsAhead extends Disposable {
	/** Once. */
	takeCalls(): GpuCalls;
	/** Once, when the calls are taken. */
	takeWork(): GpuWorkRows;
}

const canStart = (source: RowSource): boolean =>
	canStartWorkers && source.how === 'pages' && countGpuRows(source) >= worthwhileRows;

/** Begins to read at once where that can be done aside, else when the rows are taken. */
export const readGpuRowsAhead = (
	from: ExportFile,
	source: RowSource,
	context: RowContext,
	options: GpuRowsOptions,
): GpuRowsAhead => {
	const {baseNs} = context;
	const worker = canStart(source)
		? startRowsThread({
				file: from.file,
				tables: locateTables(from, gpuScans),
				baseNs,
				options,
				decoder: leafDecoder(),
			})
		: undefined;
	let own: GpuRows | undefined;
	const readHere = (): GpuRows => (own ??= readGpuRows(source, context, options));
	return {
		takeCalls: () => worker?.takeCalls() ?? readHere().calls,
		takeWork: () => {
			const work = own === undefined ? worker?.takeWork() : undefined;
			worker?.stop();
			return work ?? readHere().work();
		},
		[Symbol.dispose]: () => worker?.stop(),
	};
};
