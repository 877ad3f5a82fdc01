import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({unixNs: z.bigint()});

export const sessionStart: RowQuery<typeof row> = {
	name: 'session-start',
	sql: sqlBeside(import.meta.url),
	needs: {TARGET_INFO_SESSION_START_TIME: ['utcEpochNs']},
	row,
};
