/**
 * How cli tells the workers to stop. Raised once: gently, the programs are signalled and their reports kept. Raised
 * twice: at once. It never goes back.
 */

export type StopLevel = 'none' | 'gently' | 'at-once';

export interface StopSignal {
	readonly level: StopLevel;
	/** The signal that the programs get when stopped gently: the one that we got. */
	readonly signal: NodeJS.Signals;
	/** Called at each raise, with the new level; returns the way to unsubscribe. */
	onRaise(listener: (level: StopLevel) => void): () => void;
}

/** As a function: it may be raised while others run, which the compiler does not see of a field that it looked at. */
export const isRaised = ({level}: StopSignal): boolean => level !== 'none';

export class StopSwitch implements StopSignal {
	#level: StopLevel = 'none';
	#signal: NodeJS.Signals = 'SIGTERM';
	readonly #listeners = new Set<(level: StopLevel) => void>();

	get level(): StopLevel {
		return this.#level;
	}

	get signal(): NodeJS.Signals {
		return this.#signal;
	}

	/** One step further: none, gently, at once. The first signal is the one that the programs get. */
	raise(signal: NodeJS.Signals = 'SIGTERM'): void {
		if (this.#level === 'at-once') {
			return;
		}

		if (this.#level === 'none') {
			this.#signal = signal;
		}

		this.#level = this.#level === 'none' ? 'gently' : 'at-once';
		for (const listener of [...this.#listeners]) {
			listener(this.#level);
		}
	}

	onRaise(listener: (level: StopLevel) => void): () => void {
		this.#listeners.add(listener);
		return () => {
			this.#listeners.delete(listener);
		};
	}
}
