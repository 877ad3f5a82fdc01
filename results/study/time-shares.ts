/**
 * Where a request's mean latency goes, part by part. The parts of a list add up to it.
 *
 *     latency = client + network + server's overhead + queue + input + infer + output + rest
 *
 * An ensemble's server time is that of the models that it calls, each weighed with its calls per request, which
 * perf_analyzer's own sums leave out.
 */

import type {TimePart, TimeShare} from '../../schemas/study-answers.ts';
import type {ComposingModel, ServerStatistics, StudyPoint} from '../../schemas/study.ts';
import {meanOf} from './load-points.ts';

interface TimedPart {
	readonly part: TimePart;
	readonly model: string | null;
	readonly time: number;
}

/** A called model with what it calls itself. */
interface Node {
	readonly model: ComposingModel;
	readonly children: Node[];
}

const buildTree = (composing: readonly ComposingModel[]): readonly Node[] => {
	const top: Node[] = [];
	const open: Node[] = [];
	for (const model of composing) {
		const node: Node = {model, children: []};
		open.length = Math.min(open.length, model.depth - 1);
		(open.at(-1)?.children ?? top).push(node);
		open.push(node);
	}

	return top;
};

const keys = [
	['overhead', 'overhead'],
	['queue', 'queue'],
	['cache', 'cache'],
	['input', 'computeInput'],
	['infer', 'computeInfer'],
	['output', 'computeOutput'],
] as const;

/** "compute" only where its parts are not told. */
const listParts = (server: ServerStatistics, model: string | null): readonly TimedPart[] => {
	const parts = keys.map(([part, key]) => ({part, model, time: server[key] ?? 0}));
	const split = [server.computeInput, server.computeInfer, server.computeOutput].some(
		(time) => time !== undefined,
	);
	return split ? parts : [...parts, {part: 'compute', model, time: server.compute ?? 0}];
};

const sumOf = (parts: readonly {readonly time: number}[]): number =>
	parts.reduce((sum, {time}) => sum + time, 0);

const scale = (parts: readonly TimedPart[], factor: number): readonly TimedPart[] =>
	parts.map((part) => ({...part, time: part.time * factor}));

/** Of one request of the measured model, ms. */
const weightOf = ({model}: Node, requests: number | undefined): number => {
	const calls =
		model.successCount === undefined || requests === undefined || requests === 0
			? 1
			: model.successCount / requests;
	return calls * (model.requestTime ?? sumOf(listParts(model, null)));
};

/** Splits a time among models; what they leave is the caller's own. */
const splitTime = (
	nodes: readonly Node[],
	caller: string | null,
	time: number,
	requests: number | undefined,
): readonly TimedPart[] => {
	const weights = nodes.map((node) => weightOf(node, requests));
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	// More than the caller's time: models that run side by side, or other clients' requests.
	const factor = total > time ? time / total : 1;
	const called = nodes.flatMap((node, place) =>
		splitNode(node, (weights[place] ?? 0) * factor, requests),
	);
	return [...called, {part: 'overhead', model: caller, time: Math.max(0, time - total)}];
};

const splitNode = (
	node: Node,
	time: number,
	requests: number | undefined,
): readonly TimedPart[] => {
	const {model, children} = node;
	if (children.length > 0) {
		return splitTime(children, model.name, time, requests);
	}

	const parts = listParts(model, model.name);
	const known = sumOf(parts);
	return known > 0 ? scale(parts, time / known) : [{part: 'rest', model: model.name, time}];
};

/** Of all models that are called, ms. */
const calledTime = (nodes: readonly Node[], requests: number | undefined): number =>
	nodes.reduce((sum, node) => sum + weightOf(node, requests), 0);

/** A CSV does not tell how long an ensemble's request took: as long as what it called. */
const splitServer = (
	{composing, model}: StudyPoint,
	server: ServerStatistics,
): readonly TimedPart[] => {
	const nodes = buildTree(composing);
	const {requestTime, successCount} = server;
	return composing.length === 0
		? listParts(server, model)
		: splitTime(nodes, model, requestTime ?? calledTime(nodes, successCount), successCount);
};

