import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({
	/** Since the base. */
	atNs: z.bigint(),
	process: z.bigint(),
	tid: z.bigint(),
	domain: z.bigint(),
	textId: z.bigint().nullable(),
	text: z.string().nullable(),
});

export const domainMarks: RowQuery<typeof row> = {
	name: 'domain-marks',
	sql: sqlBeside(import.meta.url),
	needs: {
		NVTX_EVENTS: ['start', 'eventType', 'globalTid', 'domainId', 'textId', 'text'],
	},
	row,
};
