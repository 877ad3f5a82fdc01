import {describe, expect, it} from 'vitest';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import type {Trace} from '../../../schemas/trace.ts';
import {listRanges, warningCodes} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace, mergeSpecs, programOn} from '../../support/trace-builder.ts';
import type {AlterExport, TraceSpec} from '../../support/trace-builder.ts';

const read = (spec: TraceSpec, alter?: AlterExport): Trace =>
	readTrace(buildTrace(temporaryFile('trace.sqlite'), spec, alter));

const namesOf = (spec: TraceSpec): string[] => listRanges(read(spec)).map(({path}) => path);

describe('names', () => {
	it('puts the domain before the name, but not for the default domain', () => {
		const program = programOn().push('plain').pop().push('decode', 'media').pop();
		expect(namesOf(program.spec)).toEqual(['plain', 'media:decode']);
	});

	it('takes the registered string before the text, and the text where it does not resolve', () => {
		const ranges = [
			{name: 'registered', registered: true, text: 'text', start: 0, end: 1},
			{name: 'lost', registered: true, text: 'text', start: 2, end: 3},
		];
		const trace = read({ranges}, (database) => {
			database.exec("DELETE FROM StringIds WHERE value = 'lost'");
		});
		expect(listRanges(trace).map(({path}) => path)).toEqual(['registered', 'text']);
	});

	it('calls a range that was pushed without a message (unnamed)', () => {
		const ranges = [
			{name: null, start: 0, end: 1},
			{name: null, start: 2, end: 3, domain: 'media'},
		];
		expect(namesOf({ranges})).toEqual(['(unnamed)', 'media:(unnamed)']);
	});

	it('knows a domain only in the process that created it', () => {
		const first = programOn({pid: 1}).push('a', 'one').pop().spec;
		const second = programOn({pid: 2, from: 100}).push('b').pop().spec;
		const trace = read(mergeSpecs(first, second), (database) => {
			database.exec("UPDATE NVTX_EVENTS SET domainId = 1 WHERE text = 'b'");
		});
		expect(listRanges(trace).map(({path}) => path)).toEqual(['one:a', 'b']);
	});

	it('takes the first name of a domain that two threads created', () => {
		const trace = read(programOn().push('a', 'first').pop().spec, (database) => {
			database.exec(
				`INSERT INTO NVTX_EVENTS (start, eventType, text, globalTid, domainId)
				SELECT start + 1, eventType, 'second', globalTid + 1, domainId
				FROM NVTX_EVENTS WHERE eventType = 75`,
			);
		});
		expect(trace.names).toEqual(['first:a']);
	});

	it.each([
		'',
		' ',
		'"quoted", with commas',
		'line\nbreak',
		'{"json":true}',
		"'; DROP TABLE x",
		'größer 🚀',
		'nul\0inside',
		'__proto__',
	])('keeps %j as it is', (name) => {
		const ranges = [
			{name, start: 0, end: 1},
			{name, registered: true, start: 2, end: 3},
		];
		expect(read({ranges}).names).toEqual([name]);
	});

	it('reads names that were stored as bytes', () => {
		const trace = read({ranges: [{name: 'x', start: 0, end: 1}]}, (database) => {
			database.prepare('UPDATE NVTX_EVENTS SET text = ?').run(Buffer.from('größer'));
		});
		expect(trace.names).toEqual(['größer']);
	});
});

describe('threads', () => {
	it('nests per thread, and tells processes apart that share a thread id', () => {
		const where = [
			{pid: 1, tid: 5},
			{pid: 1, tid: 6},
			{pid: 2, tid: 5},
		];
		const ranges = where.flatMap((place, at) => [
			{...place, name: `outer ${at}`, start: at, end: 100},
			{...place, name: `inner ${at}`, start: at + 10, end: 50},
		]);
		const trace = read({ranges});
		expect(trace.threads).toEqual(where);
		expect(listRanges(trace).map(({path}) => path)).toEqual([
			'outer 0',
			'outer 0/inner 0',
			'outer 1',
			'outer 1/inner 1',
			'outer 2',
			'outer 2/inner 2',
		]);
	});

	it.each([
		{vm: 33, hardware: 0},
		{vm: 255, hardware: 127},
		{vm: 1, hardware: 200},
	])('splits thread ids that no double can hold ($vm, $hardware)', (bits) => {
		const ranges = [
			{pid: 0xffffff, tid: 0xfffffe, name: 'a', start: 0, end: 1, domain: 'd'},
			{pid: 0xffffff, tid: 0xffffff, name: 'b', start: 2, end: 3},
		];
		const calls = [{pid: 0xffffff, tid: 0xfffffe, correlation: 1, start: 0, end: 1}];
		const kernels = [{pid: 0xffffff, correlation: 1, start: 5, end: 9}];
		const trace = read({ranges, calls, kernels, ...bits});
		expect(trace.threads).toEqual([
			{pid: 0xffffff, tid: 0xfffffe},
			{pid: 0xffffff, tid: 0xffffff},
		]);
		expect(trace.names).toEqual(['d:a', 'b']);
		expect([...trace.ranges.gpuSpanNs]).toEqual([4, 0]);
	});
});

