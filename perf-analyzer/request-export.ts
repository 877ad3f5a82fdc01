/**
 * The request export (`--profile-export-file`): every request of every window, also of windows and points that
 * perf_analyzer left out of its own results. Timestamps are ns since 1970 in 64 bits.
 */

import {JsonScanError, JsonScanner, type ReadBytes} from './json-scanner.ts';
import {TimeColumn, type RequestTimes} from './request-times.ts';

export interface ExportedExperiment {
	/** "concurrency", "request_rate". */
	readonly mode: string;
	/** As it stands there: "4", "10.5". */
	readonly value: string;
	readonly requests: RequestTimes;
	/** Bounds of the windows, ns on the requests' own scale; W + 1 of them, ascending. */
	readonly boundaries: readonly number[];
	/** Requests without an answer or with impossible times: not in `requests`. */
	readonly broken: number;
	/**
	 * Whether the file ended before all of its requests and windows. perf_analyzer writes one worker's requests after the
	 * other's: what is missing is whole workers, and not the end of the time.
	 */
	readonly cut: boolean;
}

export interface RequestExport {
	readonly experiments: readonly ExportedExperiment[];
	/** "" where the file does not say. */
	readonly version: string;
	readonly serviceKind: string;
	/** Why the file could not be read to its end; undefined where it was. */
	readonly damage: string | undefined;
}

/** The experiment that is being read. */
interface Reading {
	mode: string;
	value: string;
	base: bigint | undefined;
	readonly starts: TimeColumn;
	readonly ends: TimeColumn;
	responses: number;
	readonly boundaries: bigint[];
	broken: number;
	/** Lists of which the end was read: that of the requests and that of the windows. */
	wholeLists: number;
}

const startReading = (): Reading => ({
	mode: '',
	value: '',
	base: undefined,
	starts: new TimeColumn(),
	ends: new TimeColumn(),
	responses: 0,
	boundaries: [],
	broken: 0,
	wholeLists: 0,
});

const readTimestamp = (scanner: JsonScanner): bigint | undefined => {
	const text = scanner.readNumber();
	return /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
};

interface Request {
	sent: bigint | undefined;
	readonly answers: bigint[];
	/** Of response_outputs. */
	outputs: number;
	lastEmpty: boolean;
}

const readRequest = (scanner: JsonScanner): Request => {
	const request: Request = {sent: undefined, answers: [], outputs: 0, lastEmpty: false};
	scanner.readObject((key) => {
		if (key === 'timestamp') {
			request.sent = readTimestamp(scanner);
		} else if (key === 'response_timestamps') {
			scanner.readArray(() => {
				const time = readTimestamp(scanner);
				if (time !== undefined) {
					request.answers.push(time);
				}
			});
		} else if (key === 'response_outputs') {
			scanner.readArray(() => {
				request.outputs++;
				request.lastEmpty = scanner.skipValue();
			});
		} else {
			scanner.skipValue();
		}
	});
	return request;
};

/** A decoupled model can end with an answer without content, of which only the time is recorded: it does not count. */
const countAnswers = ({answers, outputs, lastEmpty}: Request): number =>
	answers.length > 1 && outputs === answers.length && lastEmpty
		? answers.length - 1
		: answers.length;

const addRequest = (reading: Reading, request: Request): void => {
	const count = countAnswers(request);
	const end = request.answers[count - 1];
	const {sent} = request;
	reading.base ??= sent;
	if (sent === undefined || end === undefined || reading.base === undefined || end < sent) {
		reading.broken++;
		return;
	}

	reading.starts.push(Number(sent - reading.base));
	reading.ends.push(Number(end - reading.base));
	reading.responses += count;
};

const readExperiment = (scanner: JsonScanner, reading: Reading): void => {
	scanner.readObject((key) => {
		if (key === 'experiment') {
			scanner.readObject((name) => {
				if (name === 'mode') {
					reading.mode = scanner.readText();
				} else if (name === 'value') {
					reading.value = scanner.readNumber();
				} else {
					scanner.skipValue();
				}
			});
		} else if (key === 'requests') {
			scanner.readArray(() => addRequest(reading, readRequest(scanner)));
			reading.wholeLists++;
		} else if (key === 'window_boundaries') {
			scanner.readArray(() => {
				const time = readTimestamp(scanner);
				if (time !== undefined) {
					reading.boundaries.push(time);
				}
			});
			reading.wholeLists++;
		} else {
			scanner.skipValue();
		}
	});
};

const finishReading = (reading: Reading, cut: boolean): ExportedExperiment => {
	const {mode, value, starts, ends, responses, broken, base = 0n} = reading;
	return {
		mode,
		value,
		requests: {starts: starts.filled, ends: ends.filled, responses},
		boundaries: reading.boundaries.map((time) => Number(time - base)),
		broken,
		cut,
	};
};

/** Reads as far as the file can be read; never throws for what stands in it. */
export const readRequestExport = (read: ReadBytes, bufferSize?: number): RequestExport => {
	const scanner = new JsonScanner(read, bufferSize);
	const experiments: ExportedExperiment[] = [];
	let open: Reading | undefined;
	let version = '';
	let serviceKind = '';
	let damage: string | undefined;
	try {
		scanner.readObject((key) => {
			if (key === 'experiments') {
				scanner.readArray(() => {
					open = startReading();
					readExperiment(scanner, open);
					experiments.push(finishReading(open, false));
					open = undefined;
				});
			} else if (key === 'version') {
				version = scanner.readText();
			} else if (key === 'service_kind') {
				serviceKind = scanner.readText();
			} else {
				scanner.skipValue();
			}
		});
	} catch (error) {
		if (!(error instanceof JsonScanError)) {
			throw error;
		}

		damage = error.message;
		if (open !== undefined) {
			experiments.push(finishReading(open, open.wholeLists < 2));
		}
	}

	return {experiments, version, serviceKind, damage};
};
