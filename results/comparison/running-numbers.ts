/**
 * PyTorch's emit_nvtx numbers every call: "aten::linear, seq = 45337, op_id = 990384". No such path occurs twice, in no
 * other run either. Without the numbers there is something to compare: values of one path add up within a process, as
 * those of equal names do.
 */

import type {MetricValues, RangeCount, SideProcess} from './side.ts';

const runningNumber = /, (?:seq|op_id) = \d+/g;

export const dropRunningNumbers = (path: string): string => path.replaceAll(runningNumber, '');

const hasRunningNumbers = (path: string): boolean => dropRunningNumbers(path) !== path;

const addValues = (a: MetricValues, b: MetricValues): MetricValues => {
	const sum: Partial<Record<string, number>> = {...a};
	for (const [metric, value] of Object.entries(b)) {
		sum[metric] = (sum[metric] ?? 0) + value;
	}

	return sum;
};

const addCounts = (a: RangeCount, b: RangeCount): RangeCount => ({
	...a,
	instances: a.instances + b.instances,
});

const mergePaths = <Value>(
	byPath: ReadonlyMap<string, Value>,
	add: (a: Value, b: Value) => Value,
): ReadonlyMap<string, Value> => {
	const merged = new Map<string, Value>();
	for (const [path, value] of byPath) {
		const key = dropRunningNumbers(path);
		const known = merged.get(key);
		merged.set(key, known === undefined ? value : add(known, value));
	}

	return merged;
};

export const mergeRunningNumbers = (process: Omit<SideProcess, 'renamed'>): SideProcess =>
	[...process.values.keys(), ...process.counts.keys()].some(hasRunningNumbers)
		? {
				...process,
				values: mergePaths(process.values, addValues),
				counts: mergePaths(process.counts, addCounts),
				renamed: true,
			}
		: {...process, renamed: false};
