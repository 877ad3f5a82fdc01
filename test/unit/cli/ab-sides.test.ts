import {describe, expect, it} from 'vitest';
import {readSides} from '../../../cli/ab-sides.ts';
import {splitCommand} from '../../../cli/command-words.ts';

describe('a command in one text', () => {
	it.each([
		['python3 train.py --lr 1e-3', ['python3', 'train.py', '--lr', '1e-3']],
		[`./a.out 'two words' "and two"`, ['./a.out', 'two words', 'and two']],
		[String.raw`prog a\ b "say \"hi\"" ''`, ['prog', 'a b', 'say "hi"', '']],
		['  prog   $HOME *.txt ', ['prog', '$HOME', '*.txt']],
	])('%s is split as a shell does, and not expanded', (text, words) => {
		expect(splitCommand(text, '--a')).toEqual(words);
	});

	it.each([
		[`prog "open`, /--a prog "open: a quote is opened and never closed/],
		['   ', /--a is empty/],
		['prog | tee log', /no shell runs this, and \| needs one/],
		['prog > log', /no shell runs this, and > needs one/],
	])('%s is refused', (text, message) => {
		expect(() => splitCommand(text, '--a')).toThrow(message);
	});
});

/** As ab hears its command line. */
const sidesOf = (own: readonly string[], ...program: readonly string[]) => {
	const valueOf = (name: string): string | undefined =>
		own.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
	const parsed = {a: valueOf('a'), b: valueOf('b'), calibrate: own.includes('--calibrate')};
	return readSides(parsed, own, program);
};

describe('the sides', () => {
	it('are two commands', () => {
		expect(sidesOf(['--a=x 1', '--b=y 2'])).toEqual({
			a: {programArgv: ['x', '1'], environment: {}},
			b: {programArgv: ['y', '2'], environment: {}},
		});
	});

	it('are one program with two environments, whatever is in them', () => {
		const own = ['--env-a=MODE=', '--env-b=MODE=a=b', '--env-b=N=2'];
		expect(sidesOf(own, 'p.py', '-n')).toEqual({
			a: {programArgv: ['p.py', '-n'], environment: {MODE: ''}},
			b: {programArgv: ['p.py', '-n'], environment: {MODE: 'a=b', N: '2'}},
		});
	});

	it('are two commands with two environments', () => {
		const {a, b} = sidesOf(['--a=x', '--b=y', '--env-b=K=1']);
		expect([a.environment, b.environment, b.programArgv]).toEqual([{}, {K: '1'}, ['y']]);
	});

	it('are the same twice where a machine is calibrated', () => {
		const {a, b} = sidesOf(['--calibrate', '--env-a=K=1'], 'p.py');
		expect(b).toEqual({programArgv: ['p.py'], environment: {K: '1'}});
		expect(a).toEqual(b);
	});

	it.each([
		[['--a=x'], [], /--b is missing/],
		[['--b=x'], [], /--b is given and --a is not/],
		[[], ['p.py'], /nothing tells the sides apart/],
		[['--a=x', '--b=y'], ['p.py'], /both --a and a program behind the options \(p.py\)/],
		[['--env-a=1X=2'], ['p.py'], /--env-a takes NAME=VALUE, not "1X=2"/],
		[['--env-b=X'], ['p.py'], /--env-b takes NAME=VALUE, not "X"/],
		[['--env-a=CUDA_VISIBLE_DEVICES=1'], ['p.py'], /CUDA_VISIBLE_DEVICES is set by benchmark/],
		[['--calibrate', '--b=y'], ['p.py'], /measures one program against itself: --b/],
		[['--calibrate', '--env-b=K=1'], ['p.py'], /measures one program against itself: --env-b/],
	])('%j with %j are refused', (own, program, message) => {
		expect(() => sidesOf(own, ...program)).toThrow(message);
	});
});
