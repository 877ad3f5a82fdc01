/** CSVs of an ensemble's models: "<model>_v<version>.perf.csv" beside the ensemble's own perf.csv. */

import {readComposingName} from './file-name.ts';
import type {ParsedFile, ParsedPoint} from './parsed-file.ts';
import {sameLoad} from './report-run.ts';

const lineOf = ({sources}: ParsedPoint): number | null | undefined => sources[0]?.line;

/**
 * The CSVs of an ensemble's models stand beside its own: their rows become composing models of its points.
 * @param files parsed CSVs by path; the ensembles' points are filled in
 * @returns those that found their ensemble; the others are left as they are
 */
export const joinComposing = (files: ReadonlyMap<string, ParsedFile>): ReadonlySet<string> => {
	const joined = new Set<string>();
	for (const [file, {points}] of files) {
		const name = readComposingName(file);
		const parent = name === undefined ? undefined : files.get(name.parent);
		// Both have perf_analyzer's order: rows match by their lines, also where one of the files was cut off.
		const pairs = points.flatMap((point) => {
			const whole = parent?.points.find((other) => lineOf(other) === lineOf(point));
			return whole === undefined ? [] : [{point, whole}];
		});
		const fits = pairs.every(({point, whole}) => sameLoad(point.load, whole.load));
		if (name === undefined || pairs.length === 0 || !fits) {
			continue;
		}

		pairs.forEach(({point: {server, client}, whole}) => {
			const overhead = client.network === undefined ? {} : {overhead: client.network};
			whole.composing.push({
				name: name.model,
				version: name.version,
				depth: 1,
				...server,
				...overhead,
			});
		});
		joined.add(file);
	}

	return joined;
};
