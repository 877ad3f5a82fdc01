/** Which batches ran on a GPU that was held down, and what became of them. */

import {plural} from '../base/plural.ts';
import {eventReasons} from '../schemas/gpu-sample.ts';
import type {GpuHolder, ProcessGpuMetrics} from '../schemas/gpu-metrics.ts';
import type {Warning} from '../schemas/warning.ts';
import {joinPath} from './range-keys.ts';
import {isThrottled} from './throttled-batches.ts';

interface Throttled {
	readonly path: string;
	readonly share: number;
	/** Share by reason that slows. */
	readonly reasons: Readonly<Record<string, number>>;
}

/** What the verdict needs of a process. */
export interface ThrottledProcess {
	/** Empty where there is one only. */
	readonly name: string;
	readonly metrics: ProcessGpuMetrics;
}

const slowing: ReadonlySet<string> = new Set(
	Object.entries(eventReasons).flatMap(([name, {slows}]) => (slows ? [name] : [])),
);

const listBatches = (
	[holder, {batches}]: readonly [string, GpuHolder],
	roles: readonly string[],
): readonly Throttled[] =>
	batches.name.flatMap((name, at) => {
		const share = batches.throttled_share?.[at] ?? null;
		return share !== null && isThrottled(share) && roles.includes(batches.role[at] ?? '')
			? [
					{
						path: joinPath(holder, name),
						share,
						reasons: Object.fromEntries(
							Object.entries(batches.event_reasons)
								.filter(([reason]) => slowing.has(reason))
								.map(([reason, shares]) => [reason, shares[at] ?? 0]),
						),
					},
				]
			: [];
	});

/** Its batches share the fate of the one around them, and would only be counted twice. */
const isInsideBatch = ([, {window}]: readonly [string, GpuHolder]): boolean => window === undefined;

/** Enough to look them up; all of them stand in `gpu_metrics`. */
const mostNames = 3;

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** "power_cap 62 %, thermal 10 % of their time" */
const describeReasons = (batches: readonly Throttled[]): string => {
	const names = [...new Set(batches.flatMap(({reasons}) => Object.keys(reasons)))];
	return names
		.map((name): [string, number] => [
			name,
			batches.reduce((sum, {reasons}) => sum + (reasons[name] ?? 0), 0) / batches.length,
		])
		.filter(([, share]) => share > 0)
		.toSorted((a, b) => b[1] - a[1])
		.map(([name, share]) => `${name} ${percent(share)}`)
		.join(', ');
};

interface Of {
	readonly name: string;
	readonly batches: readonly Throttled[];
}

/** '"a/batch_3", "a/batch_4" and 7 more (process 0 on GPU 0), of their time: power_cap 62 %' */
const describeBatches = (found: readonly Of[]): string => {
	const all = found.flatMap(({batches}) => batches);
	const [first] = found;
	const named = (first?.batches ?? []).slice(0, mostNames).map(({path}) => `"${path}"`);
	const whose = first === undefined || first.name === '' ? '' : ` of ${first.name}`;
	const more = all.length > named.length ? ` and ${all.length - named.length} more` : '';
	return `${named.join(', ')}${whose}${more}; of their time: ${describeReasons(all)}`;
};

const collect = (
	processes: readonly ThrottledProcess[],
	list: (holder: readonly [string, GpuHolder], metrics: ProcessGpuMetrics) => readonly Throttled[],
): readonly Of[] =>
	processes
		.map(({name, metrics}) => ({
			name,
			batches: Object.entries(metrics.holders).flatMap((holder) => list(holder, metrics)),
		}))
		.filter(({batches}) => batches.length > 0);

const countBatches = (found: readonly Of[], kind = ''): string =>
	plural(
		found.reduce((sum, {batches}) => sum + batches.length, 0),
		`${kind}batch`,
		`${kind}batches`,
	);

const warnOfDropped = (processes: readonly ThrottledProcess[]): readonly Warning[] => {
	const dropped = collect(processes, (holder) => listBatches(holder, ['dropped']));
	return dropped.length === 0
		? []
		: [
				{
					code: 'throttled-dropped',
					message: `Left out of the statistics, since the GPU was held down: ${countBatches(dropped)}: ${describeBatches(dropped)}.`,
				},
			];
};

/** Holders of which --drop-throttled would have left nothing: all of their throttled batches are still measured. */
const warnOfKept = (processes: readonly ThrottledProcess[]): readonly Warning[] => {
	const kept = collect(processes, (holder, {drop_throttled: drops}) =>
		drops ? listBatches(holder, ['measured']) : [],
	);
	return kept.length === 0
		? []
		: [
				{
					code: 'throttled-kept',
					message: `ALL MEASURED BATCHES WERE THROTTLED, so --drop-throttled would leave nothing and all are kept: ${countBatches(kept)}: ${describeBatches(kept)}. Find out why the GPU is held down, and measure again.`,
				},
			];
};

const warnOfMeasured = (processes: readonly ThrottledProcess[]): readonly Warning[] => {
	const found = collect(processes, (holder, {drop_throttled: drops}) =>
		drops || isInsideBatch(holder) ? [] : listBatches(holder, ['measured']),
	);
	return found.length === 0
		? []
		: [
				{
					code: 'gpu-throttled',
					message: `The GPU was held down in ${countBatches(found, 'measured ')}: ${describeBatches(found)}. --drop-throttled leaves such batches out, which benchmark reprocess takes too.`,
				},
			];
};

export const warnOfThrottling = (processes: readonly ThrottledProcess[]): readonly Warning[] => [
	...warnOfMeasured(processes),
	...warnOfDropped(processes),
	...warnOfKept(processes),
];
