import {sqlBeside} from '../query.ts';
import type {ColumnQuery} from '../query.ts';

const columns = {
	/** RangeId of NVIDIA's reports. */
	rowId: 'integer',
	/** Since the base. */
	startNs: 'integer',
	/** Since the base; NULL where the exporter wrote none. */
	endNs: 'integer',
	/** globalTid without its thread bits: distinct for each process of the trace. */
	process: 'integer',
	tid: 'integer',
	/** 0: the default domain. */
	domain: 'integer',
	/** Registered string; wins over `text`. */
	textId: 'integer',
	text: 'text',
} as const;

export const pushPopRanges: ColumnQuery<typeof columns> = {
	name: 'push-pop-ranges',
	sql: sqlBeside(import.meta.url),
	needs: {
		NVTX_EVENTS: ['start', 'end', 'eventType', 'globalTid', 'domainId', 'textId', 'text'],
	},
	columns,
};
