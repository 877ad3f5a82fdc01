/** What is trusted of the records by which GPU settings are restored: anyone may put something into that folder. */

import {
	chownSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {ToolError} from '../../../base/errors.ts';
import {
	describeHolder,
	isHolding,
	listClockRecords,
	openClockRecords,
	readBootId,
	readClockRecord,
	removeClockRecord,
	removeUnfinishedRecords,
	writeClockRecord,
} from '../../../launcher/clock-records.ts';
import type {ClockHold} from '../../../schemas/clocks.ts';
import {temporaryFolder} from '../../support/command.ts';

const uuid = 'GPU-a1';
const isRoot = process.getuid?.() === 0;

const hold: ClockHold = {
	formatVersion: 1,
	bootId: readBootId(),
	gpu: {index: 0, uuid},
	recordedAt: '2026-11-21T18:00:00.000Z',
	before: {
		persistence: false,
		autoBoost: null,
		powerLimitWatts: 249.5,
		applicationClocks: {graphicsMhz: 1095, memoryMhz: 1215},
	},
	changed: [{setting: 'graphics-clock', certain: true}],
	holders: [describeHolder('base')],
};

const makeFolder = (): string =>
	openClockRecords({
		BENCHMARK_CLOCK_RECORDS: path.join(temporaryFolder('records'), 'of', 'clocks'),
	});

describe('a record', () => {
	it('is read as it was written, and gone when removed', () => {
		const folder = makeFolder();
		expect(readClockRecord(folder, uuid)).toEqual({kind: 'none'});
		writeClockRecord(folder, {...hold, changed: []});
		writeClockRecord(folder, hold);
		expect(readdirSync(folder)).toEqual(['GPU-a1.json']);
		expect(readClockRecord(folder, uuid)).toEqual({kind: 'hold', hold, ours: true});
		expect(listClockRecords(folder)).toEqual([uuid]);
		removeClockRecord(folder, uuid);
		expect(readClockRecord(folder, uuid)).toEqual({kind: 'none'});
	});

	it('of an earlier start of the machine is outdated', () => {
		const folder = makeFolder();
		writeClockRecord(folder, {...hold, bootId: 'another'});
		expect(readClockRecord(folder, uuid)).toEqual({kind: 'outdated', ours: true});
	});

	it.each([
		['words', 'words'],
		['half of one', JSON.stringify(hold).slice(0, 80)],
		['one of another GPU', JSON.stringify({...hold, gpu: {index: 0, uuid: 'GPU-b2'}})],
		['one with more in it', JSON.stringify({...hold, command: 'rm'})],
		[
			'a limit that is none',
			JSON.stringify({...hold, before: {...hold.before, powerLimitWatts: -1}}),
		],
	])('that holds %s is left alone', (_name, text) => {
		const folder = makeFolder();
		writeFileSync(path.join(folder, 'GPU-a1.json'), text);
		expect(readClockRecord(folder, uuid).kind).toBe('unusable');
	});

	it('that is a link is not followed, neither to read nor to write', () => {
		const folder = makeFolder();
		const target = path.join(folder, 'target');
		writeFileSync(target, JSON.stringify(hold));
		symlinkSync(target, path.join(folder, 'GPU-a1.json'));
		expect(readClockRecord(folder, uuid).kind).toBe('unusable');
		writeClockRecord(folder, hold);
		expect(readFileSync(target, 'utf8')).toBe(JSON.stringify(hold));
		expect(lstatSync(path.join(folder, 'GPU-a1.json')).isFile()).toBe(true);
	});

	it.runIf(isRoot)("of another user is not root's to follow", () => {
		const folder = makeFolder();
		writeClockRecord(folder, hold);
		chownSync(path.join(folder, 'GPU-a1.json'), 12_345, 12_345);
		expect(readClockRecord(folder, uuid)).toMatchObject({
			kind: 'unusable',
			reason: 'it belongs to another user',
		});
	});

	it('that was never finished is cleared away', () => {
		const folder = makeFolder();
		writeFileSync(path.join(folder, 'GPU-a1.json.0123abcd.tmp'), 'half');
		removeUnfinishedRecords(folder);
		expect(readdirSync(folder)).toEqual([]);
	});

	it('that cannot be written is an error with what to do', () => {
		const folder = makeFolder();
		mkdirSync(path.join(folder, 'GPU-a1.json'));
		expect(() => writeClockRecord(folder, hold)).toThrow(ToolError);
		expect(readdirSync(folder)).toEqual(['GPU-a1.json']);
	});
});

describe('the folder of records', () => {
	it('is open to all, and nobody removes what is not theirs', () => {
		expect(lstatSync(makeFolder()).mode & 0o7777).toBe(0o1777);
	});

	it('must be no link', () => {
		const root = temporaryFolder('records');
		const link = path.join(root, 'link');
		symlinkSync(root, link);
		expect(() => openClockRecords({BENCHMARK_CLOCK_RECORDS: link})).toThrow(ToolError);
	});

	it.runIf(isRoot)('is taken over by root from whoever made it first', () => {
		const folder = path.join(temporaryFolder('records'), 'made');
		mkdirSync(folder, {mode: 0o700});
		chownSync(folder, 12_345, 12_345);
		openClockRecords({BENCHMARK_CLOCK_RECORDS: folder});
		expect(lstatSync(folder)).toMatchObject({uid: 0});
		expect(lstatSync(folder).mode & 0o7777).toBe(0o1777);
	});
});

describe('a holder', () => {
	it('holds while its process lives', () => {
		expect(isHolding(describeHolder('max'))).toBe(true);
	});

	it('is gone when its number belongs to a process that started at another time', () => {
		const self = describeHolder('max');
		expect(isHolding({...self, startTicks: self.startTicks + 1})).toBe(false);
	});

	it('counts as alive where it cannot be seen', () => {
		expect(isHolding({...describeHolder('max'), pidNamespace: 'pid:[1]'})).toBe(true);
	});
});
