/** Which GPUs a run gets, by every way to name them, on machines of several kinds. */

import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import type {ListedGpu} from '../../../launcher/list-gpus.ts';
import {planRun, type PlanHost, type RunOptions} from '../../../launcher/plan.ts';
import {runOptions} from '../../support/launch.ts';

const gpu = (index: number, extra: Partial<ListedGpu> = {}): ListedGpu => ({
	index,
	uuid: `GPU-${index}aaa0000-0000-4000-8000-00000000000${index}`,
	name: 'H100',
	driver: '550.54',
	migInstances: null,
	...extra,
});
const uuidOf = (index: number): string => gpu(index).uuid;
const instance = (parent: number, device: number) => ({
	uuid: `MIG-${parent}${device}bb0000-0000-5000-8000-000000000000`,
	profile: '3g.40gb',
	path: `MIG-${uuidOf(parent)}/${device + 1}/0`,
});
const migOf = (parent: number, device: number): string => instance(parent, device).uuid;

/** Four alike. */
const alike = [0, 1, 2, 3].map((index) => gpu(index));
/** CUDA counts the faster one first, nvidia-smi by its place. */
const unlike = [gpu(0, {name: 'T400'}), gpu(1, {name: 'RTX 6000'})];
/** GPU 0 in two parts, GPU 1 in MIG mode without any, GPU 2 whole. */
const parted = [
	gpu(0, {migInstances: [instance(0, 0), instance(0, 1)]}),
	gpu(1, {migInstances: []}),
	gpu(2),
];

const host = (gpus: readonly ListedGpu[], given: Partial<PlanHost> = {}): PlanHost => ({
	gpus,
	cudaVisibleDevices: undefined,
	...given,
});
/** --gpus, as the command line reads it. */
const names = (...gpuNames: readonly string[]): Partial<RunOptions> => ({
	gpuNames,
	gpus: gpuNames.length,
});

const shown = (options: Partial<RunOptions>, on: PlanHost): readonly string[] =>
	planRun(runOptions(options), on).workers.map(
		({cudaVisibleDevices, gpuUuid, migUuid}) =>
			`${cudaVisibleDevices} | ${gpuUuid?.slice(0, 5) ?? '-'} | ${migUuid?.slice(0, 6) ?? '-'}`,
	);

const failure = (options: Partial<RunOptions>, on: PlanHost): UserError => {
	try {
		planRun(runOptions(options), on);
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		return error as UserError;
	}

	throw new Error('it was planned');
};

