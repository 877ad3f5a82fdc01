import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({stretches: z.bigint().nullable()});

export const missingVideoWork: RowQuery<typeof row> = {
	name: 'missing-video-work',
	sql: sqlBeside(import.meta.url),
	needs: {GPU_VIDEO_ENGINE_MISSING: ['rangeCount']},
	row,
};
