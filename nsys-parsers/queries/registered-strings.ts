import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({id: z.bigint(), value: z.string()});

export const registeredStrings: RowQuery<typeof row> = {
	name: 'registered-strings',
	sql: sqlBeside(import.meta.url),
	needs: {StringIds: ['id', 'value']},
	row,
};
