/** Names in a run's folder. The launcher makes them, later steps find them. */

export const runFiles = {
	manifest: 'run.json',
	mean: 'benchmark_mean.json',
	/** Samples of the GPUs (gpu-samples-csv.ts). */
	gpuMetrics: 'gpu_metrics.csv',
} as const;

/** Pictures of the GPUs beside a run's manifest, without their endings. */
export const gpuPlotNames = [
	'plot.clocks',
	'plot.power',
	'plot.temperature',
	'plot.utilization',
	'plot.memory',
] as const;

/** In the folder of `benchmark ab`, beside the two run folders. */
export const abFiles = {
	comparison: 'comparison.json',
	a: 'a',
	b: 'b',
} as const;

/** In each worker's folder, `proc_X_gpu_Y`. */
export const workerFiles = {
	result: 'benchmark.json',
	/** What the program's own perf_utils wrote as its benchmark.json; moved here before the result takes its place. */
	placeholder: 'perf_utils.json',
	report: 'report.nsys-rep',
	/** What nsys leaves when its importer fails. */
	unimported: 'report.qdstrm',
	export: 'report.sqlite',
	/** Folder of the built-in profiler's recordings. */
	recording: 'recording',
	stdout: 'stdout.log',
	stderr: 'stderr.log',
	/** nsys's own words. */
	nsysLog: 'nsys.log',
} as const;
