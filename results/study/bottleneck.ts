/** What limits the throughput, seen at the largest load that was measured, and the advice that fits. */

import type {Bottleneck, TimePart, TimeShare} from '../../schemas/study-answers.ts';
import type {ServerStatistics, StudyPoint} from '../../schemas/study.ts';
import {valueOf} from './line-points.ts';

/** Below this a queue is that of requests that come at once, not of a model that is busy. */
const leastQueue = 0.2;

/** perf_analyzer warns from here on. */
const busyClient = 0.5;

/** Requests that may be late before perf_analyzer says so. */
const toleratedDelay = 0.01;

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.095 ? 1 : 0)} %`;

const milliseconds = (time: number): string => `${time.toPrecision(3)} ms`;

const shareOf = (shares: readonly TimeShare[], ...parts: readonly TimePart[]): number =>
	shares.filter(({part}) => parts.includes(part)).reduce((sum, {share}) => sum + share, 0);

const computing: readonly TimePart[] = ['input', 'infer', 'output', 'compute', 'cache', 'rest'];

interface Candidate {
	/** null for the client and the network. */
	readonly model: string | null;
	readonly kind: Bottleneck['kind'];
	readonly share: number;
	readonly shares: readonly TimeShare[];
}

const classifyModel = (shares: readonly TimeShare[]): Bottleneck['kind'] => {
	const queue = shareOf(shares, 'queue');
	const copies = shareOf(shares, 'input', 'output');
	const work = shareOf(shares, 'infer', 'compute', 'cache', 'rest', 'overhead');
	return queue >= leastQueue ? 'queue' : copies > work ? 'copies' : 'compute';
};

const listCandidates = (shares: readonly TimeShare[]): readonly Candidate[] => {
	const outside = (['client', 'network'] as const).map((kind) => {
		const own = shares.filter(({part}) => part === kind);
		return {model: null, kind, share: shareOf(own, kind), shares: own};
	});
	// The server's own time is without a name where the study does not know the model.
	const inside = shares.filter(({part, model}) => model !== null || !isOutside(part));
	const models = [...new Set(inside.map(({model}) => model))].map((model) => {
		const own = inside.filter((entry) => entry.model === model);
		const share = own.reduce((sum, entry) => sum + entry.share, 0);
		return {model, kind: classifyModel(own), share, shares: own};
	});
	return [...outside, ...models].toSorted((a, b) => b.share - a.share);
};

const isOutside = (part: TimePart): boolean =>
	part === 'client' || part === 'network' || part === 'rest';

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

const isBatching = ({inferenceCount = 0, executionCount = 0}: ServerStatistics): boolean =>
	executionCount > 0 && inferenceCount > executionCount * 1.05;

const adviseQueue = (name: string, point: StudyPoint, statistics: ServerStatistics): string =>
	[
		`more instances of ${name} (instance_group)`,
		...(isBatching(statistics) ? [] : ['dynamic batching if it takes batches']),
		...(point.device === 'gpu' ? ['a faster engine or precision'] : ['a GPU for it']),
	].join(', or ');

const advise = (
	{kind, model}: Candidate,
	point: StudyPoint,
	statistics: ServerStatistics,
): string => {
	const name = model ?? 'the model';
	switch (kind) {
		case 'queue':
			return adviseQueue(name, point, statistics);
		case 'compute':
			return `a faster engine, precision or device for ${name}; more requests in flight with more instances, where one leaves the device idle; a response cache, where real requests repeat`;
		case 'copies':
			return '--shared-memory system or cuda, smaller or fewer tensors, outputs that nobody needs left out';
		case 'network':
			return 'the client on the same machine, --shared-memory, gRPC, smaller tensors; more requests in flight hide it';
		case 'client':
			return 'more or faster client processes, --async, --max-threads, --shared-memory: the server may be able to do more';
	}
};

/** The model's own work among that of all models, whatever waits for it. */
const measureComputeShare = (shares: readonly TimeShare[], model: string | null): number | null => {
	const work = shares.filter((entry) => entry.model !== null && computing.includes(entry.part));
	const total = shareOf(work, ...computing);
	const names = new Set(work.map((entry) => entry.model));
	return model === null || names.size < 2 || total === 0
		? null
		: shareOf(
				work.filter((entry) => entry.model === model),
				...computing,
			) / total;
};

const timeOf = (shares: readonly TimeShare[], ...parts: readonly TimePart[]): number =>
	shares.filter(({part}) => parts.includes(part)).reduce((sum, {time}) => sum + time, 0);

const describe = ({kind, model, share, shares}: Candidate, computeShare: number | null): string => {
	const name = model ?? 'the model';
	const work =
		computeShare === null ? '' : ` It does ${percent(computeShare)} of all models' computing.`;
	const ownWork = milliseconds(timeOf(shares, ...computing));
	switch (kind) {
		case 'queue':
			return `requests wait for ${name}: ${milliseconds(timeOf(shares, 'queue'))} in its queue, ${ownWork} computing; together ${percent(share)} of the latency.${work}`;
		case 'compute':
			return `${name} computes: ${ownWork}, with ${percent(share)} of the latency spent there.${work}`;
		case 'copies':
			return `copying to and from ${name} takes ${milliseconds(timeOf(shares, 'input', 'output'))} of its ${ownWork}; ${percent(share)} of the latency is spent there.${work}`;
		case 'network':
			return `the way between client and server takes ${percent(share)} of the latency (${milliseconds(timeOf(shares, 'network'))}).`;
		case 'client':
			return `the client takes ${percent(share)} of the latency and does not keep up with the load that it was asked for.`;
	}
};

const describeOwnTime = ({share, shares}: Candidate): string =>
	`sending and receiving in the client takes ${percent(share)} of the latency (${milliseconds(timeOf(shares, 'client'))}).`;

/** Nothing but a CSV tells of the point: whether it called other models, too, stands elsewhere. */
const maySwallowQueues = ({sources, composing}: StudyPoint): boolean =>
	composing.length === 0 && sources.every(({kind}) => kind === 'csv');

const tellApart =
	"of an ensemble, import what perf_analyzer printed too, or its models' CSVs; of any other model, the client on the same machine, --shared-memory, gRPC, smaller tensors";

/**
 * @param point at the largest load
 * @param shares of its latency; empty where the server told nothing
 */
export const findBottleneck = (
	point: StudyPoint,
	shares: readonly TimeShare[],
): Bottleneck | null => {
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
	const called = point.composing.find(({name}) => name === model);
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
		advice: isDoubtful ? tellApart : advise(top, point, called ?? point.server ?? {}),
	};
};
