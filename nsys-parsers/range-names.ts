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

/** Stands for a text or id that is not there. */
const none = -1;

/** Of a process (24 bits of pid) and a domain id: the domain's name; undefined where its creation is unknown. */
export type FindDomain = (pid: number, domain: number) => string | undefined;

export interface LabelNames {
	/** The name of a range's label, below `count`. */
	readonly nameOf: (label: number) => number;
	readonly count: number;
	/** What a name is; different ones have different numbers. */
	readonly nameAt: (name: number) => string;
	readonly findDomain: FindDomain;
	/** Domain ids that stand for the given name in one process or another. */
	readonly idsOfDomain: (name: string) => readonly number[];
}

/** textId -> the number of the registered string among the texts, of those ids that labels bear. */
const readStrings = (
	from: ExportFile,
	{labels}: NvtxRows,
	{largeIds, texts}: RowContext,
): ReadonlyMap<number, number> => {
	const ids = new Map<bigint, number>();
	for (let label = 0; label < labels.size; label++) {
		const textId = labels.valueOf(label, 1);
		if (textId !== none) {
			ids.set(largeIds.exact(textId), textId);
		}
	}

	const rows = readRows(from, registeredStrings, {ids: `[${[...ids.keys()].join(',')}]`});
	return new Map(
		rows.map(({id, value}) => [ids.get(id) ?? Number(id), texts.internText(value)] as const),
	);
};

/** Of a label: its text's number among the texts, `none` where it has none. */
type FindMessage = (label: number) => number;

const indexDomains = ({domains, labels}: NvtxRows, messageOf: FindMessage, {texts}: RowContext) => {
	const names = new Map<string, string>();
	const keyOf = (pid: number, domain: number): string => `${pid}:${domain}`;
	const ids = new Map<string, Set<number>>();
	// A domain that two threads created has the first one's name.
	for (const {label} of domains.toSorted((a, b) => a.atNs - b.atNs)) {
		const domain = labels.valueOf(label, 3);
		const key = keyOf(labels.valueOf(label, 2), domain);
		const message = messageOf(label);
		if (message !== none && domain !== 0 && !names.has(key)) {
			const name = texts.textAt(message);
			names.set(key, name);
			ids.set(name, (ids.get(name) ?? new Set()).add(domain));
		}
	}

	return {
		findDomain: (pid: number, domain: number) =>
			domain === 0 ? undefined : names.get(keyOf(pid, domain)),
		idsOfDomain: (name: string) => [...(ids.get(name) ?? [])],
	};
};

/** Names are texts like any other: there is no string of one before somebody asks for it. */
export const nameLabels = (from: ExportFile, rows: NvtxRows, context: RowContext): LabelNames => {
	const {labels} = rows;
	const {texts} = context;
	const strings = readStrings(from, rows, context);
	const messageOf: FindMessage = (label) =>
		strings.get(labels.valueOf(label, 1)) ?? labels.valueOf(label, 0);
	const {findDomain, idsOfDomain} = indexDomains(rows, messageOf, context);
	const nameless = texts.internText(unnamed);
	const name = new Uint32Array(labels.size);
	for (let label = 0; label < labels.size; label++) {
		const found = messageOf(label);
		const message = found === none ? nameless : found;
		const domain = findDomain(labels.valueOf(label, 2), labels.valueOf(label, 3));
		name[label] =
			domain === undefined ? message : texts.internText(`${domain}:${texts.textAt(message)}`);
	}

	return {
		nameOf: (label) => (label < 0 ? -1 - label : Number(name[label])),
		count: texts.size,
		nameAt: (number) => texts.textAt(number),
		findDomain,
		idsOfDomain,
	};
};
