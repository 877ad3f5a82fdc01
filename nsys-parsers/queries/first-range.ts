import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({startNs: z.bigint()});

export const firstRange: RowQuery<typeof row> = {
	name: 'first-range',
	sql: sqlBeside(import.meta.url),
	needs: {NVTX_EVENTS: ['start', 'eventType']},
	row,
};
