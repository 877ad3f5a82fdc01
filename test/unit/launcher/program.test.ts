import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {describeProgram, programCommand, type Program} from '../../../launcher/program.ts';
import type {ScriptArguments} from '../../../launcher/run-options.ts';

let folder: string;
const file = (name: string, text = '', mode = 0o644): string => {
	const full = path.join(folder, name);
	mkdirSync(path.dirname(full), {recursive: true});
	writeFileSync(full, text, {mode});
	return full;
};
beforeAll(() => {
	folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'program-')));
	file('bin/python3', '#!/bin/sh\n', 0o755);
	file('bin/tool', '#!/bin/sh\n', 0o755);
	file('venv/bin/python', '#!/bin/sh\n', 0o755);
});
afterAll(() => rmSync(folder, {recursive: true}));

interface Given {
	readonly python?: string;
	readonly scriptArguments?: ScriptArguments;
	readonly env?: Record<string, string>;
}

const describeArgv = (argv: readonly string[], given: Given = {}): Program =>
	describeProgram(
		argv,
		{python: given.python ?? null, scriptArguments: given.scriptArguments ?? 'auto'},
		{PATH: path.join(folder, 'bin'), ...given.env},
	);
const failure = (argv: readonly string[], given: Given = {}): UserError => {
	try {
		describeArgv(argv, given);
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return error as UserError;
	}

	throw new Error('it was accepted');
};

describe('kinds of programs', () => {
	it('Python: python3 of PATH, the active environment, or the one that was named', () => {
		const script = file('a.py');
		const interpreter = (given: Given): string | undefined =>
			describeArgv([script, '-x'], given).command[0];
		expect(describeArgv([script, '-x'])).toMatchObject({kind: 'python', arguments: ['-x']});
		expect(interpreter({})).toBe(path.join(folder, 'bin/python3'));
		const VIRTUAL_ENV = path.join(folder, 'venv');
		expect(interpreter({env: {VIRTUAL_ENV}})).toBe(path.join(VIRTUAL_ENV, 'bin/python'));
		expect(interpreter({env: {VIRTUAL_ENV}, python: 'tool'})).toBe(path.join(folder, 'bin/tool'));
		expect(failure([script], {python: 'python9'}).next).toContain('--python');
	});

	it.each(['.js', '.mjs', '.cjs'])('%s: this Node', (ending) => {
		const script = file(`a${ending}`);
		const {kind, command} = describeArgv([script]);
		expect(kind).toBe('node');
		expect([command[0], command.at(-1)]).toEqual([process.execPath, script]);
	});

	it.each(['.ts', '.mts', '.cts'])('%s: this Node with our tsx', (ending) => {
		const script = file(`a${ending}`);
		const {kind, command} = describeArgv([script]);
		expect(kind).toBe('node');
		const loader = command[command.lastIndexOf('--import') + 1] ?? '';
		expect(loader).toMatch(/^file:\/\/.*\/tsx\/dist\/loader\.mjs$/);
		expect(command.at(-1)).toBe(script);
	});

	it('an executable: by path, or in PATH', () => {
		const tool = path.join(folder, 'bin/tool');
		expect(describeArgv(['tool', 'a.py'])).toMatchObject({
			kind: 'executable',
			command: [tool],
			arguments: ['a.py'],
		});
		expect(describeArgv([path.relative(process.cwd(), tool)]).command).toEqual([tool]);
	});

	it('a link to a script is run by its own name', () => {
		const link = path.join(folder, 'link.py');
		symlinkSync(file('target.py'), link);
		expect(describeArgv([link]).command.at(-1)).toBe(link);
	});
});

describe('programs that cannot be run', () => {
	it.each([
		[[], 'no program'],
		[[''], 'no program'],
		[['missing.py'], 'there is no file missing.py'],
		[['missing'], 'there is no program missing in PATH'],
		[['./missing'], 'there is no program ./missing'],
		[['/bin'], 'there is no program /bin'],
	])('%j', (argv, words) => {
		expect(failure(argv).message).toContain(words);
	});

	it('a file without the right to run', () => {
		const plain = file('plain');
		expect(failure([plain]).next).toBe(`Run: chmod +x ${plain}`);
	});

	it('a path through a file', () => {
		const plain = file('plain');
		expect(failure([`${plain}/x.py`]).message).toContain('there is no file');
	});

	it('a folder called like a script', () => {
		mkdirSync(path.join(folder, 'd.py'));
		expect(failure([path.join(folder, 'd.py')]).message).toContain('is not a file');
	});

	it.each([
		...['-o', '-o=X', '-o/X', '-o./X', '-o../X', '-o~/X'],
		...['--output_dir', '--output_dir=X', '--output-dir', '--output-dir=X'],
	])('%s among its own arguments', (argument) => {
		expect(failure(['tool', 'x', argument]).message).toContain(argument);
		// The way out, for programs that mean something else by it.
		expect(describeArgv(['tool', argument], {scriptArguments: 'never'}).arguments).toEqual([
			argument,
		]);
	});

	it.each(['-optimize', '-other=1', '-oX', '--output', '--output_directory', '--no-o', 'o'])(
		'%s is the program’s own',
		(argument) => {
			expect(describeArgv(['tool', argument]).arguments).toEqual([argument]);
		},
	);
});

describe('the folder and device that CV-CUDA’s samples expect', () => {
	it.each([
		['from perf_utils import CvCudaPerf', true],
		['import os, perf_utils', true],
		['import perf_utils as p  # ours', true],
		['    from common.perf_utils import CvCudaPerf', true],
		['from perf_utils.perf import X', true],
		['# from perf_utils import CvCudaPerf', false],
		['import my_perf_utils', false],
		['import os  # not perf_utils', false],
		['print("perf_utils")', false],
	])('%s: %s', (line, takesFolder) => {
		expect(describeArgv([file('rule.py', `import sys\n${line}\n`)]).takesFolder).toBe(takesFolder);
	});

	it('stand before the program’s own arguments', () => {
		const script = file('b.py', 'from perf_utils import CvCudaPerf\n');
		expect(programCommand(describeArgv([script, '-b', '4']), '/out/proc_0_gpu_0').slice(1)).toEqual(
			[script, '--output_dir', '/out/proc_0_gpu_0', '--device_id', '0', '-b', '4'],
		);
	});

	it('always and never', () => {
		const script = file('c.py', 'from perf_utils import CvCudaPerf\n');
		expect(describeArgv([script], {scriptArguments: 'never'}).takesFolder).toBe(false);
		expect(describeArgv(['tool'], {scriptArguments: 'always'}).takesFolder).toBe(true);
	});
});
