/**
 * Names of NVTX events, as NVIDIA's reports print them: the registered string where it resolves, else the text; before
 * it "domain:", unless the event lies in the default domain or nobody recorded the domain's creation.
 */

import type {ExportFile} from './export-tables.ts';
import {readRows} from './export-tables.ts';
import type {NvtxRows} from './nvtx-rows.ts';
import {registeredStrings} from './queries/registered-strings.ts';
import type {RowContext} from './row-block.ts';

/** Stands for the name of a range that was pushed without one. NVIDIA's reports leave the field empty. */
export const unnamed = '(unnamed)';

/** Of a process (24 bits of pid) and a domain id: the domain's name; undefined where its creation is unknown. */
export type FindDomain = (pid: number, domain: number) => string | undefined;

export interface LabelNames {
	/** By label: index into `names`. */
	readonly name: Uint32Array;
	/** Distinct. */
	readonly names: readonly string[];
	readonly findDomain: FindDomain;
	/** Domain ids that stand for the given name in one process or another. */
	readonly idsOfDomain: (name: string) => readonly number[];
}

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

/** textId -> the registered string, of those ids that labels bear. */
const readStrings = (
	from: ExportFile,
	{labels}: NvtxRows,
	{largeIds}: RowContext,
): ReadonlyMap<number, string> => {
	const ids = new Map<bigint, number>();
	for (let label = 0; label < labels.size; label++) {
		const textId = labels.valueOf(label, 1);
		if (textId !== -1) {
			ids.set(largeIds.exact(textId), textId);
		}
	}

	const rows = readRows(from, registeredStrings, {ids: `[${[...ids.keys()].join(',')}]`});
	return new Map(rows.map(({id, value}) => [ids.get(id) ?? Number(id), value]));
};

type MessageOf = (label: number) => string | null;

const indexDomains = ({domains, labels}: NvtxRows, messageOf: MessageOf) => {
	const names = new Map<string, string>();
	const keyOf = (pid: number, domain: number): string => `${pid}:${domain}`;
	const ids = new Map<string, Set<number>>();
	// A domain that two threads created has the first one's name.
	for (const {label} of domains.toSorted((a, b) => a.atNs - b.atNs)) {
		const domain = labels.valueOf(label, 3);
		const key = keyOf(labels.valueOf(label, 2), domain);
		const name = messageOf(label);
		if (name !== null && domain !== 0 && !names.has(key)) {
			names.set(key, name);
			ids.set(name, (ids.get(name) ?? new Set()).add(domain));
		}
	}

	return {
		findDomain: (pid: number, domain: number) => names.get(keyOf(pid, domain)),
		idsOfDomain: (name: string) => [...(ids.get(name) ?? [])],
	};
};

export const nameLabels = (from: ExportFile, rows: NvtxRows, context: RowContext): LabelNames => {
	const {labels} = rows;
	const strings = readStrings(from, rows, context);
	const messageOf: MessageOf = (label) => {
		const text = labels.valueOf(label, 0);
		return strings.get(labels.valueOf(label, 1)) ?? (text < 0 ? null : context.texts.textAt(text));
	};

	const {findDomain, idsOfDomain} = indexDomains(rows, messageOf);
	const names = internStrings();
	const name = new Uint32Array(labels.size);
	for (let label = 0; label < labels.size; label++) {
		const domain = findDomain(labels.valueOf(label, 2), labels.valueOf(label, 3));
		const prefix = domain === undefined ? '' : `${domain}:`;
		name[label] = names.intern(prefix + (messageOf(label) ?? unnamed));
	}

	return {name, names: names.values(), findDomain, idsOfDomain};
};
