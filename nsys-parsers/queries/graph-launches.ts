import {gpuOperationColumns, gpuOperationNeeds} from '../gpu-operations.ts';
import {sqlBeside} from '../query.ts';
import type {ColumnQuery} from '../query.ts';

export const graphLaunches: ColumnQuery<typeof gpuOperationColumns> = {
	name: 'graph-launches',
	sql: sqlBeside(import.meta.url),
	needs: {CUPTI_ACTIVITY_KIND_GRAPH_TRACE: gpuOperationNeeds},
	columns: gpuOperationColumns,
};
