import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {UserError} from '../../base/errors.ts';
import {editInstanceGroup, type InstanceRequest} from '../../perf-analyzer/instance-group.ts';
import {
	parseDocument,
	printDocument,
	valuesOf,
	type Document,
	type Field,
	type MessageValue,
} from '../../perf-analyzer/text-proto/document.ts';
import {integerOf, scalarOf, textOf} from '../../perf-analyzer/text-proto/values.ts';
import {groupTexts, textFormat} from '../support/text-proto.ts';

const parse = (text: string): Document => parseDocument({text, file: 'config.pbtxt'});

const requestOf = (
	count: number,
	kind: InstanceRequest['kind'],
	gpus: number[],
): InstanceRequest => ({
	count,
	kind,
	gpus: kind === 'gpu' ? gpus : [],
});

const request = fc
	.tuple(
		fc.integer({min: 1, max: 99}),
		fc.constantFrom('cpu' as const, 'gpu' as const, null),
		fc.uniqueArray(fc.nat(7), {maxLength: 3}),
	)
	.map(([count, kind, gpus]) => requestOf(count, kind, gpus));

const checkPlaces = (text: string, fields: readonly Field[], start: number, end: number): void => {
	let at = start;
	for (const field of fields) {
		expect(field.start).toBeGreaterThanOrEqual(at);
		expect(text.slice(field.start).startsWith(field.name.startsWith('[') ? '[' : field.name)).toBe(
			true,
		);
		at = field.end;
		const items = field.value.kind === 'list' ? field.value.items : [field.value];
		for (const item of items) {
			expect(item.start).toBeGreaterThanOrEqual(field.value.start);
			expect(item.end).toBeLessThanOrEqual(field.value.end);
			if (item.kind === 'message') {
				checkPlaces(text, item.fields, item.start + 1, item.close.start);
			}
		}
	}

	expect(at).toBeLessThanOrEqual(end);
};

const groupsOf = (document: Document): readonly MessageValue[] =>
	valuesOf(document.fields, 'instance_group').filter((value) => value.kind === 'message');

const numbersOf = ({fields}: MessageValue, name: string): readonly (number | undefined)[] =>
	valuesOf(fields, name).map((value) => (value.kind === 'scalar' ? integerOf(value) : undefined));

const kindOf = ({fields}: MessageValue): string | undefined => {
	const kind = scalarOf(fields, 'kind');
	return kind === undefined ? undefined : textOf(kind);
};

describe('the text format', () => {
	it('comes out as it went in, every node in its place', () => {
		fc.assert(
			fc.property(textFormat, (text) => {
				const document = parse(text);
				expect(printDocument(document)).toBe(text);
				checkPlaces(text, document.fields, 0, text.length);
			}),
		);
	});

	it('fails with a place, never otherwise', () => {
		const pieces = [
			'{',
			'}',
			'<',
			'>',
			'[',
			']',
			':',
			',',
			';',
			'"',
			"'",
			'\\',
			'#',
			'\n',
			'-',
			'.',
		];
		const words = ['a', '1', '0x', '1e', '"b"', 'instance_group', 'count', '\0', 'é', '\uFEFF'];
		fc.assert(
			fc.property(
				fc.oneof(
					fc
						.array(fc.constantFrom(...pieces, ...words), {maxLength: 40})
						.map((all) => all.join('')),
					fc.string({unit: 'binary'}),
					fc.tuple(textFormat, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
				),
				request,
				(text, wanted) => {
					try {
						const document = parse(text);
						expect(printDocument(document)).toBe(text);
						editInstanceGroup(document, wanted);
					} catch (error) {
						expect(error).toBeInstanceOf(UserError);
						expect(String(error)).toMatch(/config\.pbtxt, line \d+, column \d+: ./);
					}
				},
			),
			{numRuns: 2000},
		);
	});
});

describe('an edited instance_group', () => {
	it('holds what was asked for, and nothing else changes', () => {
		fc.assert(
			fc.property(
				textFormat,
				fc.constantFrom(...groupTexts),
				textFormat,
				request,
				(before, group, after, wanted) => {
					const edited = editInstanceGroup(parse(`${before}${group}\n${after}`), wanted);
					expect(edited.startsWith(before)).toBe(true);
					expect(edited.includes(after)).toBe(true);
					const old = groupsOf(parse(group));
					const groups = groupsOf(parse(edited));
					const isPlaced = wanted.kind !== null;
					expect(groups).toHaveLength(isPlaced ? 1 : Math.max(1, old.length));
					for (const [index, found] of groups.entries()) {
						expect(numbersOf(found, 'count')).toEqual([wanted.count]);
						const was = old[index];
						const oldKind = was === undefined ? undefined : kindOf(was);
						expect(kindOf(found)).toBe(
							wanted.kind === null ? oldKind : `KIND_${wanted.kind.toUpperCase()}`,
						);
						const oldGpus = was === undefined ? [] : numbersOf(was, 'gpus');
						expect(numbersOf(found, 'gpus')).toEqual(
							wanted.kind === 'cpu' ? [] : wanted.gpus.length > 0 ? wanted.gpus : oldGpus,
						);
					}
				},
			),
			{numRuns: 1000},
		);
	});

	it('is edited to itself a second time', () => {
		fc.assert(
			fc.property(fc.constantFrom(...groupTexts), request, (group, wanted) => {
				const once = editInstanceGroup(parse(group), wanted);
				expect(editInstanceGroup(parse(once), wanted)).toBe(once);
			}),
		);
	});
});
