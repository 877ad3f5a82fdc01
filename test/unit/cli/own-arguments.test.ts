import {describe, expect, it} from 'vitest';
import {splitArguments} from '../../../cli/own-arguments.ts';

const names = {flags: ['--json', '-m'], short: ['-np', '-w']};
const split = (text: string) => {
	const {own, program} = splitArguments(text.split(' '), names);
	return [own.join(' '), program.join(' ')];
};

describe('our own arguments', () => {
	it.each([
		['-np 2 -w 1 script -np 9 --json', '-np=2 -w=1', 'script -np 9 --json'],
		['--json a.py -o x', '--json', 'a.py -o x'],
		['-w0 -np8 a.py', '-w=0 -np=8', 'a.py'],
		['--trace=cuda -- -odd --json', '--trace=cuda', '-odd --json'],
		['a.py -- b', '', 'a.py -- b'],
		['--nsys-args --sample=cpu a.py', '--nsys-args=--sample=cpu', 'a.py'],
		['-m a.py', '-m', 'a.py'],
		['-np', '-np', ''],
	])('of "%s" are "%s", the program\'s "%s"', (text, own, program) =>
		expect(split(text)).toEqual([own, program]),
	);
});
