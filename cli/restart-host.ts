/** A server that is started for each variant, with a copy of the model repository that holds it. */

import {mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {ToolError, UserError} from '../base/errors.ts';
import {describeDeath, readServerWords} from './server-log.ts';
import type {ServerProcess, ServerRoom} from '../launcher/server-process.ts';
import type {StopSignal} from '../launcher/stop-signal.ts';
import {slugOf, type InstanceVariant} from '../perf-analyzer/instance-variant.ts';
import {copyRepository} from '../perf-analyzer/model-repository.ts';
import type {ServerClient} from '../perf-analyzer/server-client.ts';
import {awaitVariant, type Brought, type InstanceHost} from './instance-host.ts';

/** Stands in the command for the copy's folder. */
export const repositoryPlaceholder = '{repository}';

/** Their file systems are not ours: a link in the repository would lead nowhere. */
const containers: ReadonlySet<string> = new Set([
	'docker',
	'podman',
	'nerdctl',
	'apptainer',
	'singularity',
]);

export interface RestartOptions {
	readonly client: ServerClient;
	/** The server and its arguments, with the placeholder. */
	readonly command: readonly string[];
	/** The user's, which is only read. */
	readonly repository: string;
	/** For a server to start and be ready. */
	readonly timeoutMs: number;
	readonly stop: StopSignal;
	/** For logs, and for the copies where they are kept. */
	readonly folder: string;
	readonly keepsCopies: boolean;
}

/** @throws UserError where the command has no place for the repository */
export const requirePlaceholder = (command: readonly string[]): void => {
	if (!command.some((word) => word.includes(repositoryPlaceholder))) {
		throw new UserError(`--server-command has no ${repositoryPlaceholder}`, {
			next: `The server reads a copy of the models, whose folder takes its place: "tritonserver --model-repository ${repositoryPlaceholder}".`,
		});
	}
};

/** Whether links in the repository reach where the command's server runs. */
export const mayLinkFor = (command: readonly string[]): boolean =>
	!command.some((word) => containers.has(path.basename(word)));

/** It splits its command lines at blanks, and reads paths as ASCII; the server then waits for it, and says nothing. */
const isOddPath = (folder: string): boolean => /[^\x21-\x7E]/.test(folder);

const howToName = (folder: string): string =>
	`Triton's Python backend does not start below a path with blanks or characters beyond ASCII, and the models are in ${folder}: another -o, or without --keep-repository another TMPDIR.`;

export class RestartHost implements InstanceHost {
	private readonly options: RestartOptions;
	private readonly room: ServerRoom;
	private readonly mayLink: boolean;
	private server: ServerProcess | null = null;
	private copy: string | null = null;

	constructor(options: RestartOptions, room: ServerRoom) {
		this.options = options;
		this.room = room;
		this.mayLink = mayLinkFor(options.command);
	}

	/** @throws UserError where another server is in the way: it would be measured in the place of ours */
	async open(): Promise<void> {
		const {client} = this.options;
		if (await client.isLive()) {
			throw new UserError(`a server answers at ${client.url.href} already`, {
				next: 'End it, give the command other ports and --http-url and -u to match, or leave --server-command away to measure that one.',
			});
		}
	}

	findDeath(): ToolError | undefined {
		return describeDeath(this.server);
	}

	async bring(variant: InstanceVariant): Promise<Brought> {
		await this.endServer();
		const {client, command, repository, timeoutMs, stop, folder, keepsCopies} = this.options;
		if (stop.level !== 'none') {
			return {kind: 'stopped'};
		}

		const slug = slugOf(variant);
		mkdirSync(folder, {recursive: true});
		const copy = path.join(keepsCopies ? folder : this.room.scratch, `models-${slug}`);
		rmSync(copy, {recursive: true, force: true});
		copyRepository(repository, variant.edited, variant.request, {
			to: copy,
			mayLink: this.mayLink,
		});
		this.copy = copy;
		const log = path.join(folder, `${slug}.log`);
		rmSync(log, {force: true});
		const argv = command.map((word) => word.replaceAll(repositoryPlaceholder, copy));
		this.server = this.room.start({argv, log});
		return awaitVariant({
			client,
			variant,
			timeoutMs,
			stop,
			findDeath: () => this.findDeath(),
			onTimeout: (problem) =>
				new ToolError(`${problem} after ${timeoutMs / 1000} s`, {
					argv,
					tail: readServerWords(log),
					log,
					next: isOddPath(copy) ? howToName(copy) : '--server-timeout gives it longer.',
				}),
		});
	}

	private async endServer(): Promise<readonly string[]> {
		const {server, copy} = this;
		const left = server === null ? [] : await this.room.end(server);
		this.server = null;
		if (copy !== null && !this.options.keepsCopies) {
			rmSync(copy, {recursive: true, force: true});
		}

		this.copy = null;
		return left.length === 0
			? []
			: [`the server's process ${left.join(', ')} does not end, not even when it is killed`];
	}

	async close(): Promise<readonly string[]> {
		return this.endServer();
	}
}
