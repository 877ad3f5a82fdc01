/** perf_analyzer's options by name. From its command_line_parser.cc and docs/cli.md, up to 2.60. */

/** 'path': the value names a file or folder; each point runs in a folder of its own. */
export type Kind = 'flag' | 'value' | 'path';

/** Long names, without dashes, that go to perf_analyzer as they are. */
export const passed: Readonly<Record<string, Kind>> = {
	async: 'flag',
	'bls-composing-models': 'value',
	'collect-metrics': 'flag',
	'data-directory': 'path',
	'enable-mpi': 'flag',
	endpoint: 'value',
	'fixed-schedule': 'flag',
	'grpc-compression-algorithm': 'value',
	'grpc-method': 'value',
	'input-data': 'path',
	'input-tensor-format': 'value',
	'log-frequency': 'value',
	'max-threads': 'value',
	'max-trials': 'value',
	'measurement-interval': 'value',
	'measurement-mode': 'value',
	'measurement-request-count': 'value',
	'metrics-interval': 'value',
	'metrics-url': 'value',
	'model-repository': 'path',
	'model-signature-name': 'value',
	'model-version': 'value',
	'num-of-sequences': 'value',
	'output-shared-memory-size': 'value',
	'output-tensor-format': 'value',
	percentile: 'value',
	'periodic-concurrency-range': 'value',
	'random-seed': 'value',
	'request-count': 'value',
	'request-distribution': 'value',
	'request-intervals': 'path',
	'request-parameter': 'value',
	'request-period': 'value',
	'sequence-id-range': 'value',
	'sequence-length': 'value',
	'sequence-length-variation': 'value',
	'serial-sequences': 'flag',
	'service-kind': 'value',
	'session-concurrency': 'value',
	shape: 'value',
	'ssl-grpc-certificate-chain-file': 'path',
	'ssl-grpc-private-key-file': 'path',
	'ssl-grpc-root-certifications-file': 'path',
	'ssl-grpc-use-ssl': 'flag',
	'ssl-https-ca-certificates-file': 'path',
	'ssl-https-client-certificate-file': 'path',
	'ssl-https-client-certificate-type': 'value',
	'ssl-https-private-key-file': 'path',
	'ssl-https-private-key-type': 'value',
	'ssl-https-verify-host': 'value',
	'ssl-https-verify-peer': 'value',
	streaming: 'flag',
	'string-data': 'value',
	'string-length': 'value',
	sync: 'flag',
	tokenizer: 'value',
	'trace-count': 'value',
	// On the server's machine.
	'trace-file': 'value',
	'trace-level': 'value',
	'trace-rate': 'value',
	'triton-server-directory': 'path',
};

/** Those that a sweep takes for itself: what it varies, what it writes, what it judges. */
export const taken: Readonly<Record<string, Kind>> = {
	'batch-size': 'value',
	'binary-search': 'flag',
	'concurrency-range': 'value',
	'latency-report-file': 'value',
	'latency-threshold': 'value',
	'model-name': 'value',
	'profile-export-file': 'value',
	protocol: 'value',
	'request-rate-range': 'value',
	'shared-memory': 'value',
	'stability-percentage': 'value',
	url: 'value',
	verbose: 'flag',
	'verbose-csv': 'flag',
	'warmup-request-count': 'value',
};

/** Short names, as long ones. `-t`, `-c` and `-d` are of perf_analyzer's first years. */
export const shorts: Readonly<Record<string, string>> = {
	v: 'verbose',
	a: 'async',
	m: 'model-name',
	x: 'model-version',
	b: 'batch-size',
	p: 'measurement-interval',
	i: 'protocol',
	H: 'header',
	u: 'url',
	l: 'latency-threshold',
	r: 'max-trials',
	s: 'stability-percentage',
	f: 'latency-report-file',
	t: 'concurrency-range',
	z: 'zero-input',
	c: 'max-concurrency',
	d: 'dynamic-concurrency',
};

/** Known by their short names only. */
const shortOnly: Readonly<Record<string, Kind>> = {
	header: 'value',
	'zero-input': 'flag',
	'max-concurrency': 'value',
	'dynamic-concurrency': 'flag',
};

export const spellings: Readonly<Record<string, string>> = {
	header: '-H',
	'zero-input': '-z',
	'model-version': '-x',
};

export const kinds: Readonly<Record<string, Kind>> = {...passed, ...taken, ...shortOnly};
