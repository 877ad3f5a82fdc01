import * as z from 'zod';
import {ComparedGpu} from './compared-gpu.ts';
import {comparedMetrics, RangeComparison, Verdict} from './comparison.ts';
import {Warning} from './warning.ts';

/**
 * What `benchmark compare` and `benchmark ab` answer: one document, of which every output format is a view.
 *
 *     baseline                      what it is, what it was measured on
 *     candidates[]                  each against that baseline, a family of tests of its own
 *         comparisons[]             ranges and metrics, in the order in which they shall be shown
 *         differences, structure, kernels      reasons, most telling first
 *
 * Times in milliseconds, throughput in items per second, changes and limits as shares (0.05 is 5 %).
 */

/** Where a side's numbers come from. */
export const InputKind = z.enum([
	/** A run's folder, with its run.json. */
	'run',
	/** A folder of benchmark.json files without a run.json. */
	'processes',
	/** One benchmark.json: one process. */
	'process',
	/** A benchmark_mean.json whose processes' files are gone: means, and no samples. */
	'mean',
	/** Reports or exports, each one process. */
	'traces',
]);
export type InputKind = z.infer<typeof InputKind>;

/** Something known of what a side was measured on, and how. */
const Fact = z.strictObject({
	/** "host", "gpu", "driver", "nsys", ..., "meta.python_version": stable, for machines. */
	fact: z.string(),
	/** For people. */
	name: z.string(),
	value: z.string(),
});
export type Fact = Readonly<z.infer<typeof Fact>>;

const count = z.int().nonnegative();

/** One side. */
export const ComparedInput = z
	.strictObject({
		/** Short, and unlike those of the other inputs: the last elements of the path. */
		label: z.string(),
		/** As it was given. */
		path: z.string(),
		kind: InputKind,
		/** Whose files: ours, or CV-CUDA's launcher's of the first and the second generation. */
		format: z.enum(['nsys-benchmark', 'cvcuda-0.4', 'cvcuda-0.15']),
		/** That have results. 0 where only means are known. */
		repeats: count,
		/** That have results, over all repeats. 0 where only means are known. */
		processes: count,
		/** Over all repeats; null where nothing tells. */
		processesPlanned: count.nullable(),
		/** Left out at each end of a holder; null where nothing tells. */
		warmupBatches: count.nullable(),
		/** What a process's value is of its batches: CV-CUDA's first generation and mean files know only means. */
		batchValue: z.enum(['median', 'mean']),
		/** null where nothing tells. */
		startedAt: z.iso.datetime().nullable(),
		endedAt: z.iso.datetime().nullable(),
		/** All that is known; empty where nothing is. */
		fingerprint: z.array(Fact),
		/** The GPU of each process that was watched. Absent: none was. */
		gpuSamples: z.array(ComparedGpu).optional(),
	})
	.meta({id: 'compared-input'});
export type ComparedInput = Readonly<z.infer<typeof ComparedInput>>;

/** A fact that is known of both sides and not the same. */
export const Difference = z
	.strictObject({
		fact: z.string(),
		name: z.string(),
		baseline: z.string(),
		candidate: z.string(),
		/** Whether it alone could explain a change: then no verdict is given unless --despite-differences is. */
		putsInDoubt: z.boolean(),
	})
	.meta({id: 'difference'});
export type Difference = Readonly<z.infer<typeof Difference>>;

/** A range that only one side has, or has more often. */
export const StructureChange = z
	.strictObject({
		path: z.string(),
		kind: z.enum(['appeared', 'vanished', 'count']),
		/** Instances, a mean. null where the side has none. */
		baseline: z.number().nonnegative().nullable(),
		candidate: z.number().nonnegative().nullable(),
		/** What the instances are counted in: the batch around them, or the whole process. */
		per: z.enum(['process', 'batch']),
	})
	.meta({id: 'structure-change'});
export type StructureChange = Readonly<z.infer<typeof StructureChange>>;

/** One kernel inside a range. Means over the instances of the range, of all reports that were read. */
const KernelChange = z.strictObject({
	/** Demangled. */
	kernel: z.string(),
	/** Time on the GPU per instance of the range, ms; 0 where the side does not have it. */
	baseline: z.number().nonnegative(),
	candidate: z.number().nonnegative(),
	/** Launches per instance of the range. */
	baselineLaunches: z.number().nonnegative(),
	candidateLaunches: z.number().nonnegative(),
});
export type KernelChange = Readonly<z.infer<typeof KernelChange>>;

/** The kernels of a range that changed, those that differ most first. They add up to no verdict: they are a hint. */
export const RangeKernels = z
	.strictObject({
		/** null: the whole program, whatever range a kernel is in. Then an instance is a process. */
		path: z.string().nullable(),
		/** Time of all kernels per instance, ms. Kernels that ran side by side count each. */
		baseline: z.number().nonnegative(),
		candidate: z.number().nonnegative(),
		/** The most telling ones. */
		kernels: z.array(KernelChange),
		/** Further names. */
		more: count,
	})
	.meta({id: 'range-kernels'});
