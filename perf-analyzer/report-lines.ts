/**
 * Lines of perf_analyzer's report and the numbers that they set. Versions differ in order and wording, so that each line is
 * told by its words and never by its place.
 */

import type {
	ClientStatistics,
	GpuMetrics,
	MeasuredWindow,
	ServerStatistics,
} from '../schemas/study.ts';
import type {ParsedPoint} from './parsed-file.ts';
import {
	numberPattern as real,
	readCount,
	readMicroseconds,
	readPercentage,
	readReal,
} from './printed-numbers.ts';

type Writable<Type> = {-readonly [Key in keyof Type]: Type[Key]};
export type ClientNumbers = Writable<ClientStatistics>;
export type ServerNumbers = Writable<ServerStatistics>;
type NumberKey<Type> = Exclude<keyof Type, 'percentiles'>;

/** Sets what was told; leaves what was not. */
const put = <Key extends PropertyKey>(
	target: Partial<Record<Key, number | undefined>>,
	key: Key,
	value: number | undefined,
): void => {
	if (value !== undefined) {
		target[key] = value;
	}
};

interface NumberLine<Target> {
	readonly pattern: RegExp;
	/** Of the pattern's groups, in their order. */
	readonly keys: readonly NumberKey<Target>[];
	readonly read: (text: string) => number | undefined;
}

const line = (text: string): RegExp => new RegExp(`^${text.replaceAll('#', `(${real})`)}$`);

const clientLines: readonly NumberLine<ClientStatistics>[] = [
	{pattern: /^Request count: (\d+)$/, keys: ['requestCount'], read: readCount},
	{pattern: line('Throughput: # infer/sec'), keys: ['throughput'], read: readReal},
	{pattern: line('Response Throughput: # infer/sec'), keys: ['responseThroughput'], read: readReal},
	{pattern: line('Avg send request rate: # infer/sec'), keys: ['sendRate'], read: readReal},
	{pattern: line('Avg client overhead: #%'), keys: ['overhead'], read: readPercentage},
	{
		pattern: line(String.raw`\[WARNING\] Perf Analyzer was not able to keep up.*\. #% of the.*`),
		keys: ['delayed'],
		read: readPercentage,
	},
	{
		pattern: line(String.raw`Sequence count: # \(# seq/sec\)`),
		keys: ['sequenceCount', 'sequenceRate'],
		read: readReal,
	},
	{
		pattern: /^Avg latency: (\d+) usec(?: \(standard deviation (\d+) usec\))?$/,
		keys: ['mean', 'std'],
		read: readMicroseconds,
	},
];

const serverLines: readonly NumberLine<ServerStatistics>[] = [
	{pattern: /^Inference count: (\d+)$/, keys: ['inferenceCount'], read: readCount},
	{pattern: /^Execution count: (\d+)$/, keys: ['executionCount'], read: readCount},
	{pattern: /^Cache hit count: (\d+)$/, keys: ['cacheHitCount'], read: readCount},
	{pattern: /^Cache miss count: (\d+)$/, keys: ['cacheMissCount'], read: readCount},
	// Without a successful request, the section is "Request count: 0" and no more.
	{
		pattern: /^(?:Successful request|Successful Request|Request) count: (\d+)$/,
		keys: ['successCount'],
		read: readCount,
	},
];

const readNumbers = <Target>(
	lines: readonly NumberLine<Target>[],
	text: string,
	target: Partial<Record<NumberKey<Target>, number | undefined>>,
): boolean => {
	for (const {pattern, keys, read} of lines) {
		const match = pattern.exec(text);
		if (match !== null) {
			keys.forEach((key, place) => {
				const digits = match[place + 1];
				if (digits !== undefined) {
					put(target, key, read(digits));
				}
			});
			return true;
		}
	}

	return false;
};

/** "queue 27 usec + compute input 510 usec": false where one of them has no known name. */
const readParts = <Key extends string>(
	text: string,
	keys: ReadonlyMap<string, Key>,
	target: Partial<Record<Key, number | undefined>>,
): boolean => {
	let known = true;
	for (const part of text.split(' + ')) {
		const match = /^(.+) (\d+) usec$/.exec(part.trim());
		const key = match === null ? undefined : keys.get(match[1] ?? '');
		if (key === undefined) {
			known = false;
		} else {
			put(target, key, readMicroseconds(match?.[2] ?? ''));
		}
	}

	return known;
};

const requestParts = new Map([
	['send/recv', 'sendReceive'],
	['(un)marshal request/response', 'sendReceive'],
	['send', 'send'],
	['marshal', 'send'],
	['receive', 'receive'],
	['unmarshal', 'receive'],
	['response wait', 'responseWait'],
] as const);

