/** What limits the throughput, seen at the largest load that was measured: the part of the latency that is the largest. */

import type {Bottleneck, TimePart, TimeShare} from '../../schemas/study-answers.ts';
import type {StudyPoint} from '../../schemas/study.ts';
import {advise, tellApart} from './advice.ts';
import {computingParts, shareOf, timeOf} from './latency-parts.ts';
import {valueOf, type Line} from './line-points.ts';
import {describeVainInstances} from './more-instances.ts';

/** Below this a queue is that of requests that come at once, not of a model that is busy. */
const leastQueue = 0.2;

/** perf_analyzer warns from here on. */
const busyClient = 0.5;

/** Requests that may be late before perf_analyzer says so. */
const toleratedDelay = 0.01;

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.095 ? 1 : 0)} %`;

const milliseconds = (time: number): string => `${time.toPrecision(3)} ms`;

const copies: readonly TimePart[] = ['input', 'output'];
const work = computingParts.filter((part) => !copies.includes(part));

interface Candidate {
	readonly kind: Bottleneck['kind'];
	/** null for the client and the network. */
	readonly model: string | null;
	/** Of the latency: the parts that it is made of. */
	readonly share: number;
	/** All of its model's. */
	readonly shares: readonly TimeShare[];
}

const isOutside = (part: TimePart): boolean =>
	part === 'client' || part === 'network' || part === 'rest';

/** A queue counts with the computing that it waits for, which is what would make it shorter. */
const listOfModel = (model: string | null, shares: readonly TimeShare[]): readonly Candidate[] => {
	const candidate = (kind: Candidate['kind'], ...parts: readonly TimePart[]): Candidate => ({
		kind,
		model,
		share: shareOf(shares, ...parts),
		shares,
	});
	return [
		...(shareOf(shares, 'queue') >= leastQueue
			? [candidate('queue', 'queue', ...computingParts)]
			: [candidate('compute', ...work), candidate('copies', ...copies)]),
		candidate('overhead', 'overhead'),
	];
};

const listCandidates = (shares: readonly TimeShare[]): readonly Candidate[] => {
	const outside = (['client', 'network'] as const).map((kind) => {
		const own = shares.filter(({part}) => part === kind);
		return {model: null, kind, share: shareOf(own, kind), shares: own};
	});
	// The server's own time is without a name where the study does not know the model.
	const inside = shares.filter(({part, model}) => model !== null || !isOutside(part));
	const models = [...new Set(inside.map(({model}) => model))].flatMap((model) =>
		listOfModel(
			model,
			inside.filter((entry) => entry.model === model),
		),
	);
	return [...outside, ...models].toSorted((a, b) => b.share - a.share);
};

/** Whether the client could not send as fast as it was asked to, and the server was not what kept it. */
export const isClientBound = (
	{client, reasons, load}: StudyPoint,
	shares: readonly TimeShare[],
): boolean => {
	const isBusy =
		(client.overhead ?? 0) > busyClient || reasons.some(({code}) => code === 'client-bound');
	const isLate =
		(client.delayed ?? 0) > toleratedDelay ||
		reasons.some(({code}) => code === 'rate-not-kept') ||
		(load.kind === 'request-rate' && (client.sendRate ?? load.value) < 0.95 * load.value);
	return isBusy || (isLate && shareOf(shares, 'queue') < leastQueue);
};

/** The model's own work among that of all models, whatever waits for it. */
const measureComputeShare = (shares: readonly TimeShare[], model: string | null): number | null => {
	const told = shares.filter(
		(entry) => entry.model !== null && computingParts.includes(entry.part),
	);
	const total = shareOf(told, ...computingParts);
	const names = new Set(told.map((entry) => entry.model));
	return model === null || names.size < 2 || total === 0
		? null
		: shareOf(
				told.filter((entry) => entry.model === model),
				...computingParts,
			) / total;
};

const describe = ({kind, model, share, shares}: Candidate, computeShare: number | null): string => {
	const name = model ?? 'the model';
	const among =
		computeShare === null ? '' : ` It does ${percent(computeShare)} of all models' computing.`;
	const told = (...parts: readonly TimePart[]): string => milliseconds(timeOf(shares, ...parts));
	switch (kind) {
		case 'queue':
			return `requests wait for ${name}: ${told('queue')} in its queue, ${told(...computingParts)} computing; together ${percent(share)} of the latency.${among}`;
		case 'compute':
			return `${name} computes: ${told(...work)}, ${percent(share)} of the latency.${among}`;
		case 'copies':
			return `copying to and from ${name} takes ${told(...copies)}, ${percent(share)} of the latency.${among}`;
		case 'overhead':
			return `the server's own overhead at ${name} takes ${told('overhead')}, ${percent(share)} of the latency.`;
		case 'network':
			return `the way between client and server takes ${percent(share)} of the latency (${told('network')}).`;
		case 'client':
			return `the client takes ${percent(share)} of the latency and does not keep up with the load that it was asked for.`;
	}
};

const describeOwnTime = ({share, shares}: Candidate): string =>
	`sending and receiving in the client takes ${percent(share)} of the latency (${milliseconds(timeOf(shares, 'client'))}).`;

/** Nothing but a CSV tells of the point: whether it called other models, too, stands elsewhere. */
const maySwallowQueues = ({sources, composing}: StudyPoint): boolean =>
	composing.length === 0 && sources.every(({kind}) => kind === 'csv');

/**
 * @param shares of the latency at the largest load of the line; empty where the server told nothing
 * @param lines of the study
 */
export const findBottleneck = (
	line: Line,
	lines: readonly Line[],
	shares: readonly TimeShare[],
): Bottleneck | null => {
	const [point] = line.busiest?.points ?? [];
	if (point === undefined) {
		return null;
	}

	const candidates = listCandidates(shares);
	const isBound = isClientBound(point, shares);
	const client = {model: null, kind: 'client', share: 0, shares: []} as const;
	const top = isBound
		? (candidates.find(({kind}) => kind === 'client') ?? client)
		: candidates.find(({share}) => share > 0);
	if (top === undefined) {
		return null;
	}

	const {kind, model, share} = top;
	const isDoubtful = kind === 'network' && maySwallowQueues(point);
	const computeShare = measureComputeShare(shares, model);
	return {
		kind,
		model,
		load: valueOf(point.load),
		share: Math.min(1, share),
		computeShare,
		message: isDoubtful
			? `${describe(top, computeShare)} If the model is an ensemble, its models' queues are in this: a CSV alone does not tell them apart.`
			: kind === 'client' && !isBound
				? describeOwnTime(top)
				: describe(top, computeShare),
		advice: isDoubtful ? tellApart : advise(top, point, describeVainInstances(line, lines, model)),
	};
};
