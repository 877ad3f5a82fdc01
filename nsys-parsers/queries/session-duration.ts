import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({durationNs: z.bigint().nullable()});

export const sessionDuration: RowQuery<typeof row> = {
	name: 'session-duration',
	sql: sqlBeside(import.meta.url),
	needs: {ANALYSIS_DETAILS: ['duration']},
	row,
};
