/** From the kernel's log to the Xids of a run's GPUs. A plain file stands for the log; /dev/kmsg itself where we may read it. */

import {appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {parseKernelLog, readKernelLog} from '../../../launcher/kernel-log.ts';
import {findXids, limitXids, XidWatch} from '../../../launcher/xid-watch.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(os.tmpdir(), 'xid-'));
});
afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

const fallen = (address: string): string =>
	`NVRM: Xid (PCI:${address}): 79, GPU has fallen off the bus.`;
const record = (sequence: number, message: string, head = '4'): string =>
	`${head},${sequence},1000,-;${message}\n`;

describe('parseKernelLog', () => {
	it('takes the kernel’s own records apart, and leaves out all else', () => {
		// The first five lines after the examples in Documentation/ABI/testing/dev-kmsg; CONFIG_PRINTK_CALLER makes the sixth.
		const text = [
			'7,160,424069,-;pci_root PNP0A03:00: host bridge window [io  0x0000-0x0cf7] (ignored)',
			' SUBSYSTEM=acpi',
			' DEVICE=+acpi:PNP0A03:00',
			'6,339,5140900,-;NET: Registered protocol family 10',
			'30,340,5690716,-;udevd[80]: starting version 181',
			'4,341,5690717,-,caller=T42;a;b\\x0ac',
			'nonsense',
			'',
		].join('\n');
		expect(parseKernelLog(text)).toEqual([
			{
				sequence: 160,
				monotonicUs: 424069,
				message: 'pci_root PNP0A03:00: host bridge window [io  0x0000-0x0cf7] (ignored)',
			},
			{sequence: 339, monotonicUs: 5140900, message: 'NET: Registered protocol family 10'},
			{sequence: 341, monotonicUs: 5690717, message: 'a;b\\x0ac'},
		]);
	});
});

describe('readKernelLog', () => {
	it('is null where there is none, or something else', () => {
		expect(readKernelLog(path.join(folder, 'none'))).toBeNull();
		mkdirSync(path.join(folder, 'folder'));
		expect(readKernelLog(path.join(folder, 'folder'))).toBeNull();
	});

	it('reads on through records that lie across its buffer', () => {
		const file = path.join(folder, 'log');
		const lines = Array.from({length: 2000}, (_, index) => record(index, `line ${index}`));
		writeFileSync(file, lines.join(''));
		const records = readKernelLog(file);
		expect(records).toHaveLength(2000);
		expect(records?.at(-1)).toEqual({sequence: 1999, monotonicUs: 1000, message: 'line 1999'});
	});

	it('comes to the end of the real one, or is refused it', ({skip}) => {
		const records = readKernelLog('/dev/kmsg');
		if (records === null) {
			skip('/dev/kmsg cannot be read here');
			return;
		}

		const sequences = records.map(({sequence}) => sequence);
		expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
	});
});

describe('XidWatch', () => {
	const gpus = new Map([
		['GPU-a', '00000000:65:00.0'],
		['GPU-b', '00000002:65:00.0'],
	]);

	it('tells those that were logged since its start, of its own GPUs', () => {
		const file = path.join(folder, 'log');
		writeFileSync(file, record(40, fallen('0000:65:00')));
		const watch = new XidWatch(gpus, file);
		expect(watch.end()).toEqual([]);
		appendFileSync(
			file,
			[
				record(41, fallen('0001:65:00')),
				record(42, fallen('0000:66:00')),
				record(43, fallen('0002:65:00')),
				// What a program wrote into the log, with facility "user".
				record(44, fallen('0000:65:00'), '12'),
				record(45, fallen('00000000:65:00')),
			].join(''),
		);
		expect(watch.end()?.map(({gpu, xid}) => [gpu, xid])).toEqual([
			['GPU-b', 79],
			['GPU-a', 79],
		]);
	});

	it('tells those of a log that was empty at its start, and of one whose old records are gone', () => {
		const file = path.join(folder, 'log');
		writeFileSync(file, '');
		const watch = new XidWatch(gpus, file);
		writeFileSync(file, record(0, fallen('0000:65:00')));
		expect(watch.end()).toHaveLength(1);
		writeFileSync(file, record(999, fallen('0002:65:00')));
		expect(watch.end()).toHaveLength(1);
	});

	it('knows nothing where the log cannot be read, before or after, or no bus id is known', () => {
		const file = path.join(folder, 'log');
		const early = new XidWatch(gpus, file);
		writeFileSync(file, '');
		expect(early.end()).toBeNull();
		expect(new XidWatch(new Map(), file).end()).toBeNull();
		const late = new XidWatch(gpus, file);
		rmSync(file);
		expect(late.end()).toBeNull();
	});
});

describe('findXids', () => {
	const busIds = new Map([['GPU-a', '00000000:65:00.0']]);
	const times = {now: {unixMs: 1_000_000, monotonicUs: 50_000_000}, fromMs: 990_000};
	const atOf = (monotonicUs: number): number | undefined => {
		const [found] = findXids(
			[{sequence: 1, monotonicUs, message: fallen('0000:65:00')}],
			busIds,
			times,
		);
		return found === undefined ? undefined : Date.parse(found.at);
	};

	it('tells when, within the launch', () => {
		expect(atOf(45_000_000)).toBe(995_000);
		expect(atOf(60_000_000)).toBe(1_000_000);
		expect(atOf(0)).toBe(990_000);
	});

	it('keeps the beginning of a message, and the first of many that are alike', () => {
		const logged = [13, 79].flatMap((xid) =>
			Array.from({length: 1000}, (_, sequence) => ({
				sequence,
				monotonicUs: 1,
				message: `NVRM: Xid (PCI:0000:65:00): ${xid}, ${'x'.repeat(1000)}`,
			})),
		);
		const found = findXids(logged, busIds, times);
		expect(found.map(({xid}) => xid)).toEqual([
			...Array<number>(8).fill(13),
			...Array<number>(8).fill(79),
		]);
		expect(new Set(found.map(({message}) => message.length))).toEqual(new Set([300]));
		expect(limitXids([...found, ...found])).toEqual(found);
	});
});
