/** Who may import whom, and which folder owns which package: the two tables of the design, held by the code. */

import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** Folder -> folders that it may import, itself apart. Those of one step meet only through schemas/. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
	base: [],
	schemas: ['base'],
	'nsys-parsers': ['base', 'schemas'],
	launcher: ['base', 'schemas'],
	'perf-analyzer': ['base', 'schemas'],
	results: ['base', 'schemas'],
	report: ['base', 'schemas'],
	annotations: ['base'],
	cli: ['base', 'schemas', 'nsys-parsers', 'launcher', 'perf-analyzer', 'results', 'report'],
};

/** Package -> the only folders that import it. */
const owners: Readonly<Record<string, readonly string[]>> = {
	execa: ['launcher'],
	'p-limit': ['launcher'],
	'better-sqlite3': ['nsys-parsers'],
	zod: ['schemas', 'nsys-parsers'],
	koffi: ['annotations'],
	'string-width': ['report'],
	'd3-scale': ['report'],
	'@resvg/resvg-js': ['report'],
	jstat: ['results'],
	quickselect: ['nsys-parsers'],
	shlex: ['cli'],
	yargs: ['cli'],
	'log-update': ['cli'],
};

/** Exceptions that wait to be paid back: "file -> import". Empty is the goal. */
const debt: readonly string[] = [];

interface Import {
	readonly file: string;
	readonly folder: string;
	readonly target: string;
}

const importPattern = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|\brequire\(\s*)'([^']+)'/g;

const listImports = (): readonly Import[] =>
	Object.keys(mayImport).flatMap((folder) =>
		readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
			.filter((name) => /\.m?ts$/.test(name))
			.flatMap((name) => {
				const file = path.join(folder, name);
				const text = readFileSync(path.join(root, file), 'utf8');
				return [...text.matchAll(importPattern)].map((match) => ({
					file,
					folder,
					target: match[1] ?? '',
				}));
			}),
	);

const imports = listImports();
const isRelative = ({target}: Import): boolean => target.startsWith('.');
const isBuiltin = ({target}: Import): boolean => target.startsWith('node:');
const folderOf = ({file, target}: Import): string =>
	path.join(path.dirname(file), target).split(path.sep)[0] ?? '';
const packageOf = ({target}: Import): string =>
	target
		.split('/')
		.slice(0, target.startsWith('@') ? 2 : 1)
		.join('/');
const name = ({file, target}: Import): string => `${file} -> ${target}`;
const withoutDebt = (found: readonly Import[]): readonly string[] =>
	found.map(name).filter((entry) => !debt.includes(entry));

describe('architecture', () => {
	it('sees the imports of every folder', () => {
		expect([...new Set(imports.map(({folder}) => folder))].toSorted()).toEqual(
			Object.keys(mayImport).toSorted(),
		);
	});

	it('lets imports point down only', () => {
		const wrong = imports.filter(
			(entry) =>
				isRelative(entry) &&
				folderOf(entry) !== entry.folder &&
				mayImport[entry.folder]?.includes(folderOf(entry)) !== true,
		);
		expect(withoutDebt(wrong)).toEqual([]);
	});

	it('leaves each package to its owner', () => {
		const wrong = imports.filter(
			(entry) =>
				!isRelative(entry) &&
				!isBuiltin(entry) &&
				owners[packageOf(entry)]?.includes(entry.folder) !== true,
		);
		expect(withoutDebt(wrong)).toEqual([]);
	});

	it('holds no circle of files', () => {
		const edges = new Map<string, readonly string[]>();
		for (const entry of imports.filter(isRelative)) {
			const target = path.join(path.dirname(entry.file), entry.target);
			edges.set(entry.file, [...(edges.get(entry.file) ?? []), target]);
		}

		const done = new Set<string>();
		const findCircle = (file: string, above: readonly string[]): readonly string[] | undefined => {
			if (above.includes(file)) {
				return [...above.slice(above.indexOf(file)), file];
			}

			if (done.has(file)) {
				return undefined;
			}

			const circle = (edges.get(file) ?? [])
				.map((target) => findCircle(target, [...above, file]))
				.find((found) => found !== undefined);
			done.add(file);
			return circle;
		};

		expect([...edges.keys()].map((file) => findCircle(file, [])).find(Boolean)).toBeUndefined();
	});

	it('has no debt that is paid already', () => {
		expect(debt.filter((entry) => !imports.map(name).includes(entry))).toEqual([]);
	});

	it('casts to quantities in base/units.ts only', () => {
		const casts = Object.keys(mayImport).flatMap((folder) =>
			readdirSync(path.join(root, folder), {recursive: true, encoding: 'utf8'})
				.map((file) => path.join(folder, file))
				.filter((file) => file.endsWith('.ts') && file !== path.join('base', 'units.ts'))
				.filter((file) => /\bas Milliseconds\b/.test(readFileSync(path.join(root, file), 'utf8'))),
		);
		expect(casts).toEqual([]);
	});
});
