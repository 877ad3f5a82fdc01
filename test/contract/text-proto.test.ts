/** Our reader and editor of protobuf's text format against Python's own, where there is a Python that has protobuf. */

import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {editInstanceGroup, type InstanceRequest} from '../../perf-analyzer/instance-group.ts';
import {parseDocument} from '../../perf-analyzer/text-proto/document.ts';
import {scalarOf, textOf} from '../../perf-analyzer/text-proto/values.ts';
import {projectRoot} from '../support/command.ts';
import {groupTexts} from '../support/text-proto.ts';

const script = path.join(projectRoot, 'test/support/read-text-proto.py');

interface Reading {
	readonly instance_group?: readonly Readonly<Record<string, unknown>>[];
	readonly s?: readonly string[];
}

const readByPython = (python: string, texts: readonly string[]): readonly (Reading | null)[] =>
	JSON.parse(
		execFileSync(python, [script], {
			input: JSON.stringify(texts),
			encoding: 'utf8',
			stdio: ['pipe', 'pipe', 'pipe'],
		}),
	) as readonly (Reading | null)[];

const findPython = (): string | undefined =>
	[
		process.env['NSYS_BENCHMARK_TEST_PYTHON'],
		path.join(projectRoot, '.tools/triton/venv/bin/python'),
		'python3',
	].find((python) => {
		try {
			return python !== undefined && python !== '' && readByPython(python, ['']).length === 1;
		} catch {
			// No such Python, or none with protobuf.
			return false;
		}
	});

const python = findPython();

const accepts = (text: string): boolean => {
	try {
		parseDocument({text, file: 'f'});
		return true;
	} catch {
		return false;
	}
};

/** Python has no octal numbers and no space behind a sign, which the specification has. */
const alike = [
	'',
	'# only words',
	'name: "a" max_batch_size: 3',
	'name: "a", max_batch_size: 3; m { name: "b" }, m < name: "c" >',
	'm: { } m: < > m [ { }, { name: "x" } ] m: [ ]',
	's: "a" s: [ "b", \'c\' ] s: [ ]',
	's: "a" "b"\n  \'c\'"d"',
	'i: 0 i: -5 i: 0x1F i: [ 1, -0xA ]',
	'f: 1. f: .5 f: 1e5 f: 1.5f f: 10F f: -inf f: nan f: 3',
	'[t.extra]: 5',
	'm {\n # words\n}\n# more',
	'name: "a" name',
	'name "a"',
	'name: ',
	'm { name: "a" >',
	'm { ',
	'}',
	'i: 10name: "a"',
	'i: [ 1 2 ]',
	'i: [ 1, 2',
	'i: [ 1, ]',
	'i: 1,, i: 2',
	'name: "open',
	'name: "two\nlines"',
	'name: a"b"',
	': 3',
	's: [ "a"; "b" ]',
	'm: [ { }, ',
];

/** Python leaves the backslash of \\? there. */
const strings = [
	String.raw`s: "\x41\101\n\t\\\'\""`,
	String.raw`s: "\u00e9" s: "\U0001F600" s: 'it"s'`,
	String.raw`s: "\x4 \0011"`,
	's: "é😀"',
];

const requests: readonly InstanceRequest[] = [
	{count: 3, kind: null, gpus: []},
	{count: 1, kind: 'cpu', gpus: []},
	{count: 2, kind: 'gpu', gpus: []},
	{count: 4, kind: 'gpu', gpus: [0, 2]},
];

/** Python refuses a field that is given twice and does not repeat; C++ takes the last. */
const onceEach = groupTexts.filter((text) => !text.includes('count: 1 count: 2'));

const firstString = (text: string): string | undefined => {
	const value = scalarOf(parseDocument({text, file: 'f'}).fields, 's');
	return value === undefined ? undefined : textOf(value);
};

describe('the text format, beside Python protobuf', () => {
	if (python === undefined) {
		it('needs a Python with protobuf', ({skip}) =>
			skip(
				'no Python with the package protobuf: pip install protobuf for python3, or name one with NSYS_BENCHMARK_TEST_PYTHON',
			));
		return;
	}

	it('takes and refuses the same texts', () => {
		const taken = readByPython(python, alike).map((reading) => reading !== null);
		expect(alike.filter((text) => accepts(text))).toEqual(
			alike.filter((_text, index) => taken[index]),
		);
		expect(new Set(taken)).toEqual(new Set([true, false]));
	});

	it('reads the same strings', () => {
		const read = readByPython(python, strings).map((reading) => reading?.s?.at(-1));
		expect(strings.map(firstString)).toEqual(read);
	});

	it('finds what was asked for in every edited group, and its other fields as they were', () => {
		const around = (group: string): string => `name: "m" # why\n${group}\nm { name: "inner" }\n`;
		const cases = onceEach.flatMap((group) =>
			requests.map((request) => ({group: around(group), request})),
		);
		const before = readByPython(
			python,
			cases.map(({group}) => group),
		);
		const after = readByPython(
			python,
			cases.map(({group, request}) =>
				editInstanceGroup(parseDocument({text: group, file: 'f'}), request),
			),
		);
		for (const [index, {request}] of cases.entries()) {
			const {kind, gpus, count} = request;
			const old = before[index]?.instance_group ?? [];
			const kept = old.length === 0 ? [{}] : kind === null ? old : old.slice(0, 1);
			expect(after[index]).toEqual({
				...before[index],
				instance_group: kept.map((group) => {
					const {gpus: oldGpus, ...others}: Readonly<Record<string, unknown>> = group;
					const newGpus = gpus.length > 0 ? gpus : kind === 'cpu' ? undefined : oldGpus;
					return {
						...others,
						count,
						...(kind === null ? {} : {kind: `KIND_${kind.toUpperCase()}`}),
						...(newGpus === undefined ? {} : {gpus: newGpus}),
					};
				}),
			});
		}
	});
});
