/** The strings of a generated trace: names of ranges, calls and kernels, and their ids in StringIds. */

export interface KernelName {
	readonly demangled: number;
	readonly short: number;
	readonly mangled: number;
}

export interface TraceNames {
	/** Id by text, ascending. */
	readonly strings: ReadonlyMap<string, number>;
	readonly idOf: (text: string) => number;
	readonly ranges: readonly string[];
	readonly kernels: readonly KernelName[];
}

export const calls = {
	launch: 'cudaLaunchKernel_v7000',
	driverLaunch: 'cuLaunchKernel',
	copy: 'cudaMemcpyAsync_v3020',
	set: 'cudaMemsetAsync_v3020',
	graph: 'cudaGraphLaunch_v10000',
	other: 'cudaEventRecord_v3020',
} as const;

export const rootName = 'step';
export const overlappingDomain = 'overlapping';
export const nestedDomains = ['loader', 'media, "decoded"'] as const;

const subjects =
	'add mul matmul conv2d linear softmax layer_norm gelu relu embedding view copy_ empty cat split transpose dropout attention mean pow';
const forms = ['', '_', '_out', '_backward', ' forward', ', dim=0', ' (fp16)', ' "inner"'];
const types = ['float', 'double', 'c10::Half', 'c10::BFloat16'];

const rangeNames = subjects
	.split(' ')
	.flatMap((subject) => forms.map((form) => `model::${subject}${form}`));

const kernelNames = subjects.split(' ').flatMap((subject) =>
	types.map((type, at) => ({
		short: `${subject}_kernel`,
		demangled: `void model::${subject}_kernel<${type}, (int)${64 << at}, (bool)0, model::${subject}_functor<${type}>>(model::Arguments<${type}>, int, const T1 &)`,
		mangled: `_ZN5model${subject.length + 7}${subject}_kernelI${at}Li${64 << at}ELb0ENS_7functorEEEvNS_9ArgumentsIEEiRKT1_`,
	})),
);

export const createNames = (): TraceNames => {
	const strings = new Map<string, number>();
	const idOf = (text: string): number => {
		const known = strings.get(text);
		if (known !== undefined) {
			return known;
		}

		strings.set(text, strings.size + 1);
		return strings.size;
	};
	for (const text of [rootName, ...rangeNames, ...Object.values(calls)]) {
		idOf(text);
	}

	const kernels = kernelNames.map(({demangled, short, mangled}) => ({
		demangled: idOf(demangled),
		short: idOf(short),
		mangled: idOf(mangled),
	}));
	return {strings, idOf, ranges: rangeNames, kernels};
};