export type RangeKernels = Readonly<z.infer<typeof RangeKernels>>;

/** One line below the ranges, per metric: each time is counted once, since only ranges without ranges inside take part. */
export const MetricMean = z
	.strictObject({
		/** Its path is empty. */
		comparison: RangeComparison,
		/** That took part. */
		ranges: count,
		/** Paths that could not. */
		leftOut: z.array(z.string()),
	})
	.meta({id: 'metric-mean'});
export type MetricMean = Readonly<z.infer<typeof MetricMean>>;

const Limit = z.strictObject({
	/** null: every metric. */
	metric: z.enum(comparedMetrics).nullable(),
	/** As typed; null: every range. */
	pattern: z.string().nullable(),
	/** How much worse is still accepted, as a share. */
	limit: z.number().nonnegative(),
});

const Outcome = z.enum(['regression', 'passed', 'undecided']);

/** Why a gate decides nothing about a row. */
export const GateDoubt = z.enum([
	/** The limit lies inside the interval, or so near its better end that many rows at once do not allow for it. */
	'within-interval',
	/** Too few samples for one, or none that can be judged. */
	'no-interval',
	/** Worse than the limit, but the noise floor is higher than that, and identical programs could differ by as much. */
	'below-noise-floor',
	/** Only the baseline has the row. */
	'not-in-candidate',
	/** Only the candidate has it, and the limit fits nothing else. */
	'not-in-baseline',
	/** What the sides differ in could explain it. */
	'sides-differ',
	/** The SM clock could. */
	'clock-explained',
	/** The candidate may have had other items, more or fewer. */
	'items-unknown',
	/** It is within its limit, but processes of one side are copies of the other's. */
	'same-measurement',
]);
export type GateDoubt = z.infer<typeof GateDoubt>;

/** What `--fail-on` made of a candidate. */
export const GateReport = z
	.strictObject({
		outcome: Outcome,
		limits: z.array(Limit),
		ranges: z.array(
			z.strictObject({
				path: z.string(),
				metric: z.enum(comparedMetrics),
				limit: z.number().nonnegative(),
				outcome: Outcome,
				/** Why it is undecided; null where it is not. */
				doubt: GateDoubt.nullable(),
			}),
		),
		/** Limits that fit no row of either side: most likely a slip. */
		unused: z.array(Limit),
	})
	.meta({id: 'gate-report'});
export type GateReport = Readonly<z.infer<typeof GateReport>>;

export const CandidateComparison = z
	.strictObject({
		input: ComparedInput,
		/** Rounds that were measured in turn are paired; sides that were measured each on its own are not. */
		pairing: z.enum(['separate', 'rounds']),
		/** The worst: slower, else faster, else same, where all that were compared are the same; else inconclusive. */
		verdict: Verdict,
		comparisons: z.array(RangeComparison),
		means: z.array(MetricMean),
		differences: z.array(Difference),
		structure: z.array(StructureChange),
		/** Empty where no range changed, or no report could be read: then `notes` says so. */
		kernels: z.array(RangeKernels),
		/** null without --fail-on. */
		gate: GateReport.nullable(),
		/** What a reader must know of the numbers above: "not-in-turn", "one-process", "means-only", "sides-differ", ... */
		notes: z.array(Warning),
	})
	.meta({id: 'candidate-comparison'});
export type CandidateComparison = Readonly<z.infer<typeof CandidateComparison>>;

export const ComparisonReport = z
	.strictObject({
		formatVersion: z.literal(1),
		/** As the process exits: 0, 1 for a regression, 4 where --require-verdict asks for a verdict that is not there. */
		exitCode: z.int().nonnegative(),
		unit: z.literal('milliseconds'),
		options: z.strictObject({
			/** Share of false alarms among all verdicts of a change. */
			alpha: z.number(),
			/** Changes within plus or minus this share are called the same. */
			margin: z.number(),
			/** The change for which further repeats are planned. */
			target: z.number(),
			/** --range, as typed, each of them; empty: all ranges. */
			ranges: z.array(z.string()),
			/** That were compared where both sides have them. */
			metrics: z.array(z.enum(comparedMetrics)),
			/** --fail-on, as typed; several are joined by commas. */
			failOn: z.string().nullable(),
			requireVerdict: z.boolean(),
			despiteDifferences: z.boolean(),
		}),
		baseline: ComparedInput,
		candidates: z.array(CandidateComparison).min(1),
	})
	.meta({id: 'comparison', title: 'What compare and ab find'});
export type ComparisonReport = Readonly<z.infer<typeof ComparisonReport>>;
