/** --sync-start: the workers of a repeat begin their first batches together. */

import type {Argv} from 'yargs';
import {UserError} from '../base/errors.ts';
import {flagOption, secondsOption, valueOption, type Parsed} from './options.ts';

/** Models that are compiled at their first use take minutes in one worker while the others find them done. */
const usualSeconds = 300;

export const withSyncOptions = (parser: Argv): Argv =>
	parser
		.option('sync-start', {
			type: 'boolean',
			describe: 'the processes begin their first batch together',
		})
		.option(
			'sync-timeout',
			valueOption(`with --sync-start: seconds that they wait for the last one (${usualSeconds})`),
		);

/** null where it was not asked for. @throws UserError */
export const readSyncStart = (parsed: Parsed): number | null => {
	const seconds = secondsOption(parsed, 'sync-timeout');
	if (flagOption(parsed, 'sync-start')) {
		return seconds ?? usualSeconds;
	}

	if (seconds !== undefined) {
		throw new UserError('--sync-timeout needs --sync-start', {
			next: 'Without it no process waits for another.',
		});
	}

	return null;
};
