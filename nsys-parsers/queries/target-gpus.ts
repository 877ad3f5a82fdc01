import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({name: z.string(), uuid: z.string().nullable()});

export const targetGpus: RowQuery<typeof row> = {
	name: 'target-gpus',
	sql: sqlBeside(import.meta.url),
	needs: {TARGET_INFO_GPU: ['name', 'uuid']},
	row,
};
