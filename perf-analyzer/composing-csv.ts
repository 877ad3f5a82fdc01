/** CSVs of an ensemble's models: "<model>_v<version>.perf.csv" beside the ensemble's own perf.csv. */

import {readComposingName} from './file-name.ts';
import type {ParsedFile} from './parsed-file.ts';

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
		if (name === undefined || parent?.points.length !== points.length) {
			continue;
		}

		// Both have perf_analyzer's order, and both were sorted by load with a stable sort: rows of equal loads still match.
		points.forEach(({server, client}, place) => {
			const overhead = client.network === undefined ? {} : {overhead: client.network};
			parent.points[place]?.composing.push({
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
