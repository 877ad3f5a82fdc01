/**
 * `nvidia-smi topo -m`: how GPUs reach each other, and which CPUs are near them.
 *
 *             GPU0    GPU1    NIC0    CPU Affinity    NUMA Affinity   GPU NUMA ID
 *     GPU0     X      NV18    SYS     0-103           0               N/A
 *     GPU1    NV18     X      SYS     0-103           0               N/A
 *     NIC0    SYS     SYS      X
 *
 * Cells are parted by tabs, sometimes two; the head is underlined for terminals; drivers before 450 know no NUMA columns.
 */

import type {GpuLink} from '../schemas/fingerprint.ts';
import {readSmiValue} from './ask-nvidia-smi.ts';

export interface GpuPlace {
	/** "0-31,64-95"; null: not told. */
	readonly cpuAffinity: string | null;
	/** "0"; null: not told. */
	readonly numaNode: string | null;
}

export interface GpuTopology {
	/** By index; empty where there was no such table. */
	readonly places: ReadonlyMap<number, GpuPlace>;
	/** Each pair once. */
	readonly links: readonly GpuLink[];
}

const escapeSequence = /\u001B\[[\d;]*m/g;

const readIndex = (name: string | undefined): number | null => {
	const match = /^GPU(\d+)$/.exec(name ?? '');
	return match === null ? null : Number(match[1]);
};

/** A list of numbers and spans of them: "0-23,48-71". */
const readSpans = (cell: string | undefined): string | null =>
	/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(cell ?? '') ? readSmiValue(cell) : null;

export const parseTopology = (text: string): GpuTopology => {
	const lines = text.replaceAll(escapeSequence, '').split('\n');
	const head = lines.findIndex(
		(line) => /^\s*GPU\d+\s/.test(line) && line.includes('CPU Affinity'),
	);
	const devices = (lines[head]?.split('CPU Affinity')[0] ?? '').trim().split(/\s+/);
	const places = new Map<number, GpuPlace>();
	const links: GpuLink[] = [];
	for (const line of head === -1 ? [] : lines.slice(head + 1)) {
		const [name, ...cells] = line.trim().split(/\s+/);
		const from = readIndex(name);
		if (from === null || cells.length < devices.length) {
			continue;
		}

		const [cpus, numa] = cells.slice(devices.length);
		places.set(from, {cpuAffinity: readSpans(cpus), numaNode: readSpans(numa)});
		devices.forEach((device, column) => {
			const to = readIndex(device);
			if (to !== null && from < to) {
				links.push({from, to, kind: cells[column] ?? ''});
			}
		});
	}

	return {places, links};
};
