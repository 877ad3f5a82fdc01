import {readFileSync} from 'node:fs';

let version: string | undefined;

/** The package's own version. Its package.json lies above this module: two folders in the sources, three when built. */
export const packageVersion = (): string => {
	if (version !== undefined) {
		return version;
	}

	for (const place of ['../../package.json', '../../../package.json']) {
		try {
			const text = readFileSync(new URL(place, import.meta.url), 'utf8');
			const description = JSON.parse(text) as {name?: string; version?: string};
			if (description.name === 'nsys-benchmark' && description.version !== undefined) {
				return (version = description.version);
			}
		} catch {
			continue;
		}
	}

	return (version = 'unknown');
};
