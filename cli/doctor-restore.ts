/** `benchmark doctor --restore`: GPU settings that an ended run has left changed. */

import {ExitCode, ToolError, UserError} from '../base/errors.ts';
import {plural} from '../base/plural.ts';
import {
	isHolding,
	listClockRecords,
	locateClockRecords,
	readClockRecord,
} from '../launcher/clock-records.ts';
import {restoreClocks, type RestoredGpu, type RestoreOrder} from '../launcher/restore-clocks.ts';
import {describeUnrestored} from './clock-lines.ts';
import type {Terminal} from './terminal.ts';

/** --ended PID:TICKS, which only the guardian of a run gives. @throws UserError */
export const parseEnded = (text: string | undefined): RestoreOrder['ended'] => {
	if (text === undefined) {
		return null;
	}

	const [, pid, ticks] = /^(\d+):(\d+)$/.exec(text) ?? [];
	if (pid === undefined || ticks === undefined) {
		throw new UserError(`--ended takes a process and its start, not "${text}"`);
	}

	return {pid: Number(pid), startTicks: Number(ticks)};
};

const describeRestored = (gpu: RestoredGpu): string => {
	switch (gpu.kind) {
		case 'restored':
			return gpu.commands.length === 0
				? `GPU ${gpu.index}: nothing was changed`
				: `GPU ${gpu.index}: restored ${gpu.commands.map(({setting}) => setting).join(', ')}`;
		case 'held':
			return `GPU ${gpu.index}: in use by ${plural(gpu.holders.length, 'run')} (process ${gpu.holders.map(({pid}) => pid).join(', ')}); the last one restores it`;
		case 'failed':
		case 'unusable':
			return describeUnrestored(gpu) ?? '';
	}
};

/** @throws ToolError when the records cannot be reached */
export const restoreLeftClocks = async (
	ended: RestoreOrder['ended'],
	terminal: Terminal,
	env: NodeJS.ProcessEnv,
): Promise<number> => {
	const restoration = await restoreClocks({env, ended});
	if (restoration.kind === 'failed') {
		throw new ToolError(`GPU settings could not be restored: ${restoration.message}`, {
			next: 'Try again: benchmark doctor --restore.',
		});
	}

	const {gpus} = restoration;
	if (gpus.length === 0) {
		terminal.print('No GPU settings are left to restore.');
	}

	gpus.forEach((gpu) => terminal.print(describeRestored(gpu)));
	const isBroken = gpus.some((gpu) => describeUnrestored(gpu) !== null);
	return isBroken ? ExitCode.toolFailed : ExitCode.done;
};

/** A line per GPU that an ended run has left changed. Nothing is touched. */
export const describeLeftClocks = (env: NodeJS.ProcessEnv): readonly string[] => {
	const folder = locateClockRecords(env);
	return listClockRecords(folder).flatMap((uuid) => {
		const found = readClockRecord(folder, uuid);
		if (found.kind !== 'hold' || found.hold.holders.some(isHolding)) {
			return [];
		}

		const {changed, gpu, recordedAt} = found.hold;
		return changed.length === 0
			? []
			: [
					`GPU ${gpu.index}: ${changed.map(({setting}) => setting).join(', ')} still as a run of ${recordedAt} set it`,
				];
	});
};
