import * as z from 'zod';
import {MeanResult} from './benchmark-result.ts';
import {Manifest} from './manifest.ts';

/** What went wrong, as the terminal says it. */
export const Failure = z.strictObject({
	kind: z.enum(['user', 'tool', 'bug']),
	message: z.string(),
	/** What to do next; empty where there is nothing to say. */
	next: z.string(),
	/** The tail of the failed tool's own words. */
	tail: z.string(),
});
export type Failure = Readonly<z.infer<typeof Failure>>;

/** What `run --json` and `reprocess --json` print on stdout: one document, whatever happened. */
export const CommandReport = z
	.strictObject({
		formatVersion: z.literal(1),
		/** As the process exits; DESIGN: 0 done, 2 usage, 3 a tool failed, 70 a bug, 128+n a signal. */
		exitCode: z.int().nonnegative(),
		/** Absolute path of the run's folder; null where nothing was written. */
		folder: z.string().nullable(),
		/** Files written, relative to the folder. */
		files: z.array(z.string()),
		/** The manifest; null for bare reports. */
		run: Manifest.nullable(),
		/** The run's numbers; null where there are none. */
		mean: MeanResult.nullable(),
		failure: Failure.nullable(),
	})
	.meta({id: 'report', title: 'What run and reprocess print with --json'});
export type CommandReport = Readonly<z.infer<typeof CommandReport>>;
