import {describe, expect, it} from 'vitest';
import {readTrace} from '../../../nsys-parsers/read-trace.ts';
import type {Trace} from '../../../schemas/trace.ts';
import {listNotes, warningCodes, withoutSource} from '../../support/range-listing.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {buildTrace, programOn} from '../../support/trace-builder.ts';
import type {TraceSpec} from '../../support/trace-builder.ts';

const read = (spec: TraceSpec): Trace => readTrace(buildTrace(temporaryFile('trace.sqlite'), spec));

describe('annotation marks', () => {
	const annotated = () =>
		programOn({pid: 7})
			.mark({meta: {obj_name: 'object'}})
			.push('pipeline')
			.mark({object: 'object'})
			.push('batch')
			.mark({batch: 3})
			.push('stage')
			.mark({delete: true})
			.pop()
			.mark({items: 16})
			.pop()
			.pop();

	it('become notes of the innermost open range, and metas of the process', () => {
		const trace = read(annotated().spec);
		expect(listNotes(trace)).toEqual({
			pipeline: {object: 'object'},
			'pipeline/batch': {batch: 3, items: 16},
			'pipeline/batch/stage': {deleted: true},
		});
		expect(trace.metas).toEqual([{pid: 7, meta: {obj_name: 'object'}}]);
		expect(trace.warnings).toEqual([]);
		expect(trace.names).toEqual(['pipeline', 'batch', 'stage']);
	});

	it('can be registered strings', () => {
		const {marks = [], ...spec} = annotated().spec;
		const registered = marks.map((mark) => ({...mark, registered: true}));
		expect(withoutSource(read({...spec, marks: registered}))).toEqual(
			withoutSource(read({...spec, marks})),
		);
	});

	it('of other domains are nobody of ours', () => {
		const {spec} = programOn().push('batch').wait(9).pop();
		const marks = [
			{text: '{"batch":1}', start: 2, domain: 'other'},
			{text: '{"batch":2}', start: 3, domain: null},
		];
		const trace = read({...spec, marks});
		expect(trace.notes.size).toBe(0);
		expect(trace.warnings).toEqual([]);
	});

	it('on a thread without ranges, or outside of all, are reported', () => {
		const {spec} = programOn({pid: 1}).wait(1).push('batch').wait(9).pop();
		const marks = [
			{text: '{"batch":1}', start: 3, pid: 1, tid: 2},
			{text: '{"batch":2}', start: 0, pid: 1},
		];
		const trace = read({...spec, marks});
		expect(trace.notes.size).toBe(0);
		expect(trace.warnings).toEqual([
			{
				code: 'homeless-marks',
				message:
					'2 annotation marks were outside of every range and left out: the ranges that they speak of were not recorded.',
			},
		]);
	});

	it.each([
		'',
		'nonsense',
		'{"batch":-1}',
		'{"batch":1.5}',
		'{"batch":1,"items":2}',
		'{"later":1}',
		'[]',
		'1',
	])('that are none (%j) are left out and reported', (text) => {
		const {spec} = programOn().push('batch').wait(9).pop();
		const trace = read({...spec, marks: [{text, start: 2}]});
		expect(trace.notes.size).toBe(0);
		expect(warningCodes(trace)).toEqual(['malformed-marks']);
		expect(trace.warnings[0]?.message).toContain(JSON.stringify(text));
	});
});
