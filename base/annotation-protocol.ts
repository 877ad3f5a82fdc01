/**
 * What the launcher, the annotation libraries (TypeScript and Python) and the parsers agree on.
 * The Python side states the same names in annotations/python/perf_utils/_protocol.py; a test holds the two together.
 *
 * Marks. A batch's index and items go into the trace itself, as NVTX marks (instant events) in a domain of their own, so
 * that a saved report can be reprocessed alone. A mark speaks of the innermost push/pop range that is open on its thread
 * at its time; `meta` speaks of the process. Its text is one JSON object:
 *
 *   {"batch":3}           just after the push: this range is batch 3
 *   {"items":16}          just before the pop: the batch held 16 items
 *   {"delete":true}       just before the pop: drop this range and all below it
 *   {"object":"name"}     just after the push: this range stands at the top of the object `name`
 *   {"meta":{...}}        at the object's creation: what `meta` of benchmark.json should hold; `obj_name` is in it
 *   {"sync":{...}}        just before the first batch, where `--sync-start` held it back: for how long, up to this mark,
 *                         and why no longer (schemas/annotation-mark.ts)
 */
export const annotationDomain = 'nsys-benchmark';

/** Environment of a worker, as the annotation libraries read it. */
export const workerEnvironment = {
	/** "1" in every worker: record and emit. Absent: the libraries only emit NVTX. The origin's switch. */
	benchmarking: 'BENCHMARK_PY',
	/** The worker's folder: finalize() writes here when the program's own --output_dir is not given. */
	outputFolder: 'BENCHMARK_OUTPUT_DIR',
	process: 'BENCHMARK_PROCESS',
	gpu: 'BENCHMARK_GPU',
	/** Folder for the libraries' own recordings; set only with the built-in profiler. */
	recordingFolder: 'BENCHMARK_RECORDING',
	/** A file that holds, as decimal text, how many batches have ended; rewritten at most ten times a second. */
	progressFile: 'BENCHMARK_PROGRESS',
	/** A random token of this run: what is left of a worker is found by it. */
	token: 'BENCHMARK_TOKEN',
	/**
	 * Only with `--sync-start`. The file that a worker makes, empty, when its first batch is about to begin. Then it waits
	 * for the file `go` beside it: when all begin, in ns of the machine's monotonic clock, and why then ("<ns> together\n").
	 */
	syncFile: 'BENCHMARK_SYNC',
	/** Seconds after which it waits no longer: the launcher must be gone. */
	syncTimeout: 'BENCHMARK_SYNC_TIMEOUT',
} as const;
