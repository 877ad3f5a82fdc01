import {describe, expect, it} from 'vitest';
import {decideOutcome, type WorkerStory} from '../../../launcher/worker-outcome.ts';
import type {WorkerEvidence} from '../../../launcher/worker-evidence.ts';
import {WorkerOutcome} from '../../../schemas/manifest.ts';

const decide = (
	evidence: Partial<WorkerEvidence>,
	story: Partial<WorkerStory> = {},
): WorkerOutcome => {
	const outcome = decideOutcome({
		intervention: null,
		startFailure: null,
		profiler: 'nsys',
		timeoutSeconds: 5,
		startedAt: '2025-01-01T00:00:00.000Z',
		wallSeconds: 2,
		...story,
		evidence: {
			report: 'report.nsys-rep',
			importFailure: null,
			status: 0,
			ending: {exitCode: 0, signal: null, spawnError: null},
			diskFull: false,
			stderrTail: 'program words',
			profilerTail: 'profiler words',
			...evidence,
		},
	});
	return WorkerOutcome.parse(outcome);
};

describe('decideOutcome', () => {
	it('a report and status 0: completed, whatever nsys exits with', () => {
		const ending = {exitCode: 1, signal: null, spawnError: null};
		expect(decide({ending})).toEqual({
			kind: 'completed',
			report: 'report.nsys-rep',
			startedAt: '2025-01-01T00:00:00.000Z',
			wallSeconds: 2,
		});
	});

	it.each<[string, Partial<WorkerEvidence>, Partial<WorkerStory>, object]>([
		['exit', {status: 3}, {}, {reason: 'program-exit', exitCode: 3, tail: 'program words'}],
		['signal', {status: 139}, {}, {reason: 'program-signal', signal: 'SIGSEGV', exitCode: null}],
		['255 is no signal', {status: 255}, {}, {reason: 'program-exit', exitCode: 255}],
		[
			'killed by want of memory',
			{status: 137},
			{},
			{signal: 'SIGKILL', next: expect.stringContaining('memory') as string},
		],
		[
			'no start',
			{status: null, report: null},
			{startFailure: 'Lost.'},
			{reason: 'profiler-not-started', message: 'Lost.'},
		],
		[
			'cannot be executed',
			{status: 127, stderrTail: 'benchmark-shim: 1: exec: x: not found'},
			{},
			{reason: 'program-not-started', tail: '1: exec: x: not found'},
		],
		['no report', {report: null}, {}, {reason: 'no-report', tail: 'profiler words'}],
		[
			'no import',
			{report: null, importFailure: 'libssh'},
			{},
			{reason: 'import-failed', tail: 'libssh'},
		],
		[
			'nsys was killed',
			{report: null, status: null, ending: {exitCode: null, signal: 'SIGKILL', spawnError: null}},
			{},
			{reason: 'profiler-failed'},
		],
		['full disk', {report: null, diskFull: true}, {}, {reason: 'disk'}],
		['full disk, which the program noticed', {status: 1, diskFull: true}, {}, {reason: 'disk'}],
		[
			'hung',
			{},
			{intervention: 'profiler-hung'},
			{reason: 'profiler-hung', report: 'report.nsys-rep'},
		],
		[
			'no recording',
			{report: null},
			{profiler: 'builtin'},
			{reason: 'no-report', next: expect.stringContaining('perf_utils') as string},
		],
	])('failed: %s', (_, evidence, story, expected) => {
		expect(decide(evidence, story)).toMatchObject({kind: 'failed', ...expected});
	});

	it('a disk that is nearly full harms no report that is there', () => {
		expect(decide({diskFull: true}).kind).toBe('completed');
	});

	it('what we ended ourselves is not the program’s failure', () => {
		expect(decide({status: 143}, {intervention: 'timed-out'})).toMatchObject({
			kind: 'timed-out',
			message: expect.stringContaining('--timeout 5 s') as string,
		});
		expect(decide({status: 130}, {intervention: 'stopped'})).toMatchObject({
			kind: 'cancelled',
			report: 'report.nsys-rep',
		});
	});
});
