import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {
	findPerfAnalyzer,
	findTritonServer,
	listAnalyzers,
} from '../../../launcher/find-perf-analyzer.ts';
import {projectRoot, temporaryFolder} from '../../support/command.ts';

const fake = path.join(projectRoot, 'test/support/fake-perf-analyzer.mjs');

const writeProgram = (file: string, text: string): string => {
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, text);
	chmodSync(file, 0o755);
	return file;
};

const saying = (version: string): string =>
	`#!/bin/sh\nfor word; do [ "$word" = --version ] && echo "Perf Analyzer Version ${version}" >&2; done\n`;

it('looks past the wrapper of the Python package', async () => {
	const folder = temporaryFolder('analyzer');
	const program = writeProgram(
		path.join(folder, 'lib/perf_analyzer/bin/perf_analyzer'),
		saying('2.60.0'),
	);
	writeFileSync(path.join(folder, 'lib/perf_analyzer/__init__.py'), '');
	// A Python that knows the package, as that of a virtual environment does.
	const python = writeProgram(
		path.join(folder, 'bin/python3'),
		`#!/bin/sh\nPYTHONPATH='${folder}/lib' exec python3 "$@"\n`,
	);
	const wrapper = writeProgram(
		path.join(folder, 'bin/perf_analyzer'),
		`#!${python}\nraise SystemExit('the wrapper')\n`,
	);
	const found = await findPerfAnalyzer({explicit: wrapper, env: process.env});
	expect(found).toEqual({path: program, version: '2.60.0', warmup: true, export: true});
});

it('takes the newest, and tells why another does not run', async () => {
	const folder = temporaryFolder('analyzer');
	writeProgram(path.join(folder, 'a/perf_analyzer'), saying('2.51.0'));
	const newest = writeProgram(path.join(folder, 'b/perf_analyzer'), saying('2.60.1'));
	mkdirSync(path.join(folder, 'd'));
	symlinkSync(newest, path.join(folder, 'd/perf_analyzer'));
	writeProgram(
		path.join(folder, 'c/perf_analyzer'),
		'#!/bin/sh\necho no such library >&2\nexit 127\n',
	);
	const PATH = ['a', 'b', 'c', 'd'].map((name) => path.join(folder, name)).join(':');
	const found = await listAnalyzers({explicit: null, env: {PATH}, patterns: []});
	expect(found.map(({version, refusal}) => [version, refusal])).toEqual([
		['2.60.1', null],
		['2.51.0', null],
		[null, 'it does not say what it is: no such library'],
	]);
});

it('finds out what an old one does not have', async () => {
	const env = {...process.env, FAKE_OLD: '1'};
	process.env['FAKE_OLD'] = '1';
	try {
		expect((await findPerfAnalyzer({explicit: fake, env})).warmup).toBe(false);
	} finally {
		delete process.env['FAKE_OLD'];
	}
});

it.each([
	['/nowhere/perf_analyzer', /--perf-analyzer: there is no program/],
	['/bin/true', /cannot be used: it does not say what it is/],
	['/', /there is no program/],
])('refuses %s', async (explicit, message) => {
	await expect(findPerfAnalyzer({explicit, env: {}})).rejects.toThrow(message);
});

it('says how to get one where there is none', async () => {
	const search = findPerfAnalyzer({explicit: null, env: {PATH: ''}, patterns: []});
	await expect(search).rejects.toMatchObject({
		message: 'no perf_analyzer was found',
		failure: {next: expect.stringContaining('npm run triton') as unknown},
	});
});

it('finds the server that is named, else the one in PATH', () => {
	const folder = temporaryFolder('server');
	const named = writeProgram(path.join(folder, 'own/tritonserver'), '#!/bin/sh\n');
	const inPath = writeProgram(path.join(folder, 'bin/tritonserver'), '#!/bin/sh\n');
	const env = {PATH: `/nowhere:${path.dirname(inPath)}`};
	expect(findTritonServer({...env, TRITONSERVER: named})).toBe(named);
	expect(findTritonServer({...env, TRITONSERVER: '/nowhere/tritonserver'})).toBe(inPath);
	expect(findTritonServer(env)).toBe(inPath);
});
