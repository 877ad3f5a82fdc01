/** What a generated trace can be told. Shares run from 0 to 1. */

export interface TraceOptions {
	/** Rows of NVTX_EVENTS, RUNTIME, KERNEL, MEMCPY and MEMSET together; the trace has exactly as many. */
	readonly events: number;
	readonly seed: number;
	readonly processes: number;
	/** Threads of each process that push ranges and launch. */
	readonly threads: number;
	/** Further threads of each process that launch but never push, as PyTorch's autograd does. */
	readonly bareThreads: number;
	/** Most push/pop ranges open at once on a thread, those of the overlapping domain aside. */
	readonly depth: number;
	/** CUDA streams of each process. */
	readonly streams: number;
	/** Share of ranges whose name is a registered string (textId); the others carry it as text. */
	readonly registered: number;
	/** Share of ranges whose name ends in a number of its own: nearly all where PyTorch's emit_nvtx names them. */
	readonly numberedNames: number;
	/** Share of ranges without a name. */
	readonly unnamed: number;
	/** Share of nested ranges in a domain with a name. */
	readonly inDomains: number;
	/** Share of ranges in a domain of their own that overlap the others without nesting. */
	readonly overlaps: number;
	/** Share of ranges that get a twin with the same start and end on the same thread. */
	readonly identical: number;
	/** Share of ranges that are start/end ranges; one in five of them ends on another thread, where there is one. */
	readonly startEnd: number;
	/** Share of launches that launch a CUDA graph. */
	readonly graphs: number;
	/** node: each kernel of a graph is a row, all with the launch's correlationId. graph: one row of GRAPH_TRACE. */
	readonly graphLevel: 'node' | 'graph';
	/** Every process counts its correlationIds from the same number. */
	readonly collisions: boolean;
	/** Share of launches with two RUNTIME rows, runtime and driver API, for one correlationId. */
	readonly doubledCalls: number;
	/** Share of operations whose RUNTIME row is missing. */
	readonly withoutCall: number;
	/** Share of ranges and calls that start or end at the very moment at which something before them did. */
	readonly ties: number;
	/** Share of calls during which their thread goes on, so that ranges start and end in the middle of them. */
	readonly straddling: number;
	/** Ranges open when the recording ended stay open: their end is the end of the trace. */
	readonly unfinished: boolean;
	/** Times since 1970, near 1.8e18, as `--ts-normalize` writes them. */
	readonly tsNormalize: boolean;
	/** Rows in random order; otherwise by their start, as nsys writes them. */
	readonly shuffled: boolean;
	/** Bits of every globalTid above the pid; 32 and more pass 2^53. */
	readonly vm: number;
}

/** Near real PyTorch traces: 25 % ranges, 38 % calls, 30 % kernels, 6 % copies, 1 % sets. */
export const defaultOptions: TraceOptions = {
	events: 100_000,
	seed: 1,
	processes: 2,
	threads: 2,
	bareThreads: 0,
	depth: 8,
	streams: 4,
	registered: 0.3,
	numberedNames: 0.02,
	unnamed: 0,
	inDomains: 0.05,
	overlaps: 0,
	identical: 0,
	startEnd: 0,
	graphs: 0,
	graphLevel: 'node',
	collisions: false,
	doubledCalls: 0,
	withoutCall: 0,
	ties: 0,
	straddling: 0,
	unfinished: false,
	tsNormalize: false,
	shuffled: false,
	vm: 1,
};

/** Of a hundred rows, how many of each kind; every operation brings a call along. */
export const mix = {ranges: 25, kernels: 30, copies: 6, sets: 1, otherCalls: 1} as const;
