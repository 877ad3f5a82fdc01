import {gpuOperationColumns, gpuOperationNeeds} from '../gpu-operations.ts';
import {sqlBeside} from '../query.ts';
import type {ColumnQuery} from '../query.ts';

export const memcpys: ColumnQuery<typeof gpuOperationColumns> = {
	name: 'memcpys',
	sql: sqlBeside(import.meta.url),
	needs: {CUPTI_ACTIVITY_KIND_MEMCPY: gpuOperationNeeds},
	columns: gpuOperationColumns,
};
