/** Request exports as perf_analyzer writes them, timestamps as text: a double would round them. */

import type {ReadBytes} from '../../perf-analyzer/json-scanner.ts';

export interface ExportedRequest {
	/** ns after the base. */
	readonly sent: number;
	/** ns after the base. */
	readonly answers: readonly number[];
	/** Texts of JSON, one for each answer. */
	readonly outputs?: readonly string[];
}

/** Near today: above 2^53 by far. */
export const exportBase = 1_732_000_000_123_456_789n;

const stamp = (ns: number): string => String(exportBase + BigInt(ns));

export const writeRequest = ({sent, answers, outputs}: ExportedRequest): string =>
	`{"timestamp":${stamp(sent)},"sequence_id":7,"request_inputs":{"IN\\"]}":[1,[2],"}]\\\\",null,-1.5e3]},` +
	`"response_timestamps":[${answers.map(stamp).join(',')}],` +
	`"response_outputs":[${(outputs ?? answers.map(() => '{"OUT":[true,""]}')).join(',')}]}`;

export const writeExperiment = (
	mode: string,
	value: string,
	requests: readonly ExportedRequest[],
	boundaries: readonly number[],
): string =>
	`{"experiment":{"mode":"${mode}","value":${value}},"requests":[${requests.map(writeRequest).join(',')}],` +
	`"window_boundaries":[${boundaries.map(stamp).join(',')}]}`;

export const writeExport = (...experiments: readonly string[]): string =>
	`{"experiments":[${experiments.join(',')}],"version":"2.59.0","service_kind":"triton_c_api","endpoint":"v2/x"}`;

/** @param pieceSize bytes at a time */
export const readFrom = (text: string | Buffer, pieceSize = 1 << 20): ReadBytes => {
	const bytes = Buffer.from(text);
	let at = 0;
	return (into) => {
		const length = Math.min(into.length, pieceSize, bytes.length - at);
		into.set(bytes.subarray(at, at + length));
		at += length;
		return length;
	};
};
