/** What is told of a side beside its numbers: what it is, when it was measured, on what. */

import {UserError} from '../../base/errors.ts';
import type {ComparedGpu} from '../../schemas/compared-gpu.ts';
import type {ComparedInput, Fact, InputKind} from '../../schemas/comparison-report.ts';
import type {Manifest} from '../../schemas/manifest.ts';
import {shareMeta} from '../result-meta.ts';
import {describeThrottling} from './clock-facts.ts';
import {describeManifest, describeMeta, fact, mergeFacts} from './fingerprint.ts';
import {describeGpuSamples, type GpuFacts, type GpuPlace} from './gpu-samples.ts';
import type {SideRounds} from './side.ts';

/** What one result says of itself. */
export interface ResultFacts {
	readonly format: ComparedInput['format'];
	readonly batchValue: ComparedInput['batchValue'];
	readonly meta: Readonly<Record<string, unknown>>;
	/** null where it does not say. */
	readonly warmupBatches: number | null;
	/** null or absent where no GPU was watched. */
	readonly gpu?: GpuFacts | null;
}

export interface InputFacts {
	readonly label: string;
	/** As it was given. */
	readonly path: string;
	readonly kind: InputKind;
	readonly results: readonly ResultFacts[];
	/** By result: its repeat. */
	readonly repeats: readonly number[];
	/** By result: where it ran. Absent: nothing tells. */
	readonly places?: readonly Omit<GpuPlace, 'repeat'>[];
	readonly manifest: Manifest | null;
	/** What else is known, such as from an export. */
	readonly facts?: readonly Fact[];
	/** Where no manifest tells. */
	readonly startedAt?: string | null;
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** As with the warm-up, reprocess can have changed what the manifest says. */
const describeDropping = (results: readonly ResultFacts[]): readonly Fact[] => {
	const drops = new Set(
		results.flatMap(({gpu}) => (gpu ? [gpu.metrics.drop_throttled ? 'yes' : 'no'] : [])),
	);
	return drops.size === 0 ? [] : [fact('drop-throttled', [...drops].toSorted().join(', '))];
};

const listFacts = (
	{manifest, results, facts = []}: InputFacts,
	{format, batchValue}: ResultFacts,
	throttling: string | null,
): Fact[] => {
	const warmups = new Set(results.flatMap(({warmupBatches}) => warmupBatches ?? []));
	const profilers = new Set(results.map(({meta}) => meta['profiler']).filter(isText));
	return mergeFacts(
		manifest === null ? [] : describeManifest(manifest),
		facts,
		profilers.size === 0 ? [] : [fact('profiler', [...profilers].join(', '))],
		// The manifest's own is not asked: reprocess can have changed it.
		warmups.size === 0 ? [] : [fact('warm-up', [...warmups].join(', '))],
		[
			fact('batch-value', `${batchValue} of its batches`),
			fact('format', format.replace('cvcuda', 'CV-CUDA')),
		],
		throttling === null ? [] : [fact('throttled', throttling)],
		describeDropping(results),
		describeMeta(shareMeta(results.map(({meta}) => meta))),
	);
};

const listGpuSamples = ({results, repeats, places = []}: InputFacts): ComparedGpu[] =>
	describeGpuSamples(
		results.flatMap(({gpu: facts}, index) => {
			const nowhere = {process: null, gpu: null};
			const place = {...(places[index] ?? nowhere), repeat: repeats[index] ?? 0};
			return facts === null || facts === undefined ? [] : [{place, facts}];
		}),
	);

/** @throws UserError for no results, or results of different writers */
export const describeComparedInput = (input: InputFacts): ComparedInput => {
	const {label, path, kind, results, repeats, manifest, startedAt = null} = input;
	const [first] = results;
	if (first === undefined || results.some(({format}) => format !== first.format)) {
		throw new UserError(
			first === undefined ? `${path} holds no results` : `${path} mixes files of different writers`,
			{next: 'Compare folders that hold the results of one run each.'},
		);
	}

	const isMean = kind === 'mean';
	const gpuSamples = listGpuSamples(input);
	const isAlike = results.every(({warmupBatches}) => warmupBatches === first.warmupBatches);
	return {
		label,
		path,
		kind,
		format: first.format,
		repeats: isMean ? 0 : new Set(repeats).size,
		processes: isMean ? 0 : results.length,
		processesPlanned: kind === 'run' ? (manifest?.workers.length ?? null) : null,
		warmupBatches: isAlike ? first.warmupBatches : null,
		batchValue: first.batchValue,
		startedAt: manifest?.startedAt ?? startedAt,
		endedAt: manifest?.endedAt ?? null,
		fingerprint: listFacts(input, first, describeThrottling(gpuSamples)),
		...(gpuSamples.length === 0 ? {} : {gpuSamples}),
	};
};

/** null where it was measured on its own. */
export const describeRounds = (manifest: Manifest | null): SideRounds | null =>
	manifest?.inTurn === undefined
		? null
		: {
				inTurn: manifest.inTurn,
				repeatsEnd: manifest.repeatsEnd,
				rounds: Math.max(0, ...manifest.workers.map(({repeat}) => repeat + 1)),
			};
