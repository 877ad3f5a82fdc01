/**
 * Lines as people published them. Sources: NVIDIA's documents "Xid Errors" and "NVIDIA GPU Memory Error Management"; bug
 * threads on GitHub, named beside the line.
 */

import {describe, expect, it} from 'vitest';
import {normalizeBusId, parseXidLine} from '../../../launcher/xid-lines.ts';

describe('parseXidLine', () => {
	it.each([
		// "Xid Errors"
		['NVRM: Xid (0000:03:00): 14, Channel 00000001', '0:03:00', 14, 'Channel 00000001'],
		// "NVIDIA GPU Memory Error Management"
		[
			'NVRM: Xid (PCI:0000:01:00 GPU-I:05): 94, pid=7194, Contained: CE User Channel (0x9). RST: No, D-RST: No',
			'0:01:00',
			94,
			'pid=7194, Contained: CE User Channel (0x9). RST: No, D-RST: No',
		],
		// NVIDIA/NVSentinel#155
		[
			'NVRM: Xid (PCI:0000:44:00): 79, GPU has fallen off the bus',
			'0:44:00',
			79,
			'GPU has fallen off the bus',
		],
		// leptonai/gpud#46
		[
			"NVRM: Xid (PCI:0000:cb:00): 13, pid='<unknown>', name=<unknown>, Graphics SM Warp Exception on (GPC 7, TPC 7, SM 0): Illegal Instruction Parameter",
			'0:cb:00',
			13,
			"pid='<unknown>', name=<unknown>, Graphics SM Warp Exception on (GPC 7, TPC 7, SM 0): Illegal Instruction Parameter",
		],
		// tinygrad/tinygrad#6947
		[
			'NVRM: Xid (PCI:0000:01:00): 31, pid=14292, name=python, Ch 00000030, intr 00000000. MMU Fault: ENGINE HOST0 HUBCLIENT_ESC faulted @ 0x10_00200000. Fault is of type FAULT_PDE ACCESS_TYPE_VIRT_READ',
			'0:01:00',
			31,
			'pid=14292, name=python, Ch 00000030, intr 00000000. MMU Fault: ENGINE HOST0 HUBCLIENT_ESC faulted @ 0x10_00200000. Fault is of type FAULT_PDE ACCESS_TYPE_VIRT_READ',
		],
		// NVIDIA/open-gpu-kernel-modules#1150
		[
			'NVRM: Xid (PCI:0000:dc:00): 45, pid=1818990, name=python3, Ch 00000001 caused by previous Xid 149',
			'0:dc:00',
			45,
			'pid=1818990, name=python3, Ch 00000001 caused by previous Xid 149',
		],
		// Forms of the driver's source (kernel_rc_misc.c) that nobody was seen to publish: made up after it.
		[
			'NVRM: Xid (PCI:0002:3b:00 GPU-I:01 GPU-CI:02): 79, pid=9, name=a b) 1, c, words',
			'2:3b:00',
			79,
			'pid=9, name=a b) 1, c, words',
		],
		['NVRM: Xid (PCI:10000:01:00.0): 48, ', '10000:01:00', 48, ''],
		['NVRM: Xid (PCI:0000:01:00): 48', '0:01:00', 48, ''],
	])('%s', (line, busId, xid, message) => {
		expect(parseXidLine(line)).toEqual({busId, xid, message});
	});

	it.each([
		'',
		// The line above a GPU's first Xid (tinygrad/tinygrad#6947), and what stands in place of one (NVIDIA/NVSentinel#155).
		'NVRM: GPU at PCI:0000:01:00: GPU-af4f89ae-d08b-1b53-9938-c9ed209a3513',
		'NVRM: fallen off the bus and is not responding to commands.',
		// NVSwitch's own (Fabric Manager User Guide).
		'nvidia-nvswitch0: SXid (PCI:0000:a9:00.0): 19084, Non-fatal, Link 27 AN1 Heartbeat Timeout Error',
		'someone wrote NVRM: Xid (PCI:0000:44:00): 79, GPU has fallen off the bus',
		'NVRM: Xid (PCI:0000:44): 79, x',
		'NVRM: Xid (PCI:0000:44:00): seventy-nine',
		'NVRM: Xid (PCI:0000:44:00): 79x',
		'NVRM: Xid (): 79, x',
		'NVRM: Xid (PCI:0000:44:00',
	])('not %j', (line) => {
		expect(parseXidLine(line)).toBeNull();
	});
});

it.each([
	['00000000:65:00.0', '0:65:00'],
	['0000:65:00', '0:65:00'],
	['65:00.0', '0:65:00'],
	['0001:AB:1F.0', '1:ab:1f'],
	['00010000:01:00.0', '10000:01:00'],
	['[N/A]', null],
	['', null],
])('normalizeBusId: %j is %j', (text, expected) => {
	expect(normalizeBusId(text)).toBe(expected);
});
