import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({process: z.bigint()});

export const callingProcesses: RowQuery<typeof row> = {
	name: 'calling-processes',
	sql: sqlBeside(import.meta.url),
	needs: {CUPTI_ACTIVITY_KIND_RUNTIME: ['globalTid']},
	row,
};
