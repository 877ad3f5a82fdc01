// Joins the compiled modules and the libraries that consist of many small files: starting Node with a few large files
// takes a third of the time. The compiled modules stay where they are, for hooks that load one of them.
import {chmodSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';

const dist = path.resolve(import.meta.dirname, '../dist');
const out = path.join(dist, 'bin');

/** Native ones, and those that look for files beside themselves. */
const external = ['@resvg/resvg-js', 'better-sqlite3', 'koffi', 'log-update', 'tsx'];

/**
 * Whatever its version, a library that pads text asks for the width of a text by this one: newer ones make an
 * Intl.Segmenter as soon as they are loaded, which takes 10 ms or more of every start.
 */
const alias = {
	'string-width': path.resolve(import.meta.dirname, '../node_modules/string-width/index.js'),
};

/** A module of ours finds its neighbours (SQL, the annotation libraries) where they lie, not beside the bundle. */
const keepOwnPlaces = {
	name: 'keep-own-places',
	setup({onLoad}) {
		onLoad({filter: /\.js$/}, ({path: file}) => {
			const place = path.relative(dist, file);
			if (place.startsWith('..')) {
				return undefined;
			}

			const url = `new URL(${JSON.stringify(`../${place.replaceAll(path.sep, '/')}`)}, import.meta.url)`;
			const contents = readFileSync(file, 'utf8')
				.replaceAll('import.meta.url', `${url}.href`)
				.replaceAll('import.meta.dirname', `__ownFolder(${url})`);
			return {contents};
		});
	},
};

/** Libraries in CommonJS call `require` for Node's own modules. */
const banner = `import {createRequire as __createRequire} from 'node:module';
import {dirname as __dirnameOf} from 'node:path';
import {fileURLToPath as __fileUrlToPath} from 'node:url';
const require = __createRequire(import.meta.url);
const __ownFolder = (url) => __dirnameOf(__fileUrlToPath(url));`;

const options = {
	bundle: true,
	format: 'esm',
	platform: 'node',
	target: 'node20.11',
	external,
	alias,
	legalComments: 'eof',
	logLevel: 'warning',
};
rmSync(out, {recursive: true, force: true});
await build({
	...options,
	entryPoints: {benchmark: path.join(dist, 'cli/bin.js')},
	outdir: out,
	splitting: true,
	plugins: [keepOwnPlaces],
	banner: {js: banner},
});
// A worker thread is started by its own file, in its place.
const worker = path.join(dist, 'nsys-parsers/gpu-rows-worker.js');
await build({...options, entryPoints: [worker], outfile: worker, allowOverwrite: true});
chmodSync(path.join(out, 'benchmark.js'), 0o755);
