/** What a file's name tells: people write the variant into it, as in "gpu_2instances.csv". */

import path from 'node:path';

export interface FileName {
	/** Without folder and extension. */
	readonly stem: string;
	readonly device: 'cpu' | 'gpu' | null;
	readonly instances: number | null;
}

export const readFileName = (file: string): FileName => {
	const stem = path.basename(file).replace(/\.[a-z]+$/i, '');
	const device = /(?:^|[^a-z])(cpu|gpu)(?![a-z])/i.exec(stem)?.[1]?.toLowerCase();
	const instances = Number(/(\d{1,6})[-_ ]?inst(?:ances?)?(?![a-z])/i.exec(stem)?.[1] ?? 0);
	return {
		stem,
		device: device === 'cpu' || device === 'gpu' ? device : null,
		instances: instances > 0 ? instances : null,
	};
};

/** "preprocessing" and "1" of "preprocessing_v1.perf.csv": a file beside perf.csv for a model of an ensemble. */
export const readComposingName = (
	file: string,
): {readonly model: string; readonly version: string; readonly parent: string} | undefined => {
	const match = /^(.+)_v(-?\d*)\.(.+)$/.exec(path.basename(file));
	return match === null
		? undefined
		: {
				model: match[1] ?? '',
				version: match[2] ?? '',
				parent: path.join(path.dirname(file), match[3] ?? ''),
			};
};
