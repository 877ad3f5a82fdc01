/** Warnings as lines of the terminal. */

import type {Warning} from '../schemas/warning.ts';
import type {Terminal} from './terminal.ts';

/** What a small run on a small machine always has is no reason for alarm: a reader who learns to skip warnings skips all. */
const notes: ReadonlySet<string> = new Set(['no-gpu', 'few-processes']);

export const isNote = ({code}: Warning): boolean => notes.has(code);

export const sayWarnings = (warnings: readonly Warning[], terminal: Terminal): void => {
	for (const warning of warnings) {
		if (isNote(warning)) {
			terminal.say('info', `${terminal.decorate('dim', 'note:')} ${warning.message}`);
		} else {
			terminal.say('warning', `${terminal.decorate('yellow', 'warning:')} ${warning.message}`);
		}
	}
};