/** ms of the models' queues that a CSV of an ensemble counts as network. */
const hiddenQueue = ({composing}: StudyPoint, server: ServerStatistics): number =>
	composing.length === 0 || server.requestTime !== undefined
		? 0
		: Math.max(
				0,
				calledTime(buildTree(composing), server.successCount) - sumOf(listParts(server, null)),
			);

/** From the request's making to its first byte, and from its last to the answer: no other time has it. */
const timeAround = ({mean, requestTime}: StudyPoint['client']): number =>
	mean === undefined || requestTime === undefined ? 0 : Math.max(0, mean - requestTime);

const clientTime = ({client}: StudyPoint): number => {
	const {send = 0, receive = 0, sendReceive} = client;
	return (sendReceive ?? send + receive) + timeAround(client);
};

/**
 * perf_analyzer's own number, in its CSV, is the mean latency less sending, receiving and the server: what the client
 * spends around the request is in it.
 */
const networkTime = (point: StudyPoint, server: ServerStatistics): number => {
	const {network, responseWait} = point.client;
	return responseWait !== undefined && server.requestTime !== undefined
		? Math.max(0, responseWait - server.requestTime)
		: Math.max(0, (network ?? 0) - timeAround(point.client) - hiddenQueue(point, server));
};

/** ms: below what any source tells, sums differ by how numbers are kept. */
const halfNanosecond = 5e-7;

/**
 * What is missing is the rest. Client and server count different requests, so that together they can tell of more time
 * than the mean: then the network, which nobody measures, gives way; and where that does not do, the server's parts are
 * made shorter, all alike.
 */
const fitParts = (
	{
		client,
		network,
		server,
	}: Readonly<Record<'client' | 'network', number>> & {
		readonly server: readonly TimedPart[];
	},
	mean: number | undefined,
): readonly TimedPart[] => {
	const inside = sumOf(server);
	const told = client + network + inside;
	const whole = mean === undefined || Math.abs(mean - told) < halfNanosecond ? told : mean;
	const own = Math.min(client, whole);
	const left = whole - own;
	const between = Math.min(network, Math.max(0, left - inside));
	return [
		{part: 'client', model: null, time: own},
		{part: 'network', model: null, time: between},
		...(inside > left ? scale(server, left / inside) : server),
		...(told < whole ? [{part: 'rest', model: null, time: whole - told} as const] : []),
	];
};

/** A report that was cut off can have the server's counts alone: what the rest of the latency is, nothing tells then. */
const hasTimes = (server: ServerStatistics): boolean =>
	server.requestTime !== undefined ||
	server.compute !== undefined ||
	keys.some(([, key]) => server[key] !== undefined);

const splitPoint = (point: StudyPoint): readonly TimedPart[] => {
	const {server, client} = point;
	return server === null || !hasTimes(server)
		? []
		: fitParts(
				{
					client: clientTime(point),
					network: networkTime(point, server),
					server: splitServer(point, server),
				},
				client.mean,
			);
};

/** Means over the repeats of which the server told something; empty where it told nothing. */
export const splitLatency = (points: readonly StudyPoint[]): readonly TimeShare[] => {
	const told = points.map(splitPoint).filter(({length}) => length > 0);
	const byPart = new Map<string, TimedPart>();
	for (const {part, model} of told.flat()) {
		const isSame = (other: TimedPart): boolean => other.part === part && other.model === model;
		const times = told.map((parts) => sumOf(parts.filter(isSame)));
		byPart.set(JSON.stringify([part, model]), {part, model, time: meanOf(times)});
	}

	const parts = [...byPart.values()].filter(({time}) => time > 0);
	const total = sumOf(parts);
	return parts.map((part) => ({...part, share: part.time / total}));
};

/** How much more the called models take together than the request: above 1 they run side by side. */
export const measureOverlap = ({composing, server}: StudyPoint): number => {
	const whole = server?.requestTime ?? 0;
	const called = calledTime(buildTree(composing), server?.successCount);
	return whole > 0 ? called / whole : 0;
};
