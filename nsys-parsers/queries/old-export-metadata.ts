import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({name: z.string(), value: z.string()});

export const oldExportMetadata: RowQuery<typeof row> = {
	name: 'old-export-metadata',
	sql: sqlBeside(import.meta.url),
	needs: {EXPORT_META_DATA: ['name', 'value']},
	row,
};
