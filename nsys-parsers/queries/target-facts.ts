import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({name: z.string(), value: z.string()});

export const targetFacts: RowQuery<typeof row> = {
	name: 'target-facts',
	sql: sqlBeside(import.meta.url),
	needs: {TARGET_INFO_SYSTEM_ENV: ['name', 'value']},
	row,
};
