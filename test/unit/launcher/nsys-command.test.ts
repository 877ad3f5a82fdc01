import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {exportCommand, profileCommand, splitNsysArguments} from '../../../launcher/nsys-command.ts';

const profile = (...nsysArguments: string[]): readonly string[] =>
	profileCommand({
		nsys: '/n/nsys',
		trace: ['cuda', 'nvtx'],
		nsysArguments,
		report: '/out/50%/report',
		command: ['/bin/sh', '-c', 'shim'],
	});

describe('profileCommand', () => {
	it('is quiet, follows forks, and keeps % of the path', () => {
		expect(profile()).toEqual([
			'/n/nsys',
			'profile',
			'--trace=cuda,nvtx',
			'--sample=none',
			'--cpuctxsw=none',
			'--trace-fork-before-exec=true',
			'--force-overwrite=true',
			'--output=/out/50%%/report',
			'/bin/sh',
			'-c',
			'shim',
		]);
	});

	it.each([
		[['-t', 'nvtx,mpi'], '--trace=cuda,nvtx'],
		[['--trace=nvtx'], '--trace=cuda,nvtx'],
		[['-s', 'cpu'], '--sample=none'],
		[['--sample=process-tree'], '--cpuctxsw=none'],
		[['--cpuctxsw=process-tree'], '--cpuctxsw=none'],
		[['--trace-fork-before-exec=false'], '--trace-fork-before-exec=true'],
	])('%j replaces ours: nsys hears no option twice', (given, ours) => {
		const argv = profile(...given);
		expect(argv).not.toContain(ours);
		expect(argv).toEqual(expect.arrayContaining(given));
		expect(argv.indexOf(given[0] ?? '')).toBeLessThan(argv.indexOf('/bin/sh'));
	});
});

it('exportCommand', () => {
	expect(exportCommand({nsys: 'nsys', report: 'a.nsys-rep', destination: 'a.sqlite'})).toEqual([
		'nsys',
		'export',
		'--type=sqlite',
		'--quiet=true',
		'--force-overwrite=true',
		'--output=a.sqlite',
		'a.nsys-rep',
	]);
});

describe('splitNsysArguments', () => {
	it.each([
		['', []],
		['  ', []],
		['-s cpu  --delay=3', ['-s', 'cpu', '--delay=3']],
		[`--env-var="A=1 2" -x''`, ['--env-var=A=1 2', '-x']],
		[`--a='say "x"' ""`, ['--a=say "x"', '']],
	])('%s', (text, words) => {
		expect(splitNsysArguments(text)).toEqual(words);
	});

	it.each(['-s "cpu', '-o here', '--output=x', '-f true', '-ntrue', 'cuda'])(
		'refuses %s',
		(text) => {
			expect(() => splitNsysArguments(text)).toThrow(UserError);
		},
	);
});
