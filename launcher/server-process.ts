/**
 * A server that we start, measure and end: in a session of its own, found again by its token whatever it starts, and ended
 * with all of it, also when we are killed ourselves (reaper.ts).
 */

import {randomBytes} from 'node:crypto';
import {workerEnvironment} from '../base/annotation-protocol.ts';
import {startReaper, type Reaper} from './reaper.ts';
import {pollUntil} from './poll.ts';
import {executableOf, readCommandLine, type ProcessEntry} from './process-table.ts';
import {isOfPythonBackend, listSharedMemory, removeSharedMemory} from './shared-memory.ts';
import {spawnWorker, type Ending, type WorkerChild} from './spawn-worker.ts';
import {
	endWorkerProcesses,
	findWorkerProcesses,
	signalProcesses,
	type WorkerMarks,
} from './worker-processes.ts';
import {createRunScratch, removeScratch} from './worker-scratch.ts';

export interface ServerOrder {
	readonly argv: readonly string[];
	/** Added to our own environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** Both outputs, appended. */
	readonly log: string;
	/** Where the command is nsys, which starts the server: the folders of its executables. */
	readonly profilerFolders?: readonly string[];
}

/** A server that is asked to end finishes its requests and unloads its models, which takes Triton seconds. */
const patienceMs = 20_000;

/** Behind that, until a killed process that still lives is given up. */
const deadlineMs = patienceMs + 10_000;

const pollMs = 20;

export class ServerProcess {
	readonly log: string;
	private readonly child: WorkerChild;
	private readonly marks: WorkerMarks;

	constructor({argv, env = {}, log, profilerFolders = []}: ServerOrder, token: string) {
		this.log = log;
		const ours = Object.entries(process.env).flatMap(([name, value]) =>
			value === undefined ? [] : [[name, value] as const],
		);
		const all = {...Object.fromEntries(ours), ...env, [workerEnvironment.token]: token};
		this.child = spawnWorker({argv, env: all, log});
		const {pid} = this.child;
		const profiler = {pid, folders: profilerFolders};
		this.marks = {token, session: pid, profiler, seen: new Set()};
	}

	/** null while it runs. */
	get ending(): Ending | null {
		return this.child.ending;
	}

	/** "exit code 1", "signal SIGKILL", or why it could not be started; undefined while it runs. */
	get endingText(): string | undefined {
		const {ending} = this;
		if (ending === null) {
			return undefined;
		}

		return (
			ending.spawnError ??
			(ending.signal === null ? `exit code ${ending.exitCode ?? 0}` : `signal ${ending.signal}`)
		);
	}

	/** The server itself, under a profiler: what is none of the profiler's and was started by it. */
	private listServers(): readonly ProcessEntry[] {
		const {profiler} = this.marks;
		const isOfProfiler = ({pid}: ProcessEntry): boolean =>
			pid === profiler?.pid ||
			profiler?.folders.some((folder) => executableOf(pid)?.startsWith(`${folder}/`)) === true;
		const ours = findWorkerProcesses(this.marks).filter((entry) => !isOfProfiler(entry));
		const pids = new Set(ours.map(({pid}) => pid));
		return ours.filter(({parent}) => !pids.has(parent));
	}

	/** The command lines of all its processes, by pid. */
	listCommands(): ReadonlyMap<number, readonly string[]> {
		return new Map(
			findWorkerProcesses(this.marks).map(({pid}) => [pid, readCommandLine(pid)] as const),
		);
	}

	/**
	 * Asks the server to end, and waits for the profiler to write its report. What a server has started ends with it: asked
	 * too, it would be gone before it has handed over what it recorded.
	 * @returns whether the profiler has ended by itself in time
	 */
	async endProfiled(timeoutMs: number): Promise<boolean> {
		signalProcesses(this.listServers(), 'SIGTERM');
		const deadline = performance.now() + timeoutMs;
		const ended = await pollUntil(
			() => (this.ending !== null ? true : performance.now() > deadline ? false : undefined),
			pollMs,
		);
		await this.end();
		return ended;
	}

	/**
	 * Asks all of it to end, as Ctrl-C would, and kills what does not.
	 * @returns the pids that would not die
	 */
	async end(): Promise<readonly number[]> {
		const processes = findWorkerProcesses(this.marks);
		const memory = listSharedMemory(processes).filter(isOfPythonBackend);
		signalProcesses(processes, 'SIGTERM');
		const left = await endWorkerProcesses(this.marks, {patienceMs, deadlineMs});
		if (left.length === 0) {
			await pollUntil(() => this.ending ?? undefined, pollMs);
			removeSharedMemory(memory);
		}

		return left;
	}
}

/** What servers of one call share: a temporary folder, and the shell that cleans up where we cannot. */
export class ServerRoom {
	/** Removed with the room. */
	readonly scratch: string;
	private readonly token = randomBytes(8).toString('hex');
	private readonly reaper: Reaper;
	private readonly running = new Set<ServerProcess>();
	private started = 0;

	constructor() {
		this.scratch = createRunScratch();
		this.reaper = startReaper(this.token, this.scratch);
	}

	/** For a program that is no server (run-program.ts), so that it is cleaned up alike. */
	get programToken(): string {
		return `${this.token}.program`;
	}

	start(order: ServerOrder): ServerProcess {
		const server = new ServerProcess(order, `${this.token}.${this.started++}`);
		this.running.add(server);
		return server;
	}

	/** @returns the pids that would not die */
	async end(server: ServerProcess): Promise<readonly number[]> {
		this.running.delete(server);
		return server.end();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const server of this.running) {
			await server.end();
		}

		this.running.clear();
		await this.reaper.dismiss();
		removeScratch(this.scratch);
	}
}