describe('what a worker is shown, and which GPU that is', () => {
	it.each<readonly [string, Partial<RunOptions>, PlanHost, readonly string[]]>([
		['the first', {}, host(alike), ['0 | GPU-0 | -']],
		['from an offset', {gpus: 2, gpuOffset: 2}, host(alike), ['2 | GPU-2 | -', '3 | GPU-3 | -']],
		['by index', names('3', '1'), host(alike), ['3 | GPU-3 | -', '1 | GPU-1 | -']],
		['by UUID', names(uuidOf(2)), host(alike), ['2 | GPU-2 | -']],
		['by its beginning', names('GPU-2a'), host(alike), ['2 | GPU-2 | -']],
		['in capitals', names('GPU-2AAA'), host(alike), ['2 | GPU-2 | -']],
		['both ways', names('GPU-1', '0'), host(alike), ['1 | GPU-1 | -', '0 | GPU-0 | -']],
		['index is nvidia-smi’s, on unlike GPUs too', names('1'), host(unlike), ['1 | GPU-1 | -']],
		[
			'an incoming list renumbers -ng',
			{gpus: 2},
			host(alike, {cudaVisibleDevices: '3,1'}),
			['3 | GPU-3 | -', '1 | GPU-1 | -'],
		],
		['but not --gpus', names('1'), host(alike, {cudaVisibleDevices: '3,1'}), ['1 | GPU-1 | -']],
		[
			'an incoming UUID is handed on as it came',
			names('3'),
			host(alike, {cudaVisibleDevices: `GPU-1a,${uuidOf(3)}`}),
			[`${uuidOf(3)} | GPU-3 | -`],
		],
		[
			'one that came twice is one',
			{},
			host(alike, {cudaVisibleDevices: `2,GPU-2a,2`}),
			['2 | GPU-2 | -'],
		],
		[
			'incoming numbers of unlike GPUs are CUDA’s: which they are is not known',
			{gpus: 2},
			host(unlike, {cudaVisibleDevices: '1,0'}),
			['1 | - | -', '0 | - | -'],
		],
		[
			'unless the order is nvidia-smi’s',
			{gpus: 2},
			host(unlike, {cudaVisibleDevices: '1,0', cudaDeviceOrder: 'PCI_BUS_ID'}),
			['1 | GPU-1 | -', '0 | GPU-0 | -'],
		],
		[
			'UUIDs of unlike GPUs are known beside such numbers',
			names('GPU-1'),
			host(unlike, {cudaVisibleDevices: '0,GPU-1'}),
			['GPU-1 | GPU-1 | -'],
		],
		[
			'MIG instances count as GPUs, and a whole one beside them goes by UUID',
			{gpus: 3},
			host(parted),
			[
				`${migOf(0, 0)} | GPU-0 | MIG-00`,
				`${migOf(0, 1)} | GPU-0 | MIG-01`,
				`${uuidOf(2)} | GPU-2 | -`,
			],
		],
		[
			'MIG by UUID, its beginning, and its old name',
			names('MIG-01', instance(0, 0).path),
			host(parted),
			[`${migOf(0, 1)} | GPU-0 | MIG-01`, `${migOf(0, 0)} | GPU-0 | MIG-00`],
		],
		[
			'an index of a GPU with a single instance',
			names('0'),
			host([gpu(0, {migInstances: [instance(0, 0)]})]),
			[`${migOf(0, 0)} | GPU-0 | MIG-00`],
		],
		[
			'an incoming index of a GPU in MIG mode leaves all of its instances',
			{gpus: 2},
			host(parted, {cudaVisibleDevices: '0'}),
			[`${migOf(0, 0)} | GPU-0 | MIG-00`, `${migOf(0, 1)} | GPU-0 | MIG-01`],
		],
		[
			'an incoming instance, by its old name',
			{},
			host(parted, {cudaVisibleDevices: instance(0, 1).path}),
			[`${instance(0, 1).path} | GPU-0 | MIG-01`],
		],
		[
			'without nvidia-smi an incoming list is all that is known',
			names('GPU-3'),
			host([], {cudaVisibleDevices: '1,GPU-3bc'}),
			['GPU-3bc | - | -'],
		],
		[
			'Slurm’s ids, where nothing else limits',
			{gpus: 2},
			host(alike, {slurm: {ids: '1,3', count: '2'}}),
			['1 | GPU-1 | -', '3 | GPU-3 | -'],
		],
		[
			'a cgroup has numbered Slurm’s GPUs anew: nvidia-smi’s list is the limit',
			{gpus: 2},
			host(alike.slice(0, 2), {slurm: {ids: '6,7', count: '2'}}),
			['0 | GPU-0 | -', '1 | GPU-1 | -'],
		],
		[
			'CUDA_VISIBLE_DEVICES is nearer than Slurm’s ids',
			{},
			host(alike, {cudaVisibleDevices: '0', slurm: {ids: '3', count: '1'}}),
			['0 | GPU-0 | -'],
		],
	])('%s', (_, options, on, expected) => {
		expect(shown(options, on)).toEqual(expected);
	});

	it('all processes and repeats of a GPU have the same one', () => {
		const options = {...names('2', '0'), processesPerGpu: 2, repeats: 2};
		expect(shown(options, host(alike))).toEqual(
			[1, 2].flatMap(() => ['2 | GPU-2 | -', '2 | GPU-2 | -', '0 | GPU-0 | -', '0 | GPU-0 | -']),
		);
	});
});

