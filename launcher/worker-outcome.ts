/** How a worker ended, from what it left. Pure. The first cause that fits is the one that is told. */

import os from 'node:os';
import type {FailureReason, WorkerOutcome} from '../schemas/manifest.ts';
import {workerFiles} from '../schemas/run-files.ts';
import type {Intervention} from './follow-worker.ts';
import type {WorkerEvidence} from './worker-evidence.ts';
import {shimName} from './worker-shim.ts';

export interface WorkerStory {
	readonly intervention: Intervention;
	/** Why the program never ran; null when it did. */
	readonly startFailure: string | null;
	readonly evidence: WorkerEvidence;
	readonly profiler: 'nsys' | 'builtin';
	readonly timeoutSeconds: number | null;
	readonly startedAt: string;
	readonly wallSeconds: number;
}

interface Cause {
	readonly reason: FailureReason;
	readonly message: string;
	readonly tail: string;
	readonly next: string;
}

const shellSignalBase = 128;

/** A shell tells death by signal n as 128 + n; so does a program that exits with that number, as wrappers do. */
const signalOf = (status: number | null): string | null => {
	const found = Object.entries(os.constants.signals).find(
		([, number]) => number === (status ?? 0) - shellSignalBase,
	);
	return found?.[0] ?? null;
};

const lookIntoLogs = `Look into ${workerFiles.stderr} and ${workerFiles.stdout} in the worker's folder.`;
const makeRoom =
	'Make room there, or choose another disk: -o for the results, TMPDIR for the rest.';
const runDoctor =
	'Run `benchmark doctor`: it tries nsys out and says what is missing. --profiler builtin measures CPU times without it.';

const started = ({evidence, startFailure}: WorkerStory): Cause | undefined => {
	if (startFailure !== null) {
		return {
			reason: 'profiler-not-started',
			message: startFailure,
			tail: evidence.profilerTail,
			next: runDoctor,
		};
	}

	const ownWords = new RegExp(`^${shimName}: .*$`, 'm');
	const complaint =
		ownWords.exec(evidence.stderrTail)?.[0] ?? ownWords.exec(evidence.profilerTail)?.[0];
	return evidence.status !== null && evidence.status !== 0 && complaint !== undefined
		? {
				reason: 'program-not-started',
				message: 'The program could not be started.',
				tail: complaint.slice(shimName.length + 2),
				next: 'Check that it runs by itself on this machine.',
			}
		: undefined;
};

const diskFull = ({evidence}: WorkerStory): Cause | undefined =>
	evidence.diskFull && (evidence.report === null || evidence.status !== 0)
		? {
				reason: 'disk',
				message: 'The disk of the results or of temporary files is full.',
				tail: evidence.profilerTail || evidence.stderrTail,
				next: makeRoom,
			}
		: undefined;

const hung = ({intervention, evidence}: WorkerStory): Cause | undefined =>
	intervention === 'profiler-hung'
		? {
				reason: 'profiler-hung',
				message: 'The program ended, but nsys did nothing more and was killed.',
				tail: evidence.profilerTail,
				next: 'Run it again; if it stays, try a newer nsys (`npm run nsys`, --nsys).',
			}
		: undefined;

const programFailed = ({evidence}: WorkerStory): Cause | undefined => {
	const {status, stderrTail: tail} = evidence;
	if (status === null || status === 0) {
		return undefined;
	}

	const signal = signalOf(status);
	return signal === null
		? {
				reason: 'program-exit',
				message: `The program exited with code ${status}.`,
				tail,
				next: lookIntoLogs,
			}
		: {
				reason: 'program-signal',
				message: `The program was killed by ${signal}.`,
				tail,
				next:
					signal === 'SIGKILL'
						? `The machine may have run out of memory. ${lookIntoLogs}`
						: lookIntoLogs,
			};
};

const profilerFailed = ({evidence, profiler}: WorkerStory): Cause | undefined => {
	const {status, ending, profilerTail: tail} = evidence;
	if (profiler === 'builtin' || status !== null) {
		return undefined;
	}

	const how =
		ending?.signal ?? (ending === null ? 'nobody knows what' : `code ${ending.exitCode ?? 0}`);
	return {
		reason: 'profiler-failed',
		message: `nsys ended (${how}) before the program did; the program was ended too.`,
		tail,
		next: runDoctor,
	};
};

const reportMissing = ({evidence, profiler}: WorkerStory): Cause | undefined => {
	if (evidence.report !== null) {
		return undefined;
	}

	if (profiler === 'builtin') {
		return {
			reason: 'no-report',
			message: 'The program recorded no ranges.',
			tail: evidence.stderrTail,
			next: 'Without nsys only programs that use our annotations (perf_utils, nsys-benchmark/annotations) can be measured. Get nsys with `npm run nsys`.',
		};
	}

	return evidence.importFailure === null
		? {
				reason: 'no-report',
				message: 'nsys left no report.',
				tail: evidence.profilerTail,
				next: runDoctor,
			}
		: {
				reason: 'import-failed',
				message: `nsys recorded the program but could not make a report of it (${workerFiles.unimported} is kept).`,
				tail: evidence.importFailure,
				next: 'This nsys lacks its importer or a library of it: `npm run nsys` fetches a whole one. QdstrmImporter of another installation can still import the file.',
			};
};

/** In the order in which one cause explains the others. */
const causes = [started, hung, diskFull, programFailed, profilerFailed, reportMissing];

const explainInterruption = ({
	intervention,
	timeoutSeconds,
	evidence,
}: WorkerStory):
	| {
			readonly kind: 'timed-out' | 'cancelled';
			readonly message: string;
			readonly tail: string;
			readonly next: string;
	  }
	| undefined => {
	const kept =
		evidence.report === null ? 'Nothing was measured.' : 'What was measured until then is kept.';
	switch (intervention) {
		case 'stopped':
			return {kind: 'cancelled', message: 'The run was stopped.', tail: '', next: kept};
		case 'timed-out':
			return {
				kind: 'timed-out',
				message: `The program ran longer than --timeout ${timeoutSeconds ?? 0} s and was ended.`,
				tail: evidence.stderrTail,
				next: `${kept} Give it more time with --timeout, or see in its logs where it hangs.`,
			};
		case 'profiler-hung':
		case null:
			return undefined;
	}
};

export const decideOutcome = (story: WorkerStory): WorkerOutcome => {
	const {evidence, startedAt, wallSeconds} = story;
	const {report, status} = evidence;
	const facts = {report, startedAt, wallSeconds};
	const interruption = explainInterruption(story);
	if (interruption !== undefined) {
		return {...interruption, ...facts};
	}

	for (const findCause of causes) {
		const cause = findCause(story);
		if (cause !== undefined) {
			const signal = signalOf(status);
			const exitCode = signal === null ? status : null;
			return {kind: 'failed', ...facts, ...cause, exitCode, signal};
		}
	}

	if (report === null) {
		throw new Error('a worker without a report has a cause');
	}

	return {kind: 'completed', startedAt, wallSeconds, report};
};
