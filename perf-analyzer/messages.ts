/**
 * What perf_analyzer says when something is wrong, on either stream, by how its lines begin. It gives no codes: its texts
 * are all there is to go by, and its own exit code is lost in the Python package's wrapper.
 */

import type {Warning} from '../schemas/warning.ts';

/** What a message means for the point that it speaks of. */
export type MessageEffect =
	| 'unstable'
	| 'over-limit'
	/** The point, or all of them, has no result. */
	| 'failed'
	/** There is a result, and something about it is wrong or missing. */
	| 'doubt'
	/** The user or the system stopped it: earlier points stand. */
	| 'stopped'
	/** Good to know. */
	| 'note';

interface MessageKind {
	readonly begins: RegExp;
	readonly code: string;
	readonly effect: MessageEffect;
	/** What it means, and what to do. */
	readonly meaning: string;
}

/** The first that fits counts. */
const kinds: readonly MessageKind[] = [
	{
		begins: /^Failed to obtain stable measurement/,
		code: 'unstable',
		effect: 'unstable',
		meaning: 'perf_analyzer dropped this point as unstable; a longer measurement interval helps',
	},
	{
		begins: /^Measured latency went over the set limit/,
		code: 'over-limit',
		effect: 'over-limit',
		meaning: 'the latency is above the limit of -l, and perf_analyzer ended its sweep here',
	},
	{
		begins: /^Warning: Request latency is not stabilizing/,
		code: 'latency-unstable',
		effect: 'doubt',
		meaning:
			'accepted for its steady throughput alone: the latency still rose, as behind a full queue',
	},
	{
		begins: /^WARNING: Pass contained only one request/,
		code: 'single-request',
		effect: 'doubt',
		meaning: 'a window had one request, which has no standard deviation',
	},
	{
		begins: /^Server average accounted time was larger than client average wait time/,
		code: 'network-clamped',
		effect: 'doubt',
		meaning: 'the network time was negative and is given as 0: too few requests for these means',
	},
	{
		begins: /^Failed to maintain requested inference load/,
		code: 'worker-failed',
		effect: 'failed',
		meaning: 'a request failed; earlier points of the same call of perf_analyzer are lost too',
	},
	{
		begins: /Output (?:size )?doesn't match expected (?:output|size)/,
		code: 'output-mismatch',
		effect: 'failed',
		meaning: 'an answer differs from validation_data; the comparison goes byte by byte',
	},
	{
		begins: /^Thread \[\d+\] had error:/,
		code: 'worker-error',
		effect: 'failed',
		meaning: 'this is why the request failed',
	},
	{
		begins: /^Failed to retrieve results from inference request/,
		code: 'no-answer',
		effect: 'failed',
		meaning: 'an answer never came or was not the expected one',
	},
	{
		begins: /^No valid requests recorded within time interval/,
		code: 'no-requests',
		effect: 'failed',
		meaning: 'no request ended inside a window: measure longer than a request takes',
	},
	{
		begins: /^Server side statistics compute counts must be the same/,
		code: 'server-statistics-differ',
		effect: 'failed',
		meaning: "the server's counters do not fit each other, and perf_analyzer aborted",
	},
	{
		begins: /^terminate called /,
		code: 'aborted',
		effect: 'failed',
		meaning: 'perf_analyzer crashed; what it said before tells why',
	},
	{
		begins: /^error: /,
		code: 'start-failed',
		effect: 'failed',
		meaning: 'perf_analyzer ended before it measured',
	},
	{
		begins: /^(?:Unable to connect to Metrics endpoint|Metrics endpoint curling did not succeed)/,
		code: 'metrics-unreachable',
		effect: 'failed',
		meaning:
			'--collect-metrics needs the metrics port of the server; without it nothing is measured',
	},
	{
		begins: /^WARNING: Unable to parse '\w+' metric/,
		code: 'metric-missing',
		effect: 'doubt',
		meaning: 'the server gives no such GPU metric, as on MIG slices and Jetson',
	},
	{
		begins: /^WARNING: Triton metrics endpoint latency/,
		code: 'metrics-slow',
		effect: 'doubt',
		meaning: 'GPU metrics came less often than asked for: raise --metrics-interval',
	},
	{
		begins:
			/^WARNING: (?:The maximum attainable concurrency will be limited|Overriding max_threads)/,
		code: 'max-threads',
		effect: 'note',
		meaning: 'the number of threads bounds the load',
	},
	{
		begins: /^WARNING: Multiple versions of model/,
		code: 'several-versions',
		effect: 'doubt',
		meaning: "the server's numbers may be of another version: choose one with -x",
	},
	{
		begins: /^WARNING: data type '.*' is not supported with JSON/,
		code: 'export-incomplete',
		effect: 'note',
		meaning: 'tensors of that type are left out of the request export; times are complete',
	},
	{
		begins: /^can not specify batch size > 1/,
		code: 'batch-size-refused',
		effect: 'failed',
		meaning: 'the model takes no batches',
	},
	{
		begins: /^Error: /,
		code: 'usage',
		effect: 'failed',
		meaning: "perf_analyzer's command line was wrong",
	},
	{
		begins:
			/^(?:Interrupt signal \(\d+\) received|Waiting for in-flight inferences to complete|Received exit signal)/,
		code: 'interrupted',
		effect: 'stopped',
		meaning: 'perf_analyzer was stopped; what it had measured stands',
	},
	{
		begins: /^\[WARNING\] Perf Analyzer was not able to keep up with the desired request rate/,
		code: 'rate-not-kept',
		effect: 'doubt',
		meaning: 'requests were sent late: the load was lower than its name says',
	},
	{
		begins: /^\[WARNING\] Perf Analyzer is not able to keep up with the desired load/,
		code: 'client-bound',
		effect: 'doubt',
		meaning: 'the client spent most of its time on itself: the server can do more than this',
	},
	{
		begins: /^Too many GPUs on system/,
		code: 'gpus-not-printed',
		effect: 'note',
		meaning: 'GPU metrics of more than 16 GPUs stand in the CSV only',
	},
];

export interface Message {
	readonly effect: MessageEffect;
	readonly warning: Warning;
	/** Of the point that is meant, where it is named. */
	readonly concurrency: number | undefined;
}

const longestQuote = 300;

/** What was read, as part of a message: in one line, without what a terminal would take for a command. */
export const quoteLine = (line: string): string => {
	const plain = line.replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ').trim();
	return plain.length > longestQuote ? `${plain.slice(0, longestQuote)}...` : plain;
};

/** @param line without blanks around it; undefined where it is no message */
export const classifyMessage = (line: string): Message | undefined => {
	const kind = kinds.find(({begins}) => begins.test(line));
	if (kind === undefined) {
		return undefined;
	}

	const concurrency = /for concurrency (\d{1,9})\b/.exec(line)?.[1];
	return {
		effect: kind.effect,
		warning: {code: kind.code, message: `${kind.meaning} ("${quoteLine(line)}")`},
		concurrency: concurrency === undefined ? undefined : Number(concurrency),
	};
};
