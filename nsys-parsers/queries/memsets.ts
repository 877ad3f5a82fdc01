import {gpuOperationColumns, gpuOperationNeeds} from '../gpu-operations.ts';
import {sqlBeside} from '../query.ts';
import type {ColumnQuery} from '../query.ts';

export const memsets: ColumnQuery<typeof gpuOperationColumns> = {
	name: 'memsets',
	sql: sqlBeside(import.meta.url),
	needs: {CUPTI_ACTIVITY_KIND_MEMSET: gpuOperationNeeds},
	columns: gpuOperationColumns,
};
