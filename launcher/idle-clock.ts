/**
 * For how long some processes have done nothing. No CPU time at all would be too strict: nsys's agent wakes up now and
 * then for nothing (0.6 % of a core, measured). Pure: times come from outside.
 */

import {ticksPerSecond, type ProcessEntry} from './process-table.ts';

/** Below this share of one core, processes only wait. */
const idleShare = 0.02;
/** CPU time is counted in ticks, so one may fall into any moment. */
const slackTicks = 1;

export class IdleClock {
	#since: number;
	#ticks: number;

	constructor(processes: readonly ProcessEntry[], nowMs: number) {
		this.#since = nowMs;
		this.#ticks = totalTicks(processes);
	}

	/** @returns ms since these processes last did something */
	observe(processes: readonly ProcessEntry[], nowMs: number): number {
		const ticks = totalTicks(processes);
		const used = ticks - this.#ticks;
		const allowed = ((nowMs - this.#since) / 1000) * ticksPerSecond * idleShare + slackTicks;
		// Fewer ticks: one of them has ended, which is doing something. D: it waits for a disk.
		if (used < 0 || used > allowed || processes.some(({state}) => state === 'D')) {
			this.#since = nowMs;
			this.#ticks = ticks;
		}

		return nowMs - this.#since;
	}
}

const totalTicks = (processes: readonly ProcessEntry[]): number =>
	processes.reduce((sum, {cpuTicks}) => sum + cpuTicks, 0);
