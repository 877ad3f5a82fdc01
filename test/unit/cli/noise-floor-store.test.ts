import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {
	describeCalibration,
	findNoiseFloors,
	locateNoiseFloors,
	writeNoiseFloors,
} from '../../../cli/noise-floor-store.ts';
import {compareRounds} from '../../../results/comparison/compared-ranges.ts';
import {addNoiseFloors, listFloors} from '../../../results/comparison/noise-floor.ts';
import type {Manifest} from '../../../schemas/manifest.ts';
import type {NoiseFloors} from '../../../schemas/noise-floor.ts';
import {temporaryFolder} from '../../support/command.ts';
import {repeatsOf, samplesOf} from '../../support/compared-samples.ts';
import {makeManifest} from '../../support/manifests.ts';

const gpu = {index: 0, uuid: 'GPU-1', name: 'H100', driver: '550.54'};

const manifest = makeManifest({
	program: ['train.py', '--epochs', '2'],
	options: {processesPerGpu: 2, repeats: 3},
	gpus: [gpu],
});

const env = {XDG_STATE_HOME: '/state', HOME: '/home/me'};
const locate = (change: Partial<Manifest>): string =>
	locateNoiseFloors({...manifest, ...change}, env);

const floorsOf = (floor: number, range = 'pipeline'): NoiseFloors => ({
	...describeCalibration(manifest),
	createdAt: '2026-01-01T00:00:00.000Z',
	rounds: 10,
	ranges: [{path: range, metric: 'cpu_time', floor, detectable: 0.02}],
});

describe('where calibrations are kept', () => {
	it('is the state folder, named after the program', () => {
		expect(locate({})).toMatch(
			/^\/state\/nsys-benchmark\/noise-floor\/train\.py-[0-9a-f]{12}\.json$/,
		);
		const home = locateNoiseFloors(manifest, {HOME: '/home/me', XDG_STATE_HOME: 'relative'});
		expect(home).toMatch(/^\/home\/me\/\.local\/state\/nsys-benchmark\//);
	});

	it.each<[string, Partial<Manifest>]>([
		['other arguments', {program: ['train.py', '--epochs', '9']}],
		['an absolute path', {program: ['/programs/train.py'], workingDirectory: '/elsewhere'}],
		['a later driver', {gpus: [{...gpu, driver: '560.1'}]}],
		['another kernel', {machine: {...manifest.machine, kernel: 'Linux 7'}}],
		["another container's name", {machine: {...manifest.machine, host: 'node2'}}],
		['no binding, said', {options: {...manifest.options, cpuAffinity: 'none'}}],
	])('is the same for %s', (_what, change) => expect(locate(change)).toBe(locate({})));

	it.each<[string, Partial<Manifest>]>([
		['program', {program: ['other/train.py']}],
		['processor', {machine: {...manifest.machine, cpu: 'EPYC'}}],
		['GPU', {gpus: [{...gpu, uuid: 'GPU-2'}]}],
		['number of processes', {options: {...manifest.options, processesPerGpu: 1}}],
		['named GPU', {options: {...manifest.options, gpuNames: ['3']}}],
		['binding to CPUs', {options: {...manifest.options, cpuAffinity: 'numa'}}],
	])('is another for another %s', (_what, change) => expect(locate(change)).not.toBe(locate({})));

	it('is another for another host where no GPU tells machines apart', () => {
		const bare = {gpus: [{...gpu, uuid: 'unknown'}]};
		const other = {...bare, machine: {...manifest.machine, host: 'node2'}};
		expect(locate(other)).not.toBe(locate(bare));
	});

	it('is read again by what the runs say, or by name, and need not be there', () => {
		const state = {XDG_STATE_HOME: temporaryFolder('state')};
		expect(findNoiseFloors(undefined, [manifest], state)).toEqual([]);
		const file = locateNoiseFloors(manifest, state);
		writeNoiseFloors(file, floorsOf(0.03));
		const found = [{file, floors: floorsOf(0.03)}];
		expect(findNoiseFloors(undefined, [manifest, manifest], state)).toEqual(found);
		expect(findNoiseFloors(file, [], {})).toEqual(found);
	});

	it('says which file is none', () => {
		const file = path.join(temporaryFolder('state'), 'deep', 'floor.json');
		expect(() => findNoiseFloors(file, [], {})).toThrow(/floor\.json cannot be read/);
		mkdirSync(path.dirname(file));
		writeFileSync(file, '{}');
		expect(() => findNoiseFloors(file, [], {})).toThrow(/is not the noise floor of a machine/);
	});
});

describe('a calibration', () => {
	const rounds = [100, 101, 99, 100.5, 99.5];
	const samples = samplesOf(repeatsOf(...rounds), repeatsOf(...rounds.toReversed()));

	it('keeps the farther end of each interval, and leaves out what has none', () => {
		const few = {...samples, path: 'few', baseline: samples.baseline.slice(0, 2)};
		const comparisons = compareRounds([samples, few]);
		const [kept, ...more] = listFloors(comparisons);
		expect(more).toEqual([]);
		const {interval} = comparisons[0] ?? {};
		const ends = [Math.abs(Math.log1p(interval?.low ?? 0)), Math.log1p(interval?.high ?? 0)];
		expect(kept?.floor).toBeCloseTo(Math.expm1(Math.max(...ends)), 12);
	});

	it('holds a real difference of its size back, by the highest floor of several', () => {
		const slower = samplesOf(
			repeatsOf(...rounds),
			repeatsOf(...rounds.toReversed().map((time) => 1.02 * time)),
		);
		const verdictOf = (...floors: readonly NoiseFloors[]) =>
			compareRounds(addNoiseFloors([slower], floors)).map(({verdict, noiseFloor}) => [
				verdict,
				noiseFloor,
			]);
		expect(verdictOf()).toEqual([['slower', null]]);
		expect(verdictOf(floorsOf(0.01))).toEqual([['slower', 0.01]]);
		expect(verdictOf(floorsOf(0.03), floorsOf(0.01))).toEqual([['inconclusive', 0.03]]);
		expect(verdictOf(floorsOf(0.03, 'another'))).toEqual([['slower', null]]);
	});
});
