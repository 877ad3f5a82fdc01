import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {mayMention} from '../../../annotations/typescript/import-scan.ts';
import {type ProgramRun, projectFolder, runCommand} from '../../support/annotated-program.ts';

let folder: string;

const files: Readonly<Record<string, string>> = {
	'esm.mjs': `import {isTracing} from 'nsys-benchmark/annotations'; console.log(isTracing());`,
	'typed.ts': `import {isTracing} from 'nsys-benchmark/annotations'; console.log(isTracing() as boolean);`,
	'indirect.mjs': `import './deep/stage.mjs';`,
	'deep/stage.mjs': `import {isTracing} from "nsys-benchmark/annotations"; console.log(isTracing());`,
	'typescript.ts': `import './deep/typed.js';`,
	'deep/typed.ts': `export {isTracing} from 'nsys-benchmark/annotations';`,
	'required.cjs': `console.log(require.resolve('nsys-benchmark/annotations'));`,
	'other.mjs': `import 'nsys-benchmark/unheard-of';`,
	'missing.mjs': `import {isTracing} from 'nsys-benchmark/annotations'; import 'not-installed';`,
	'quiet.mjs': `console.log('quiet');`,
	'loop-a.mjs': `import './loop-b.mjs';`,
	'loop-b.mjs': `import './loop-a.mjs'; import './absent.mjs';`,
	'own/entry.mjs': `import {isTracing} from 'nsys-benchmark/annotations'; console.log(isTracing());`,
	'own/node_modules/nsys-benchmark/package.json': `{"exports": {"./annotations": "./index.mjs"}}`,
	'own/node_modules/nsys-benchmark/index.mjs': `export const isTracing = () => "the program's own";`,
};

beforeAll(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'resolve-'));
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
		writeFileSync(path.join(folder, name), text);
	}
});
afterAll(() => {
	rmSync(folder, {recursive: true, force: true});
});

const register = pathToFileURL(
	path.join(projectFolder, 'annotations/typescript/register-resolve.ts'),
).href;

const run = (...command: readonly string[]): Promise<ProgramRun> =>
	runCommand([process.execPath, '--import', 'tsx', '--import', register, ...command]);

const runFile = (name: string): Promise<ProgramRun> => run(path.join(folder, name));

describe('a program outside of the package, with the resolver', () => {
	it.each(['esm.mjs', 'typed.ts', 'indirect.mjs'])(
		'imports the annotations in %s',
		async (name) => {
			expect(await runFile(name)).toEqual({exitCode: 0, stdout: 'false\n', stderr: ''});
		},
	);

	it('requires them', async () => {
		const {stdout, stderr} = await runFile('required.cjs');
		expect(stderr).toBe('');
		expect(stdout.trim()).toBe(path.join(projectFolder, 'annotations/typescript/index.ts'));
	});

	it('imports them without a file', async () => {
		const text = files['esm.mjs'] ?? '';
		expect(await run('--input-type=module', '-e', text)).toMatchObject({stdout: 'false\n'});
	});

	it('prefers what it has installed itself', async () => {
		expect(await runFile('own/entry.mjs')).toMatchObject({stdout: "the program's own\n"});
	});

	it('still misses what is not there', async () => {
		const other = await runFile('other.mjs');
		expect(other.exitCode).toBe(1);
		expect(other.stderr).toContain("Cannot find package 'nsys-benchmark'");
		const missing = await runFile('missing.mjs');
		expect(missing.exitCode).toBe(1);
		expect(missing.stderr).toContain("Cannot find package 'not-installed'");
	});

	it('is what it needs', async () => {
		const {exitCode, stderr} = await runCommand([process.execPath, path.join(folder, 'esm.mjs')]);
		expect(exitCode).toBe(1);
		expect(stderr).toContain("Cannot find package 'nsys-benchmark'");
	});
});

describe('whether a program mentions the package', () => {
	const mentions = (name: string): boolean => mayMention(path.join(folder, name), 'nsys-benchmark');

	it.each(['esm.mjs', 'indirect.mjs', 'typescript.ts', 'typescript', 'deep/typed'])(
		'%s does',
		(name) => {
			expect(mentions(name)).toBe(true);
		},
	);

	it.each(['quiet.mjs', 'loop-a.mjs'])('%s does not', (name) => {
		expect(mentions(name)).toBe(false);
	});

	it('is taken to be so where there is no file to look into', () => {
		expect(mentions('[eval]')).toBe(true);
	});
});
