import * as z from 'zod';
import {sqlBeside} from '../query.ts';
import type {RowQuery} from '../query.ts';

const row = z.strictObject({id: z.bigint(), name: z.string()});

export const videoEngineTypes: RowQuery<typeof row> = {
	name: 'video-engine-types',
	sql: sqlBeside(import.meta.url),
	needs: {ENUM_VIDEO_ENGINE_TYPE: ['id', 'name']},
	row,
};
