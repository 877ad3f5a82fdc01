import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({name: z.string(), value: z.string()});

export const exportMetadata: RowQuery<typeof row> = {
	name: 'export-metadata',
	sql: sqlBeside(import.meta.url),
	needs: {META_DATA_EXPORT: ['name', 'value']},
	row,
};
