/** Options that are given more than once: lists add up, of all others the last one counts. */

import {expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {parseAbRequest} from '../../../cli/ab-options.ts';
import {sloOption} from '../../../cli/slo-option.ts';
import {parseRunRequest} from '../../../cli/run-options.ts';

const parse = (...argv: readonly string[]) => parseRunRequest([...argv, 'true'], '/')?.options;

it('adds up what run takes as a list', () => {
	expect(parse('--gpus', '2', '--gpus', '0,GPU-8')).toMatchObject({
		gpuNames: ['2', '0', 'GPU-8'],
		gpus: 3,
	});
	expect(parse('--trace', 'cuda', '--trace', 'nvtx,osrt')?.trace).toEqual(['cuda', 'nvtx', 'osrt']);
	expect(parse('--nsys-args=--sample=cpu', '--nsys-args', '-e "A=1 2"')?.nsysArguments).toEqual([
		'--sample=cpu',
		'-e',
		'A=1 2',
	]);
	expect(() => parse('--gpus', '2', '--gpus', '0,')).toThrow('--gpus "2,0," has an empty name');
});

it('adds up limits of latency', () => {
	const limits = sloOption({slo: ['p99=50ms', 'mean=20ms,p90=30ms']});
	expect(limits.map(({percentile, time}) => [percentile, time])).toEqual([
		[99, 50],
		[null, 20],
		[90, 30],
	]);
	expect(sloOption({})).toEqual([]);
});

it('adds up what ab compares', () => {
	const sides = ['--a', 'true', '--b', 'false'];
	const limits = ['--fail-on', '5%', '--fail-on', 'gpu_time=3%'];
	const chosen = ['--metric', 'cpu_time', '--metric', 'cpu_time,throughput', '--range', 'x'];
	const compare = parseAbRequest([...limits, ...chosen, ...sides], '/')?.compare;
	expect(compare).toMatchObject({
		failOn: '5%,gpu_time=3%',
		metrics: ['cpu_time', 'throughput'],
		ranges: ['x'],
	});
	expect(compare?.compare.limits).toHaveLength(2);
	const broken = () => parseAbRequest(['--fail-on', '5%', '--fail-on', 'x', ...sides], '/');
	expect(broken).toThrow(UserError);
	expect(broken).toThrow('"x" has no limit in %');
});

it('goes by the last one of all others', () => {
	expect(parse('-np', '2', '--np=3')?.processesPerGpu).toBe(3);
	expect(parse('-o', 'first', '-o', 'second')?.outputFolder).toBe('/second');
	expect(parse('--keep-sqlite', '--keep-sqlite')?.keepSqlite).toBe(true);
});
