/**
 * `--server-command` of `triton sweep`: a server that lives as long as the sweep. With --trace-server it is started once
 * more afterwards, under nsys.
 */

import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {ToolError, UserError} from '../base/errors.ts';
import type {PerfAnalyzer} from '../launcher/find-perf-analyzer.ts';
import type {ServerProcess, ServerRoom} from '../launcher/server-process.ts';
import type {StopSwitch} from '../launcher/stop-signal.ts';
import {readServerUrl, ServerClient} from '../perf-analyzer/server-client.ts';
import {splitCommand} from './command-words.ts';
import {awaitModel, type ModelWait} from './instance-host.ts';
import {flagOption, secondsOption, textOption, type Parsed} from './options.ts';
import {repositoryPlaceholder} from './restart-host.ts';
import {driveServer, showServerTrace} from './server-load.ts';
import {describeDeath, readServerWords} from './server-log.ts';
import {requireNsys, traceServer} from './server-trace.ts';
import type {Terminal} from './terminal.ts';
import type {SweepRequest} from './triton-sweep-options.ts';

export interface SweepServerOptions {
	readonly command: readonly string[];
	readonly timeoutMs: number;
	readonly traces: boolean;
	/** --nsys; null: search. */
	readonly nsys: string | null;
}

/** @returns undefined where a server runs already. @throws UserError */
export const readSweepServer = (parsed: Parsed): SweepServerOptions | undefined => {
	const text = textOption(parsed, 'server-command');
	if (text === undefined) {
		const idle = ['trace-server', 'nsys', 'server-timeout'].find(
			(name) => parsed[name] !== undefined && parsed[name] !== false,
		);
		if (idle !== undefined) {
			throw new UserError(`--${idle} has no meaning without --server-command`, {
				next: 'A server that runs already cannot be traced: --server-command "tritonserver ..." starts one.',
			});
		}

		return undefined;
	}

	const command = splitCommand(text, '--server-command');
	if (command.some((word) => word.includes(repositoryPlaceholder))) {
		throw new UserError(
			`--server-command has ${repositoryPlaceholder}, which only instances fills`,
			{
				next: "Name the models' folder itself: a sweep changes no configuration.",
			},
		);
	}

	return {
		command,
		timeoutMs: (secondsOption(parsed, 'server-timeout') ?? 300) * 1000,
		traces: flagOption(parsed, 'trace-server'),
		nsys: textOption(parsed, 'nsys') ?? null,
	};
};

export interface SweepServerScene {
	readonly request: SweepRequest;
	readonly options: SweepServerOptions;
	readonly room: ServerRoom;
	readonly stop: StopSwitch;
}

export class SweepServer {
	private readonly scene: SweepServerScene;
	private readonly client: ServerClient;
	private readonly folder: string;
	private server: ServerProcess | null = null;

	constructor(scene: SweepServerScene) {
		this.scene = scene;
		const {request} = scene;
		this.client = new ServerClient(
			readServerUrl(request.plan.urls.http ?? 'localhost:8000', '--http-url'),
		);
		this.folder = path.join(request.outputFolder, 'server');
	}

	private get log(): string {
		return path.join(this.folder, 'server.log');
	}

	/** Why it is no more; undefined while it lives. */
	findDeath(): ToolError | undefined {
		return describeDeath(this.server);
	}

	/**
	 * Resolves when the model is ready, or the user stops.
	 * @throws UserError where another server is in the way, ToolError where this one does not get ready
	 */
	async start(): Promise<void> {
		const {client, log} = this;
		const {request, options, room, stop} = this.scene;
		if (await client.isLive()) {
			throw new UserError(`a server answers at ${client.url.href} already`, {
				next: 'End it, give the command other ports and --http-url and -u to match, or leave --server-command away to measure that one.',
			});
		}

		mkdirSync(this.folder, {recursive: true});
		this.server = room.start({argv: options.command, log});
		const wait: ModelWait = {
			...{client, stop, timeoutMs: options.timeoutMs, model: request.plan.model},
			findDeath: () => this.findDeath(),
			onTimeout: (problem) =>
				new ToolError(`${problem} after ${options.timeoutMs / 1000} s`, {
					...{argv: options.command, tail: readServerWords(log), log},
					next: '--server-timeout gives it longer; --http-url names its HTTP port.',
				}),
		};
		const brought = await awaitModel(wait);
		if (brought.kind === 'failed') {
			throw brought.error;
		}
	}

	async end(): Promise<void> {
		const {server} = this;
		this.server = null;
		if (server !== null) {
			await this.scene.room.end(server);
		}
	}

	/** After the sweep, with its server ended. @throws UserError, ToolError where there is no nsys, or no report */
	async trace(
		analyzer: PerfAnalyzer,
		env: NodeJS.ProcessEnv,
		parsed: Parsed,
		terminal: Terminal,
	): Promise<void> {
		const {request, options, room, stop} = this.scene;
		const {plan, pointTimeoutMs} = request;
		if (stop.level !== 'none') {
			return;
		}

		const folder = path.join(this.folder, 'trace');
		terminal.say('info', `tracing ${plan.model}`);
		const trace = await traceServer(
			{
				...{nsys: options.nsys, env, client: this.client, timeoutMs: options.timeoutMs},
				...{command: options.command, model: plan.model, stop, folder},
				drive: () => driveServer({plan, analyzer, room, stop, pointTimeoutMs}, folder),
			},
			room,
		);
		await showServerTrace(trace, parsed, terminal);
	}
}

/** What cannot work is said before anything is measured. @throws UserError */
export const checkSweepServer = async (
	options: SweepServerOptions | undefined,
	env: NodeJS.ProcessEnv,
): Promise<void> => {
	if (options?.traces === true) {
		await requireNsys(options.nsys, env);
	}
};
