/**
 * Names of NVTX events, as NVIDIA's reports print them: the registered string where it resolves, else the text; before
 * it "domain:", unless the event lies in the default domain or nobody recorded the domain's creation.
 */

import type {z} from 'zod';
import type {Columns} from './columns.ts';
import type {domains} from './queries/domains.ts';
import type {pushPopRanges} from './queries/push-pop-ranges.ts';
import type {registeredStrings} from './queries/registered-strings.ts';

/** Stands for the name of a range that was pushed without one. NVIDIA's reports leave the field empty. */
export const unnamed = '(unnamed)';

/** textId -> the registered string. */
export type RegisteredStrings = ReadonlyMap<number, string>;

export const indexStrings = (
	rows: readonly z.infer<typeof registeredStrings.row>[],
): RegisteredStrings => new Map(rows.map(({id, value}) => [Number(id), value]));

/** The message of an event; null where it has none. NaN as an id stands for NULL and resolves to nothing. */
export const messageOfEvent = (
	strings: RegisteredStrings,
	textId: number,
	text: string | null,
): string | null => strings.get(textId) ?? text;

/** Of a process (24 bits of pid) and a domain id: the domain's name; undefined where its creation is unknown. */
export type FindDomain = (pid: number, domain: number) => string | undefined;

export const indexDomains = (
	rows: readonly z.infer<typeof domains.row>[],
	strings: RegisteredStrings,
): FindDomain => {
	const byProcess = new Map<number, Map<number, string>>();
	for (const {pid, domain, textId, text} of rows) {
		const name = messageOfEvent(strings, Number(textId ?? NaN), text);
		const known = byProcess.get(Number(pid)) ?? new Map<number, string>();
		byProcess.set(Number(pid), known);
		// The rows come in order of time: a domain that two threads created has the first one's name.
		if (name !== null && domain !== 0n && !known.has(Number(domain))) {
			known.set(Number(domain), name);
		}
	}

	return (pid, domain) => byProcess.get(pid)?.get(domain);
};

/** The process id within the process part of a packed id. */
export const pidOf = (process: number): number => ((process % 0x1000000) + 0x1000000) % 0x1000000;

/** Strings, each with a number. */
export const internStrings = () => {
	const numbers = new Map<string, number>();
	return {
		/** In order of their numbers. */
		values: (): string[] => [...numbers.keys()],
		intern(value: string): number {
			const known = numbers.get(value);
			if (known !== undefined) {
				return known;
			}

			numbers.set(value, numbers.size);
			return numbers.size - 1;
		},
	};
};

export interface RangeNames {
	/** By row: index into `names`. */
	readonly name: Uint32Array;
	/** Distinct. */
	readonly names: readonly string[];
}

/** More than the distinct values of any column. */
const keySpace = 2 ** 32;

/**
 * Resolves the names of millions of rows through their few hundred distinct combinations. A key packs two numbers below
 * 2^32; the domain's one has room for 2^21.
 */
export const nameRanges = (
	rows: Columns<typeof pushPopRanges.columns>,
	strings: RegisteredStrings,
	findDomain: FindDomain,
): RangeNames => {
	const messages = internStrings();
	const prefixes = internStrings();
	const names = internStrings();
	const known = new Map<number, number>();
	const name = new Uint32Array(rows.length);
	for (let row = 0; row < rows.length; row++) {
		const text = rows.text.values[Number(rows.text.index[row])] ?? null;
		const message = messageOfEvent(strings, Number(rows.textId[row]), text) ?? unnamed;
		const domain = findDomain(pidOf(Number(rows.process[row])), Number(rows.domain[row]));
		const prefix = domain === undefined ? '' : `${domain}:`;
		const key = prefixes.intern(prefix) * keySpace + messages.intern(message);
		const found = known.get(key) ?? names.intern(prefix + message);
		known.set(key, found);
		name[row] = found;
	}

	return {name, names: names.values()};
};
