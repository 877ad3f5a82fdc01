/**
 * Xids: errors of a GPU that the driver writes to the kernel's log, and to nowhere else. The forms are those of NVIDIA's
 * open-gpu-kernel-modules (kernel_rc_misc.c), and older ones of its document "Xid Errors".
 */

export interface XidLine {
	/** As normalizeBusId makes it. */
	readonly busId: string;
	readonly xid: number;
	/** What stands behind the number: mostly "pid=..., name=..., " and the driver's words; may be empty. */
	readonly message: string;
}

/** "00000000:65:00.0", "0000:65:00", "65:00.0": the same. Functions other than 0 are no GPUs (sound, USB). */
const busIdForm = /^(?:([\da-f]{4,8}):)?([\da-f]{2}):([\da-f]{2})(?:\.[\da-f])?$/i;

/** One spelling for nvidia-smi's bus ids and the driver's. null: it is none. */
export const normalizeBusId = (text: string): string | null => {
	const [match, domain = '0', bus = '', device = ''] = busIdForm.exec(text.trim()) ?? [];
	return match === undefined
		? null
		: `${Number.parseInt(domain, 16).toString(16)}:${bus}:${device}`.toLowerCase();
};

/** With MIG the instance stands behind the address: "(PCI:0000:01:00 GPU-I:05 GPU-CI:00)". */
const xidForm = /^NVRM: Xid \((?:PCI:)?([\da-f:.]+)(?: [^)]*)?\): (\d+)(?:,\s*(.*))?$/i;

/** null: another line. */
export const parseXidLine = (line: string): XidLine | null => {
	const [, address, xid, message = ''] = xidForm.exec(line) ?? [];
	const busId = address === undefined ? null : normalizeBusId(address);
	return busId === null ? null : {busId, xid: Number(xid), message: message.trim()};
};