const serverParts = new Map([
	['overhead', 'overhead'],
	['queue', 'queue'],
	['compute', 'compute'],
	['compute input', 'computeInput'],
	['compute infer', 'computeInfer'],
	['compute output', 'computeOutput'],
	['cache hit/miss', 'cache'],
	['cache lookup/insertion', 'cacheAccess'],
] as const);

const serverTimes = {
	'avg request latency': 'requestTime',
	'average cache hit latency': 'cacheHit',
	'average cache miss latency': 'cacheMiss',
} as const;

const isServerTime = (name: string): name is keyof typeof serverTimes =>
	Object.hasOwn(serverTimes, name);

/** Each of these returns whether the whole line was understood. @param text without blanks around it */
export const readServerLine = (text: string, server: ServerNumbers): boolean => {
	const match = /^(A[a-zA-Z ]+): (\d+) usec(?: \((.*)\))?$/.exec(text);
	const name = match?.[1]?.toLowerCase() ?? '';
	if (match === null || !isServerTime(name)) {
		return readNumbers(serverLines, text, server);
	}

	put(server, serverTimes[name], readMicroseconds(match[2] ?? ''));
	return match[3] === undefined || readParts(match[3], serverParts, server);
};

/** "p99 latency: 51249 usec", and "99-th percentile latency: ..." of 2019. */
const percentilePattern = /^(?:p(\d+(?:\.\d+)?)|(\d+)-th percentile) latency: (\d+) usec$/;

const readPercentile = (text: string): ClientStatistics['percentiles'][number] | undefined => {
	const match = percentilePattern.exec(text);
	const percentile = Number(match?.[1] ?? match?.[2]);
	const time = readMicroseconds(match?.[3] ?? '');
	return time === undefined || !(percentile > 0 && percentile <= 100)
		? undefined
		: {percentile, time};
};

export const readClientLine = (text: string, point: ParsedPoint): boolean => {
	const client: ClientNumbers = point.client;
	const percentile = readPercentile(text);
	if (percentile !== undefined) {
		client.percentiles.push(percentile);
		return true;
	}

	const late = /^Delayed Request Count: (\d+)$/.exec(text)?.[1];
	if (late !== undefined) {
		put(client, 'delayed', client.requestCount ? Number(late) / client.requestCount : undefined);
		return true;
	}

	const match = /^Avg (HTTP|gRPC) time: (\d+) usec(?: \((.*)\))?$/.exec(text);
	if (match === null) {
		return readNumbers(clientLines, text, client);
	}

	point.protocol = match[1] === 'HTTP' ? 'http' : 'grpc';
	put(client, 'requestTime', readMicroseconds(match[2] ?? ''));
	return match[3] === undefined || readParts(match[3], requestParts, client);
};

type GpuKey = Exclude<keyof GpuMetrics, 'uuid'>;

/** Titles of the lists of GPUs, in the report as in the CSV. */
export const gpuTitles: ReadonlyMap<string, GpuKey> = new Map([
	['Avg GPU Utilization', 'utilization'],
	['Avg GPU Power Usage', 'power'],
	['Max GPU Memory Usage', 'memoryUsed'],
	['Total GPU Memory', 'memoryTotal'],
]);

/** The lists may name different GPUs: one can lack a metric. */
export const putGpuMetric = (
	gpus: GpuMetrics[],
	uuid: string,
	key: GpuKey,
	value: number | undefined,
): void => {
	const place = gpus.findIndex((gpu) => gpu.uuid === uuid);
	if (value !== undefined) {
		gpus.splice(place === -1 ? gpus.length : place, 1, {...(gpus[place] ?? {uuid}), [key]: value});
	}
};

export const readGpuLine = (text: string, key: GpuKey, gpus: GpuMetrics[]): boolean => {
	const match = /^(\S+) : (\S+?)(?:%| watts| bytes)$/.exec(text);
	const read = key === 'utilization' ? readPercentage : readReal;
	putGpuMetric(gpus, match?.[1] ?? '', key, read(match?.[2] ?? ''));
	return match !== null;
};

const passPattern = new RegExp(
	String.raw`^Pass \[\d+\] throughput: (${real}) infer/sec\. ` +
		String.raw`(?:Avg|p(\d+)) latency: (\d+) usec(?: \(std (\d+) usec\)\.)?$`,
);

/** A window, of -v. */
export const readPass = (text: string): MeasuredWindow | undefined => {
	const match = passPattern.exec(text);
	const throughput = readReal(match?.[1] ?? '');
	const time = readMicroseconds(match?.[3] ?? '');
	const std = readMicroseconds(match?.[4] ?? '');
	if (throughput === undefined || time === undefined) {
		return undefined;
	}

	return match?.[2] === undefined
		? {throughput, mean: time, percentiles: [], ...(std === undefined ? {} : {std})}
		: {throughput, percentiles: [{percentile: Number(match[2]), time}]};
};
