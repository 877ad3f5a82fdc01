/** Turns the terminal's and the system's stop signals into one stop request, for as long as the object lives. */

import os from 'node:os';
import type {StopSwitch} from '../launcher/stop-signal.ts';
import type {Terminal} from './terminal.ts';

export type StopName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
const stopNames: readonly StopName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export class InterruptListener {
	/** The first signal that came; it decides the exit code. */
	received: StopName | undefined;
	private readonly onSignal: (name: StopName) => void;

	/** @param onStop called at every signal: the first asks, the next insist */
	constructor(onStop: (name: StopName) => void) {
		this.onSignal = (name) => {
			this.received ??= name;
			onStop(name);
		};

		for (const name of stopNames) {
			process.on(name, this.onSignal);
		}
	}

	/** The number of the signal that came first, for 128 + n. */
	get signalNumber(): number | undefined {
		return this.received === undefined ? undefined : os.constants.signals[this.received];
	}

	[Symbol.dispose](): void {
		for (const name of stopNames) {
			process.off(name, this.onSignal);
		}
	}
}

const stopMessages = {
	gently:
		'Stopping: the programs are asked to end and their reports are kept. Once more ends all at once.',
	'at-once': 'Ending everything at once.',
} as const;

/** For commands that run programs: each signal raises the switch one step, and says so. */
export const listenForStop = (stop: StopSwitch, terminal: Terminal): InterruptListener =>
	new InterruptListener((name) => {
		stop.raise(name);
		terminal.say('warning', stopMessages[stop.level === 'at-once' ? 'at-once' : 'gently']);
	});
