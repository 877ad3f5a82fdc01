/** Lists of CPUs as the kernel writes them: "0-3,8,10-11". */

/** More than any kernel can be built for: a span beyond it is garbage, and would be counted for ever. */
const mostCpus = 65_536;

/** In order, each once; what is no number of a CPU is left out. */
export const parseCpuList = (text: string): readonly number[] => {
	const cpus = new Set<number>();
	for (const part of text.split(',')) {
		const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
		const first = Number(match?.[1] ?? NaN);
		const last = Number(match?.[2] ?? first);
		for (let cpu = first; cpu <= last && last < mostCpus; cpu++) {
			cpus.add(cpu);
		}
	}

	return [...cpus].toSorted((a, b) => a - b);
};

export const formatCpuList = (cpus: readonly number[]): string => {
	const spans: {first: number; last: number}[] = [];
	for (const cpu of [...new Set(cpus)].toSorted((a, b) => a - b)) {
		const span = spans.at(-1);
		if (span?.last === cpu - 1) {
			span.last = cpu;
		} else {
			spans.push({first: cpu, last: cpu});
		}
	}

	return spans
		.map(({first, last}) => (first === last ? String(first) : `${first}-${last}`))
		.join(',');
};
