import {z} from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({
	pid: z.bigint(),
	domain: z.bigint(),
	textId: z.bigint().nullable(),
	text: z.string().nullable(),
});

export const domains: RowQuery<typeof row> = {
	name: 'domains',
	sql: sqlBeside(import.meta.url),
	needs: {
		NVTX_EVENTS: ['start', 'eventType', 'globalTid', 'domainId', 'textId', 'text'],
	},
	row,
};
