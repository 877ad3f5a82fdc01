import {gpuOperationColumns, gpuOperationNeeds} from '../gpu-operations.ts';
import {sqlBeside} from '../query.ts';
import type {ColumnQuery} from '../query.ts';

export const kernels: ColumnQuery<typeof gpuOperationColumns> = {
	name: 'kernels',
	sql: sqlBeside(import.meta.url),
	needs: {CUPTI_ACTIVITY_KIND_KERNEL: gpuOperationNeeds},
	columns: gpuOperationColumns,
};
