/** What helps against a bottleneck, as far as the study does not know better. */

import type {Bottleneck} from '../../schemas/study-answers.ts';
import type {ServerStatistics, StudyPoint} from '../../schemas/study.ts';

export const tellApart =
	"of an ensemble, import what perf_analyzer printed too, or its models' CSVs; of any other model, the client on the same machine, --shared-memory, gRPC, smaller tensors";

const isBatching = ({inferenceCount = 0, executionCount = 0}: ServerStatistics): boolean =>
	executionCount > 0 && inferenceCount > executionCount * 1.05;

const adviseQueue = (
	name: string,
	point: StudyPoint,
	statistics: ServerStatistics,
	vain: string | null,
): string => {
	const ways = [
		...(vain === null ? [`more instances of ${name} (instance_group)`] : []),
		...(isBatching(statistics) ? [] : ['dynamic batching if it takes batches']),
		...(point.device === 'gpu' ? ['a faster engine or precision'] : ['a GPU for it']),
	].join(', or ');
	return vain === null ? ways : `${ways}; ${vain}`;
};

const adviseCompute = (name: string, vain: string | null): string =>
	[
		`a faster engine, precision or device for ${name}`,
		...(vain === null
			? ['more requests in flight with more instances, where one leaves the device idle']
			: []),
		'a response cache, where real requests repeat',
		...(vain === null ? [] : [vain]),
	].join('; ');

/** Not what the point already has. */
const adviseNetwork = ({protocol, sharedMemory = 'none'}: StudyPoint): string =>
	[
		'the client on the same machine',
		...(sharedMemory === 'none' ? ['--shared-memory'] : []),
		...(protocol === 'grpc' ? [] : ['gRPC']),
		'smaller tensors; more requests in flight hide it',
	].join(', ');

const adviseCopies = ({sharedMemory = 'none'}: StudyPoint): string =>
	[
		...(sharedMemory === 'none' ? ['--shared-memory system or cuda'] : []),
		'smaller or fewer tensors',
		'outputs that nobody needs left out',
	].join(', ');

/**
 * @param point where it was seen
 * @param vain what the study knows of more instances of the model; null where they may help
 */
export const advise = (
	{kind, model}: Pick<Bottleneck, 'kind' | 'model'>,
	point: StudyPoint,
	vain: string | null,
): string => {
	const name = model ?? 'the model';
	const called = point.composing.find((each) => each.name === model);
	switch (kind) {
		case 'queue':
			return adviseQueue(name, point, called ?? point.server ?? {}, vain);
		case 'compute':
			return adviseCompute(name, vain);
		case 'copies':
			return adviseCopies(point);
		case 'overhead':
			return 'smaller tensors; of an ensemble, fewer models';
		case 'network':
			return adviseNetwork(point);
		case 'client':
			return 'more or faster client processes, --async, --max-threads, --shared-memory: the server may be able to do more';
	}
};
