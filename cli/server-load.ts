/** Around a traced server: the short load that it gets, and what is shown of its trace. */

import path from 'node:path';
import type {PerfAnalyzer} from '../launcher/find-perf-analyzer.ts';
import {runProgram} from '../launcher/run-program.ts';
import type {ServerRoom} from '../launcher/server-process.ts';
import type {StopSwitch} from '../launcher/stop-signal.ts';
import {pointFiles, warmupCommand} from '../perf-analyzer/sweep-plan.ts';
import type {SweepPlan} from '../schemas/sweep.ts';
import type {Parsed} from './options.ts';
import {printRows} from './print-rows.ts';
import type {ServerTrace} from './server-trace.ts';
import type {Terminal} from './terminal.ts';
import {sayWarnings} from './warning-lines.ts';

export interface ServerLoad {
	readonly plan: SweepPlan;
	readonly analyzer: PerfAnalyzer;
	readonly room: ServerRoom;
	readonly stop: StopSwitch;
	readonly pointTimeoutMs: number;
}

const orderOf = ({load}: SweepPlan['points'][number]): number =>
	load.kind === 'schedule' ? 0 : load.value;

/** The heaviest load: what queues there shows where the time goes. One window of a second. */
export const driveServer = async (
	{plan, analyzer, room, stop, pointTimeoutMs}: ServerLoad,
	folder: string,
): Promise<void> => {
	const point = plan.points.toSorted((a, b) => orderOf(a) - orderOf(b)).at(-1);
	const argv =
		point === undefined
			? null
			: warmupCommand({...plan, warmupRequests: 1}, point, {...analyzer, warmup: false});
	if (argv === null) {
		return;
	}

	const log = path.join(folder, pointFiles.stdout);
	await runProgram(
		{argv, cwd: folder, stdout: log, stderr: log, timeoutMs: pointTimeoutMs},
		{stop, token: room.programToken, graceMs: 3000},
	);
};

const howToAnnotate =
	"Triton's own are in builds with NVTX; a model in Python shows its with perf_utils, whose folder is in PYTHONPATH (docs/triton.md).";

export const showServerTrace = async (
	{report, input, models, kernels}: ServerTrace,
	parsed: Parsed,
	terminal: Terminal,
): Promise<void> => {
	sayWarnings(input.trace.warnings, terminal);
	terminal.say('info', `trace      ${report}`);
	await printRows(models, parsed, terminal);
	if (input.trace.ranges.length === 0) {
		terminal.say(
			'info',
			`note: the server showed no ranges: what is inside a model's computing cannot be told. ${howToAnnotate}`,
		);
	}

	if ((kernels.length ?? 1) > 0) {
		await printRows(kernels, parsed, terminal);
	} else {
		terminal.say('info', 'note: no kernels: nothing of the server ran on a GPU');
	}
};
