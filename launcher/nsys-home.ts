/** What stands beside a nsys: the tools that it needs itself. */

import {existsSync, readdirSync, realpathSync} from 'node:fs';
import path from 'node:path';

export interface NsysHome {
	/** Where its executables lie, links followed. */
	readonly folders: readonly string[];
	/** Whether the layout is NVIDIA's, so that the importer's absence means something. */
	readonly layoutKnown: boolean;
	/** QdstrmImporter, which makes a report of what was recorded; null where it is not in its place. */
	readonly importer: string | null;
}

const findImporter = (version: string): string | null =>
	readdirSync(version)
		.filter((name) => name.startsWith('host-linux-'))
		.map((name) => path.join(version, name, 'QdstrmImporter'))
		.find((file) => existsSync(file)) ?? null;

/**
 *   <version>/target-linux-x64/nsys             what bin/nsys links to
 *   <version>/host-linux-x64/QdstrmImporter     in Debian a link to another folder
 *
 * CUDA's bin/nsys is a script that starts another one: then nothing can be said.
 */
export const describeNsysHome = (nsys: string): NsysHome => {
	const folder = path.dirname(realpathSync(nsys));
	const layoutKnown = path.basename(folder).startsWith('target-linux-');
	const importer = layoutKnown ? findImporter(path.dirname(folder)) : null;
	const folders = importer === null ? [folder] : [folder, path.dirname(realpathSync(importer))];
	return {folders, layoutKnown, importer};
};