describe('what is refused, and what is told', () => {
	it.each<readonly [string, Partial<RunOptions>, PlanHost, readonly (string | RegExp)[]]>([
		[
			'an index that is not there',
			names('7'),
			host(alike),
			[/--gpus 7: there is no such GPU/, '3  H100'],
		],
		['a UUID that is not there', names('GPU-77'), host(alike), [/there is no such GPU/]],
		[
			'one that is hidden',
			names('0'),
			host(alike, {cudaVisibleDevices: '2,3'}),
			[/that GPU may not be used: CUDA_VISIBLE_DEVICES=2,3 leaves 2 usable/, '--gpus 2,3'],
		],
		[
			'one of another Slurm job',
			names('0'),
			host(alike, {slurm: {ids: '1,3', count: '2'}}),
			[/may not be used: Slurm's GPUs 1,3 leave 2 usable/, '--gpus 1,3'],
		],
		[
			'a GPU in several parts by its index',
			names('0'),
			host(parted),
			[/is in MIG mode and has several instances/, migOf(0, 0), migOf(0, 1)],
		],
		[
			'a GPU in MIG mode without instances',
			names('1'),
			host(parted),
			[/may not be used/, 'no MIG instance: CUDA cannot use it'],
		],
		['an instance that is not there', names('MIG-77'), host(parted), [/there is no such GPU/]],
		[
			'an instance that is hidden',
			names('MIG-00'),
			host(parted, {cudaVisibleDevices: migOf(0, 1)}),
			[/may not be used: CUDA_VISIBLE_DEVICES=MIG-01\S+ leaves 1 usable/, `--gpus ${migOf(0, 1)}`],
		],
		['a beginning of two', names('MIG-0'), host(parted), [/is the beginning of several UUIDs/]],
		['twice the same', names('1', 'GPU-1a'), host(alike), [/same GPU twice: 1 and GPU-1a/, '-np']],
		['a bare UUID', names('1aaa0000'), host(alike), ['--gpus GPU-1aaa0000']],
		['a profile', names('3g.40gb'), host(parted), [/names no GPU/]],
		['GPU- alone', names('GPU-'), host(alike), [/names no GPU/]],
		['a negative index', names('-1'), host(alike), [/names no GPU/]],
		['no GPU at all', names('0'), host([]), [/nvidia-smi sees no GPU/, 'measure CPU times only']],
		[
			'a number of another order',
			names('0'),
			host(unlike, {cudaVisibleDevices: '0,1'}),
			[/counts in CUDA's own order/, 'CUDA_DEVICE_ORDER=PCI_BUS_ID'],
		],
		[
			'numbers of that order beside UUIDs, which may be the same',
			{gpus: 2},
			host(unlike, {cudaVisibleDevices: '0,GPU-1'}),
			[/may be the same/],
		],
		['-ng that disagrees', {...names('0', '1'), gpus: 3}, host(alike), [/names 2, but -ng 3/]],
		['-go beside names', {...names('1'), gpuOffset: 1}, host(alike), [/-go 1 has no meaning/]],
		[
			'more than there are',
			{gpus: 4},
			host(parted),
			[/a GPU in MIG mode counts as its instances/, 'may reach 3', uuidOf(0)],
		],
	])('%s', (_, options, on, words) => {
		const {message, next} = failure(options, on);
		for (const word of words) {
			expect(`${message}\n${next}`).toMatch(word instanceof RegExp ? word : new RegExp(word));
		}
	});

	it.each<readonly [string, PlanHost, readonly string[]]>([
		['nothing where all is known', host(alike), []],
		['CUDA’s own order', host(unlike, {cudaVisibleDevices: '0'}), ['gpu-order']],
		['no order where UUIDs came', host(unlike, {cudaVisibleDevices: 'GPU-0a'}), []],
		[
			'a Slurm share of unknown GPUs',
			host(alike, {slurm: {ids: undefined, count: '2'}}),
			['gpu-allocation'],
		],
		[
			'ids that nvidia-smi has not',
			host(alike, {slurm: {ids: '8', count: '1'}}),
			['gpu-allocation'],
		],
		['ids of MIG instances', host(parted, {slurm: {ids: '0', count: '1'}}), ['gpu-allocation']],
		['nothing where Slurm gave all', host(alike, {slurm: {ids: '0-3', count: '4'}}), []],
		['only parts that CUDA cannot use', host(parted.slice(1, 2)), ['no-gpu']],
	])('warns: %s', (_, on, codes) => {
		expect(planRun(runOptions(), on).warnings.map(({code}) => code)).toEqual(codes);
	});
});
