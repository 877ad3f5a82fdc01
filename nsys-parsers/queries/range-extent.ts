import {z} from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({firstStartNs: z.bigint().nullable(), lastEndNs: z.bigint().nullable()});

export const rangeExtent: RowQuery<typeof row> = {
	name: 'range-extent',
	sql: sqlBeside(import.meta.url),
	needs: {NVTX_EVENTS: ['start', 'end', 'eventType']},
	row,
};
