/** Input data that a sweep makes up before its first point, and says so. */

import {writeRandomInput} from '../perf-analyzer/random-input.ts';
import type {AnalyzerAbilities} from '../perf-analyzer/sweep-plan.ts';
import type {SweepStore} from '../perf-analyzer/sweep-store.ts';
import type {SweepPlan} from '../schemas/sweep.ts';
import type {Terminal} from './terminal.ts';

/**
 * @param config the model's, as the server told it; null where it did not
 * @returns the file, absolute; null where none is needed: perf_analyzer has its own data, or all is measured
 */
export const prepareInput = (
	plan: SweepPlan,
	store: SweepStore,
	{export: exports}: Pick<AnalyzerAbilities, 'export'>,
	{config, terminal}: {readonly config: string | null; readonly terminal: Terminal},
): string | null => {
	const isNeeded = exports && store.measured < store.points.length;
	const input = isNeeded ? writeRandomInput(store.folder, plan, config) : null;
	if (input !== null) {
		terminal.say(
			'info',
			`input      ${input} (random; among perf_analyzer's own random floats are NaNs, which cost the request export)`,
		);
	}

	return input;
};
