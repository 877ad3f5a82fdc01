import {sqlBeside} from '../query.ts';
import type {ColumnQuery} from '../query.ts';

const columns = {
	/** Since the base. */
	startNs: 'integer',
	/** Since the base. */
	endNs: 'integer',
	process: 'integer',
	tid: 'integer',
	/** Unique within the process only; several calls can share one. */
	correlation: 'integer',
} as const;

export const apiCalls: ColumnQuery<typeof columns> = {
	name: 'api-calls',
	sql: sqlBeside(import.meta.url),
	needs: {
		CUPTI_ACTIVITY_KIND_RUNTIME: ['start', 'end', 'globalTid', 'correlationId'],
	},
	columns,
};
