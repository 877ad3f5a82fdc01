/** Where our own package lies, run from its sources or compiled. */

import {existsSync} from 'node:fs';
import path from 'node:path';

const findRoot = (folder: string): string => {
	if (existsSync(path.join(folder, 'package.json'))) {
		return folder;
	}

	const parent = path.dirname(folder);
	if (parent === folder) {
		throw new Error('our own package.json is nowhere above our code');
	}

	return findRoot(parent);
};

/** The folder of package.json. */
export const packageRoot: string = findRoot(import.meta.dirname);

/** The folder above this one: the root when run from sources, dist/ when compiled. */
export const codeRoot: string = path.dirname(import.meta.dirname);

/** What PYTHONPATH must hold for `import perf_utils`. */
export const pythonAnnotations: string = path.join(packageRoot, 'annotations', 'python');

/** The project's own tools: get-nsys.sh puts a nsys here. */
export const toolsFolder: string = path.join(packageRoot, '.tools');
