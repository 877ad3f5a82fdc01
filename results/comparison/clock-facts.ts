/** How the GPUs' clocks of a side were set and held, in a few words each: facts that two sides can differ in. */

import type {ComparedGpu} from '../../schemas/compared-gpu.ts';
import type {RunClocks} from '../../schemas/clocks.ts';
import type {Manifest} from '../../schemas/manifest.ts';

const describeGpu = (
	{targetMhz, commands}: RunClocks['gpus'][number],
	maximized: boolean,
): string => {
	if (targetMhz !== null) {
		return `locked to ${targetMhz} MHz${maximized ? ' (-m)' : ''}`;
	}

	const outcomes = new Set(commands.map(({outcome}) => outcome));
	return maximized && outcomes.has('done')
		? 'set by -m, not locked'
		: outcomes.has('failed')
			? 'unknown: locking failed'
			: 'not locked';
};

/**
 * What this tool set; locks of others no driver tells. A lock that was refused is none.
 * @returns null for a run without GPUs
 */
export const describeClockSetting = ({
	clocks,
	gpus,
}: Pick<Manifest, 'clocks' | 'gpus'>): string | null => {
	if (clocks === undefined || clocks.gpus.length === 0) {
		return gpus.length === 0 ? null : 'not locked';
	}

	const maximized = clocks.requested === 'maximize';
	return [...new Set(clocks.gpus.map((gpu) => describeGpu(gpu, maximized)))].toSorted().join(', ');
};

/** "12 % of the measured time": the mean over processes, in whole percent. null: nobody knows. */
export const describeThrottling = (samples: readonly ComparedGpu[]): string | null => {
	const shares = samples.flatMap(({throttledShare}) => throttledShare ?? []);
	const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
	return shares.length === 0 ? null : `${Math.round(mean * 100)} % of the measured time`;
};
