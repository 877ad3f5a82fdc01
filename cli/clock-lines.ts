/** What people read of GPU clocks that were set, refused or restored. */

import {plural} from '../base/plural.ts';
import {
	composeRestoreCommands,
	formatSmiCommand,
	type SmiCommand,
} from '../launcher/clock-commands.ts';
import type {RestoredGpu} from '../launcher/restore-clocks.ts';
import type {ClockWish, RunClocks} from '../schemas/clocks.ts';

type GpuReport = RunClocks['gpus'][number];

export const formatWish = (wish: ClockWish): string =>
	wish === 'maximize' ? '-m' : `--lock-clocks ${wish}`;

const asRoot = (command: Pick<SmiCommand, 'arguments'>): string =>
	`    sudo ${formatSmiCommand(command)}`;

const undoOf = ({uuid, before}: GpuReport, settings: readonly SmiCommand['setting'][]) =>
	before === null ? [] : composeRestoreCommands(uuid, before, settings);

/** All refusals in one message, since they have one cause: what to type before the run, and what after it. */
export const describeRefusals = (gpus: readonly GpuReport[]): string | null => {
	const refused = gpus.map((gpu) => ({
		gpu,
		commands: gpu.commands.filter(({outcome}) => outcome === 'no-permission'),
	}));
	const commands = refused.flatMap((one) => one.commands);
	const [first] = commands;
	if (first === undefined) {
		return null;
	}

	const undo = refused.flatMap((one) =>
		undoOf(
			one.gpu,
			one.commands.map(({setting}) => setting),
		),
	);
	const indices = refused.flatMap(({gpu, commands: own}) => (own.length > 0 ? [gpu.index] : []));
	return [
		`the clocks of GPU ${indices.join(', ')} are not set as asked: nvidia-smi says "${first.message}". It goes on with the clocks that they have. Root can set them before a run:`,
		...commands.map(asRoot),
		'and restore them after it:',
		...undo.map(asRoot),
		'A run that is itself started by root does both.',
	].join('\n');
};

/** Of one GPU: what failed otherwise. */
export const describeFailures = ({index, commands}: GpuReport): readonly string[] =>
	commands
		.filter(({outcome}) => outcome === 'failed')
		.map(
			(sent) =>
				`GPU ${index}: \`${formatSmiCommand(sent)}\` failed: ${sent.message === '' ? 'it said nothing' : sent.message}`,
		);

/** What matters to few: what this GPU does not have, and a clock that it does not tell yet. */
export const describeDetails = (gpu: GpuReport): readonly string[] => {
	const {index, commands, targetMhz, toldMhz} = gpu;
	return [
		...commands
			.filter(({outcome}) => outcome === 'not-supported')
			.map((sent) => `GPU ${index} has no ${sent.setting}: ${sent.message}`),
		...(targetMhz === null || toldMhz === null || Math.abs(targetMhz - toldMhz) <= 30
			? []
			: [`GPU ${index} is locked to ${targetMhz} MHz and tells ${toldMhz} MHz while it idles`]),
	];
};

const listDone = ({commands}: GpuReport): readonly string[] =>
	commands.filter(({outcome}) => outcome === 'done').map(({setting}) => setting);

/** GPUs of several models have clocks of their own: "1410 MHz on GPU 0, 1980 MHz on GPU 1, 2". */
const describeTargets = (gpus: readonly GpuReport[]): string => {
	const byClock = new Map<number, number[]>();
	for (const {index, targetMhz} of gpus) {
		if (targetMhz !== null) {
			byClock.set(targetMhz, [...(byClock.get(targetMhz) ?? []), index]);
		}
	}

	const isOne = byClock.size === 1 && gpus.every(({targetMhz}) => targetMhz !== null);
	const clocks = [...byClock].map(
		([clock, indices]) => `${clock} MHz${isOne ? '' : ` on GPU ${indices.join(', ')}`}`,
	);
	return clocks.length === 0 ? '' : `, graphics clock ${clocks.join(', ')}`;
};

/** null where nothing was set. */
export const describeSet = ({gpus, requested}: RunClocks): string | null => {
	const set = gpus.filter((gpu) => listDone(gpu).length > 0);
	const settings = [...new Set(set.flatMap(listDone))].join(', ');
	return set.length === 0
		? null
		: `${formatWish(requested)}: set ${settings} of ${plural(set.length, 'GPU')}${describeTargets(set)}; restored when it ends.`;
};

/** What is not as before, and what to type. null: all is well, or someone else's to restore. */
export const describeUnrestored = (gpu: RestoredGpu): string | null => {
	switch (gpu.kind) {
		case 'restored':
		case 'held':
			return null;
		case 'unusable':
			return `GPU settings could not be restored: ${gpu.file}: ${gpu.reason}. Try later: benchmark doctor --restore`;
		case 'failed':
			return [
				`the settings of GPU ${gpu.index} are not restored: ${gpu.message === '' ? 'nvidia-smi said nothing' : gpu.message}. Type:`,
				...gpu.pending.map(asRoot),
				'or, which also forgets the record of it: sudo benchmark doctor --restore',
			].join('\n');
	}
};
