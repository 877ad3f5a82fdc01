/** What ran on a GPU: kernels, copies, fillings, whole graphs. One shape for all of them. */

import type {Columns} from './columns.ts';

export const gpuOperationColumns = {
	/** Since the base. */
	startNs: 'integer',
	/** Since the base. */
	endNs: 'integer',
	/** As in the calls: the process part of globalPid. */
	process: 'integer',
	correlation: 'integer',
} as const;

export const gpuOperationNeeds = ['start', 'end', 'globalPid', 'correlationId'] as const;

export type GpuOperations = Columns<typeof gpuOperationColumns>;

const concatenate = (parts: readonly Float64Array[]): Float64Array => {
	const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}

	return whole;
};

/** All operations in one table, those of the first part first. */
export const joinOperations = (parts: readonly GpuOperations[]): GpuOperations => ({
	length: parts.reduce((length, part) => length + part.length, 0),
	startNs: concatenate(parts.map(({startNs}) => startNs)),
	endNs: concatenate(parts.map(({endNs}) => endNs)),
	process: concatenate(parts.map(({process}) => process)),
	correlation: concatenate(parts.map(({correlation}) => correlation)),
});
