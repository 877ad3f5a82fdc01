import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({severity: z.bigint(), text: z.string(), times: z.bigint()});

export const diagnostics: RowQuery<typeof row> = {
	name: 'diagnostics',
	sql: sqlBeside(import.meta.url),
	needs: {DIAGNOSTIC_EVENT: ['timestamp', 'severity', 'text']},
	row,
};