describe('what is not there', () => {
	it('makes an empty Trace of an export in which nothing was recorded', () => {
		const trace = read({});
		expect(trace.ranges.length).toBe(0);
		expect(trace.hasGpuWork).toBe(false);
		expect(warningCodes(trace)).toEqual(['no-ranges']);
	});

	it.each([
		['3.7.2', 'META_DATA_EXPORT'],
		['3.1.7', 'EXPORT_META_DATA'],
		['2.9.1', 'EXPORT_META_DATA'],
	])('finds schema %s in %s', (schemaVersion) => {
		const {spec} = programOn().push('a').pop();
		expect(read({...spec, schemaVersion}).tool).toEqual({kind: 'nsys', schemaVersion});
	});

	it('reads exports of 2020 and 2021, which have no metadata', () => {
		const trace = read({...programOn().push('a').pop().spec, schemaVersion: null});
		expect(trace.tool).toEqual({kind: 'nsys', schemaVersion: null});
		expect(trace.names).toEqual(['a']);
	});

	it('takes the only process that made calls for that of GPU work, where an old export does not say it', () => {
		const {spec} = programOn({pid: 7}).push('a').launch({takes: 5}).pop();
		const other = {ranges: [{name: 'b', start: 0, end: 1, pid: 8}]};
		const trace = read(mergeSpecs(spec, other), (database) => {
			database.exec('ALTER TABLE CUPTI_ACTIVITY_KIND_KERNEL DROP COLUMN globalPid');
		});
		const spans = listRanges(trace).map(({path}, range) => [path, trace.ranges.gpuSpanNs[range]]);
		expect(Object.fromEntries(spans)).toEqual({a: 5, b: 0});
		expect(trace.warnings).toEqual([]);
	});

	it('says which GPU columns an old export lacks, and still gives CPU times', () => {
		const one = programOn({pid: 7}).push('a').launch({takes: 5}).pop();
		const other = programOn({pid: 8}).push('b').launch({takes: 6}).pop();
		const trace = read(mergeSpecs(one.spec, other.spec), (database) => {
			database.exec('ALTER TABLE CUPTI_ACTIVITY_KIND_KERNEL DROP COLUMN globalPid');
		});
		expect(listRanges(trace)).toHaveLength(2);
		expect([...trace.ranges.gpuSpanNs]).toEqual([0, 0]);
		expect(warningCodes(trace)).toEqual([
			'unattributed-gpu-work',
			'gpu-work-without-call',
			'old-export',
		]);
		expect(trace.warnings.at(-1)?.message).toBe(
			'This export lacks CUPTI_ACTIVITY_KIND_KERNEL.globalPid: GPU times that need it are missing. Export the report again with a newer nsys.',
		);
	});

	it('leaves start/end ranges out', () => {
		const ranges = [
			{name: 'span', start: 0, end: 100, eventType: 60, endTid: 9},
			{name: 'old span', start: 0, end: 100, eventType: 71},
			{name: 'pushed', start: 10, end: 20},
			{name: 'old', start: 30, end: 40, eventType: 70},
		];
		expect(namesOf({ranges})).toEqual(['pushed', 'old']);
	});
});

describe('what the profiler lost', () => {
	it('is passed on, once for each thing; its chatter is not', () => {
		const lost = 'CUPTI dropped 12 records. Some CUPTI events might be missing.';
		const {spec} = programOn().push('a').pop();
		const trace = read({
			...spec,
			diagnostics: [
				{text: 'Profiling has started.', severity: 1},
				{text: 'No CUDA events collected. Does the process use CUDA?'},
				{text: lost},
				{text: lost},
				{text: 'The agent died.', severity: 3},
			],
		});
		expect(trace.warnings).toEqual([
			{code: 'profiler-error', message: 'nsys says: The agent died.'},
			{code: 'profiler-loss', message: `nsys says (2 times): ${lost}`},
		]);
	});
});
