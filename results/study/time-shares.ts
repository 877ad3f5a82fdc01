/**
 * Where a request's mean latency goes, part by part.
 *
 *     latency = client + network + server's overhead + queue + input + infer + output
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

const clientTime = ({client}: StudyPoint): number => {
	const {mean, requestTime, send = 0, receive = 0, sendReceive} = client;
	const outside = mean === undefined || requestTime === undefined ? 0 : mean - requestTime;
	return (sendReceive ?? send + receive) + Math.max(0, outside);
};

const networkTime = (point: StudyPoint, server: ServerStatistics): number => {
	const {network, responseWait} = point.client;
	return network !== undefined
		? Math.max(0, network - hiddenQueue(point, server))
		: responseWait === undefined || server.requestTime === undefined
			? 0
			: Math.max(0, responseWait - server.requestTime);
};

const splitPoint = (point: StudyPoint): readonly TimedPart[] => {
	const {server, client} = point;
	if (server === null) {
		return [];
	}

	const parts: TimedPart[] = [
		{part: 'client', model: null, time: clientTime(point)},
		{part: 'network', model: null, time: networkTime(point, server)},
		...splitServer(point, server),
	];
	const rest = (client.mean ?? 0) - sumOf(parts);
	return [...parts, {part: 'rest', model: null, time: Math.max(0, rest)}];
};

/** Means over repeats; empty where the server told nothing. */
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
