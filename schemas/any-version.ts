import * as z from 'zod';

/** A JSON file of ours, whichever version of its format it has. */
export const AnyVersion = z.looseObject({formatVersion: z.number()});
