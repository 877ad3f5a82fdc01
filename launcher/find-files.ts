import {existsSync, readdirSync} from 'node:fs';
import path from 'node:path';

const namesIn = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder);
	} catch {
		// Not there, no folder, or not ours to see: nothing to find.
		return [];
	}
};

const matches = (name: string, part: string): boolean => {
	const [head = '', ...rest] = part.split('*');
	const tail = rest.at(-1) ?? '';
	return name.startsWith(head) && name.endsWith(tail) && name.length >= head.length + tail.length;
};

/** What exists under an absolute pattern; each of its parts may hold one `*`. (Node 20 has no glob of its own.) */
export const findFiles = (pattern: string): readonly string[] => {
	const [, ...parts] = pattern.split('/');
	return parts
		.reduce<readonly string[]>(
			(folders, part) =>
				part.includes('*')
					? folders.flatMap((folder) =>
							namesIn(folder)
								.filter((name) => matches(name, part))
								.map((name) => path.join(folder, name)),
						)
					: folders.map((folder) => path.join(folder, part)),
			['/'],
		)
		.filter((file) => existsSync(file));
};
