/** `--dry-run`: what -m or --lock-clocks would send, as lines of a shell. Nothing is sent, and nothing runs. */

import {UserError} from '../base/errors.ts';
import {
	composeClockCommands,
	composeRestoreCommands,
	formatSmiCommand,
	type ClockFacts,
} from '../launcher/clock-commands.ts';
import {locateClockRecords, readClockRecord} from '../launcher/clock-records.ts';
import {readClockFacts} from '../launcher/read-clock-facts.ts';
import type {ClockRequest} from '../launcher/run-options.ts';
import {formatWish} from './clock-lines.ts';
import {listUsedGpus, sayNoGpu, type PlannedWorkers} from './held-clocks.ts';
import type {Terminal} from './terminal.ts';

/** Where a run holds the GPU, or has left it changed, it is restored to what was before that. */
const describeGpu = (
	facts: ClockFacts,
	{wish}: ClockRequest,
	env: NodeJS.ProcessEnv,
): readonly string[] => {
	const commands = composeClockCommands(facts, wish);
	const found = readClockRecord(locateClockRecords(env), facts.uuid);
	const before = found.kind === 'hold' ? found.hold.before : facts.settings;
	const settings = commands.map(({setting}) => setting);
	return [
		`# GPU ${facts.index}  ${facts.name}  ${facts.uuid}: ${formatWish(wish)}`,
		...commands.map(formatSmiCommand),
		'# afterwards',
		...composeRestoreCommands(facts.uuid, before, settings).map(formatSmiCommand),
	];
};

/** @throws UserError as composeClockCommands, and where JSON is wanted */
export const printClockCommands = async (
	{request, json}: {readonly request: ClockRequest; readonly json: boolean},
	plans: readonly PlannedWorkers[],
	{terminal, env}: {readonly terminal: Terminal; readonly env: NodeJS.ProcessEnv},
): Promise<void> => {
	if (json) {
		throw new UserError('--dry-run prints commands of a shell, not JSON', {
			next: 'Leave out --json.',
		});
	}

	const {gpus} = await readClockFacts(listUsedGpus(plans));
	if (gpus.length === 0) {
		sayNoGpu(request, terminal);
	}

	// All first: an error in the second GPU must not follow half a script.
	gpus
		.map((facts) => describeGpu(facts, request, env))
		.forEach((lines) => terminal.print(lines.join('\n')));
};
