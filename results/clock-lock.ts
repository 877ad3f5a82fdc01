/** What a run asked of its GPUs' clocks, as far as advice depends on it: nobody shall be told to lock what is locked. */

import type {ClockWish, RunClocks} from '../schemas/clocks.ts';

export interface ClockLock {
	readonly requested: ClockWish;
	/** MHz that it was locked to; null: asked for, and not set. */
	readonly targetMhz: number | null;
}

/** @returns null where the run left that GPU's clocks alone */
export const findLock = (clocks: RunClocks | null | undefined, uuid: string): ClockLock | null => {
	if (clocks === null || clocks === undefined) {
		return null;
	}

	const {requested, gpus} = clocks;
	return {requested, targetMhz: gpus.find((gpu) => gpu.uuid === uuid)?.targetMhz ?? null};
};

const optionOf = ({requested}: ClockLock): string =>
	requested === 'maximize' ? '-m' : `--lock-clocks ${requested}`;

/** Clocks go in steps of 15 MHz; the GPU takes the nearest one that it has. */
const step = 15;
/** The nearest step may be what the GPU made of the lock anyway (1395 MHz of 1400); one below is hardly a change. */
const leastStepsDown = 2;

const floorToStep = (mhz: number): number => Math.floor(mhz / step) * step;

/** @param heldMhz the lowest clock that was seen; null: nobody knows */
const suggestLower = (targetMhz: number, heldMhz: number | null): string => {
	const held = heldMhz ?? targetMhz;
	const lower = Math.min(floorToStep(held), floorToStep(targetMhz) - leastStepsDown * step);
	return held < targetMhz && lower > 0
		? `a lower one, such as --lock-clocks ${lower}`
		: 'a lower one with --lock-clocks <MHz>';
};

/** What to do about a clock that was not held, in one sentence. */
export const adviseLock = (
	lock: ClockLock | null,
	uuid: string,
	heldMhz: number | null,
): string => {
	const command = `sudo nvidia-smi -i ${uuid} -lgc <MHz>`;
	if (lock === null) {
		return `Lock it: --lock-clocks base, or ${command}.`;
	}

	return lock.targetMhz === null
		? `${optionOf(lock)} was asked for and could not be set; root can lock it: ${command}.`
		: `It was locked to ${lock.targetMhz} MHz (${optionOf(lock)}), and the GPU did not hold that: lock ${suggestLower(lock.targetMhz, heldMhz)}.`;
};

/** The same as a part of a sentence that has other advice too: "lock a clock that it can hold: ...". */
export const adviseHeldClock = (lock: ClockLock | null, heldMhz: number | null): string => {
	const target = lock?.targetMhz ?? null;
	return target === null
		? 'lock a clock that it can hold: --lock-clocks base'
		: `lock ${suggestLower(target, heldMhz)} (it was ${target} MHz)`;
};
