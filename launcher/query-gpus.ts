/**
 * `nvidia-smi --query-gpu` for drivers of all ages. A field that one driver knows makes another refuse the whole query, so
 * each wanted value comes with all spellings that it ever had, and what is refused is asked no more.
 */

import {askNvidiaSmi, readSmiValue, type SmiOptions} from './ask-nvidia-smi.ts';

/** By our own name: how nvidia-smi spells it, newest first. */
export type WantedFields<Name extends string> = Readonly<Record<Name, readonly string[]>>;

export interface AskedField<Name extends string> {
	readonly name: Name;
	readonly field: string;
}

export interface GpuQuery<Name extends string> {
	/** Those that the driver knows, in order of their columns. */
	readonly fields: readonly AskedField<Name>[];
	/** Names of which it knows no spelling. */
	readonly refused: readonly Name[];
	/** One per GPU. A GPU that is lost has none, or one of nulls. */
	readonly rows: readonly Readonly<Record<Name, string | null>>[];
	/** What nvidia-smi said instead, or besides; null: nothing. */
	readonly failure: string | null;
}

/** Options that make nvidia-smi print what `parseRow` reads. */
export const queryArguments = (fields: readonly AskedField<string>[]): readonly string[] => [
	`--query-gpu=${fields.map(({field}) => field).join(',')}`,
	'--format=csv,noheader,nounits',
];

/** null for a line that is no row: a message, or a row that was cut. Names of GPUs hold no commas. */
export const parseRow = <Name extends string>(
	line: string,
	fields: readonly AskedField<Name>[],
): Record<Name, string | null> | null => {
	const cells = line.split(',');
	return cells.length === fields.length
		? (Object.fromEntries(
				fields.map(({name}, index) => [name, readSmiValue(cells[index])]),
			) as Record<Name, string | null>)
		: null;
};

const parseRefusal = (text: string): string | undefined =>
	/Field "([^"]+)" is not a valid field to query/.exec(text)?.[1];

/** The names at the beginnings of its lines: `"clocks_event_reasons.active" or "clocks_throttle_reasons.active"`. */
const parseKnownFields = (help: string): ReadonlySet<string> =>
	new Set(
		help
			.split('\n')
			.filter((line) => /^"[^"]+"( or "[^"]+")*\s*$/.test(line))
			.flatMap((line) => [...line.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '')),
	);

/** Which spelling of each name is to be tried next. */
class Spellings<Name extends string> {
	readonly #left: Map<Name, readonly string[]>;
	readonly refused: Name[] = [];

	constructor(wanted: WantedFields<Name>) {
		this.#left = new Map(
			Object.entries<readonly string[]>(wanted).map(([name, spellings]) => [
				name as Name,
				spellings,
			]),
		);
	}

	get fields(): readonly AskedField<Name>[] {
		return [...this.#left].map(([name, [field = '']]) => ({name, field}));
	}

	/** @returns whether anything was dropped */
	drop(isRefused: (field: string) => boolean): boolean {
		let dropped = false;
		for (const [name, spellings] of [...this.#left]) {
			const left = spellings.filter((field) => !isRefused(field));
			dropped ||= left.length < spellings.length;
			if (left.length === 0) {
				this.#left.delete(name);
				this.refused.push(name);
			} else {
				this.#left.set(name, left);
			}
		}

		return dropped;
	}
}

/** A help that lists next to nothing is a message, not a list. */
const fewestFields = 10;

/** It names one field per call, and a call can take most of a second: its help names all that it knows at once. */
const dropUnknown = async (
	spellings: Spellings<string>,
	refusal: string,
	options: SmiOptions,
): Promise<boolean> => {
	const known = parseKnownFields((await askNvidiaSmi(['--help-query-gpu'], options)).text);
	const droppedMany = known.size >= fewestFields && spellings.drop((field) => !known.has(field));
	return spellings.drop((field) => field === refusal) || droppedMany;
};

const parseRows = <Name extends string>(
	text: string,
	wanted: WantedFields<Name>,
	fields: readonly AskedField<Name>[],
): GpuQuery<Name>['rows'] => {
	const nulls = Object.fromEntries(Object.keys(wanted).map((name) => [name, null]));
	return text
		.split('\n')
		.map((line) => parseRow(line, fields))
		.filter((row) => row !== null)
		.map((row) => ({...(nulls as Record<Name, null>), ...row}));
};

/** The wanted values of every GPU, as far as this driver tells them. Never throws. */
export const queryGpus = async <Name extends string>(
	wanted: WantedFields<Name>,
	options: SmiOptions = {},
): Promise<GpuQuery<Name>> => {
	const spellings = new Spellings(wanted);
	for (let isFirst = true; ; isFirst = false) {
		const {fields, refused} = spellings;
		const {text, failure} = await askNvidiaSmi(queryArguments(fields), options);
		const refusal = parseRefusal(text);
		if (refusal === undefined) {
			return {fields, refused, rows: parseRows(text, wanted, fields), failure};
		}

		const hasDropped = isFirst
			? await dropUnknown(spellings, refusal, options)
			: spellings.drop((field) => field === refusal);
		if (!hasDropped || spellings.fields.length === 0) {
			return {fields: spellings.fields, refused, rows: [], failure: failure ?? refusal};
		}
	}
};
