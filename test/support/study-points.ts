/** Points of a study, as few facts as a test needs. */

import type {ClientStatistics, StudyPoint} from '../../schemas/study.ts';

export interface PointFacts extends Partial<Omit<StudyPoint, 'client' | 'load'>> {
	/** Concurrency. */
	readonly at: number;
	/** Infer/s. */
	readonly throughput: number;
	/** ms; as closed loops have it where absent. */
	readonly mean?: number;
	readonly p99?: number;
	readonly client?: Partial<ClientStatistics>;
	/** Throughput of each window. */
	readonly rates?: readonly number[];
}

export const makePoint = ({
	at,
	throughput,
	mean = (at * 1000) / throughput,
	p99,
	client = {},
	rates = [],
	...facts
}: PointFacts): StudyPoint => ({
	label: 'v',
	model: 'm',
	load: {kind: 'concurrency', value: at},
	batchSize: 1,
	protocol: 'http',
	serviceKind: 'triton',
	device: null,
	instances: null,
	repeat: 1,
	status: 'stable',
	reasons: [],
	server: null,
	composing: [],
	gpus: [],
	windows: rates.map((rate) => ({throughput: rate, mean: (at * 1000) / rate, percentiles: []})),
	sources: [{kind: 'report', file: 'f', line: 1}],
	...facts,
	client: {
		throughput,
		mean,
		percentiles: p99 === undefined ? [] : [{percentile: 99, time: p99}],
		...client,
	},
});
