/** Numbers of unlike origin in one study: recomputed from every request, or as perf_analyzer prints them. */

import {plural} from '../base/plural.ts';
import type {StudyPoint} from '../schemas/study.ts';
import type {Warning} from '../schemas/warning.ts';

const isRecomputed = ({sources}: Pick<StudyPoint, 'sources'>): boolean =>
	sources.some(({kind}) => kind === 'export');

/** Of points that have numbers. */
export const warnOfMixedSources = (
	points: readonly Pick<StudyPoint, 'client' | 'sources'>[],
): readonly Warning[] => {
	const measured = points.filter(({client}) => client.throughput !== undefined);
	const printed = measured.filter((point) => !isRecomputed(point));
	return printed.length === 0 || printed.length === measured.length
		? []
		: [
				{
					code: 'mixed-sources',
					message: `${printed.length} of ${plural(measured.length, 'point')} have no request export: their numbers are those that perf_analyzer prints, in whole microseconds, without p99.9 and goodput; the others are recomputed from every request`,
				},
			];
};
