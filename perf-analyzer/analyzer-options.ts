/**
 * perf_analyzer's own options, as far as must be known to pass them on: which of them take a value, and which name a file.
 * Names as in its command_line_parser.cc and docs/cli.md, up to 2.60; it also takes unique beginnings of long names, and
 * short ones with their value attached, as getopt_long does. Pure.
 */

import {UserError} from '../base/errors.ts';

/** 'path': the value names a file or folder; each point runs in a folder of its own. */
type Kind = 'flag' | 'value' | 'path';

/** Long names, without dashes, that go to perf_analyzer as they are. */
const passed: Readonly<Record<string, Kind>> = {
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
const taken: Readonly<Record<string, Kind>> = {
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
const shorts: Readonly<Record<string, string>> = {
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

const spellings: Readonly<Record<string, string>> = {
	header: '-H',
	'zero-input': '-z',
	'model-version': '-x',
};

const kinds: Readonly<Record<string, Kind>> = {...passed, ...taken, ...shortOnly};

export interface AnalyzerOption {
	/** Long name, without dashes. */
	readonly name: string;
	/** As it was written. */
	readonly written: string;
	/** undefined for a flag. */
	readonly value: string | undefined;
}

export interface SplitArguments {
	/** perf_analyzer's, in their order. */
	readonly analyzer: readonly AnalyzerOption[];
	/** All others, in their order. */
	readonly own: readonly string[];
}

/** A unique beginning stands for the whole, unless it is one of our own names. */
const completeName = (name: string, isOwn: (name: string) => boolean): string | undefined => {
	if (Object.hasOwn(kinds, name)) {
		return name;
	}

	const found = Object.keys({...passed, ...taken}).filter((known) => known.startsWith(name));
	return isOwn(name) || found.length !== 1 ? undefined : found[0];
};

const needValue = (written: string, value: string | undefined): string => {
	if (value === undefined) {
		throw new UserError(`${written} takes a value, and none follows`);
	}

	return value;
};

interface ReadWords {
	readonly options: readonly AnalyzerOption[];
	/** Of the command line. */
	readonly words: number;
}

/** `-b4`, `-va`, `-H key:value`. @returns undefined where a letter is none of perf_analyzer's */
const readShorts = (word: string, next: string | undefined): ReadWords | undefined => {
	const options: AnalyzerOption[] = [];
	for (let place = 1; place < word.length; place++) {
		const letter = word[place] ?? '';
		const name = Object.hasOwn(shorts, letter) ? shorts[letter] : undefined;
		if (name === undefined) {
			return undefined;
		}

		const written = `-${letter}`;
		if (kinds[name] === 'flag') {
			options.push({name, written, value: undefined});
			continue;
		}

		const attached = word.slice(place + 1);
		const value = needValue(written, attached === '' ? next : attached);
		return {options: [...options, {name, written, value}], words: attached === '' ? 2 : 1};
	}

	return {options, words: 1};
};

const readLong = (
	word: string,
	next: string | undefined,
	isOwn: (name: string) => boolean,
): ReadWords | undefined => {
	const [, text = '', , attached] = /^--([^=]+)(=(.*))?$/s.exec(word) ?? [];
	const name = completeName(text, isOwn);
	if (name === undefined) {
		return undefined;
	}

	const written = `--${text}`;
	if (kinds[name] === 'flag') {
		return {options: [{name, written, value: undefined}], words: 1};
	}

	const value = needValue(written, attached ?? next);
	return {options: [{name, written, value}], words: attached === undefined ? 2 : 1};
};

/**
 * Takes perf_analyzer's options out of a command line. What is none of them, and all of `isOwn`, stays for our own parser.
 * @param isOwn whether a long name (without dashes) is ours
 * @param takesValue whether an option of ours, as it was written, takes the next word
 */
export const splitArguments = (
	argv: readonly string[],
	isOwn: (name: string) => boolean,
	takesValue: (word: string) => boolean,
): SplitArguments => {
	const analyzer: AnalyzerOption[] = [];
	const own: string[] = [];
	for (let place = 0; place < argv.length;) {
		const word = argv[place] ?? '';
		const next = argv[place + 1];
		const read = word.startsWith('--')
			? readLong(word, next, isOwn)
			: /^-[A-Za-z]/.test(word) && !isOwn(word.slice(1))
				? readShorts(word, next)
				: undefined;
		if (read !== undefined) {
			analyzer.push(...read.options);
			place += read.words;
		} else {
			const taken = takesValue(word) ? 2 : 1;
			own.push(...argv.slice(place, place + taken));
			place += taken;
		}
	}

	return {analyzer, own};
};

/** Whether an option goes to perf_analyzer as it is. */
export const isPassed = ({name}: AnalyzerOption): boolean =>
	Object.hasOwn(passed, name) || name === 'header' || name === 'zero-input';

const isBuiltInData = ({name, value}: AnalyzerOption): boolean =>
	name === 'input-data' && (value === 'random' || value === 'zero');

export const isPath = (option: AnalyzerOption): boolean =>
	kinds[option.name] === 'path' && !isBuiltInData(option);

/** As words of a command line. @param resolve from the user's folder */
export const writeOption = (
	option: AnalyzerOption,
	resolve: (file: string) => string,
): readonly string[] => {
	const flag = spellings[option.name] ?? `--${option.name}`;
	const {value} = option;
	return value === undefined ? [flag] : [flag, isPath(option) ? resolve(value) : value];
};
