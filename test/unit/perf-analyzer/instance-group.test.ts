import {describe, expect, it} from 'vitest';
import {
	editInstanceGroup,
	readEnsembleSteps,
	type InstanceRequest,
} from '../../../perf-analyzer/instance-group.ts';
import {parseDocument, valuesOf} from '../../../perf-analyzer/text-proto/document.ts';
import {integerOf, scalarOf, textOf} from '../../../perf-analyzer/text-proto/values.ts';

const parse = (text: string) => parseDocument({text, file: 'config.pbtxt'});
const edit = (text: string, request: Partial<InstanceRequest>): string =>
	editInstanceGroup(parse(text), {count: 2, kind: null, gpus: [], ...request});

const written = `# traccc on the GPU
name: "traccc-gpu"
backend: "traccc"   # ours
instance_group [
  {
    count: 1        # instances
    kind: KIND_GPU
    gpus: [ 0 ]
  }
]
some_later_field { of: "another version" }
`;

describe('editInstanceGroup', () => {
	it('changes the number and leaves the comments', () => {
		expect(edit(written, {count: 4})).toBe(written.replace('count: 1 ', 'count: 4 '));
	});

	it('puts a group onto the CPU, without its GPUs', () => {
		expect(edit(written, {kind: 'cpu'})).toBe(
			written
				.replace('count: 1 ', 'count: 2 ')
				.replace('KIND_GPU', 'KIND_CPU')
				.replace('    gpus: [ 0 ]\n', ''),
		);
	});

	it('adds what is missing on a line of its own, indented like its neighbours', () => {
		expect(
			edit('instance_group [\n  {\n    count: 1 # one\n  }\n]\n', {kind: 'gpu', gpus: [0, 1]}),
		).toBe(
			'instance_group [\n  {\n    count: 2 # one\n    kind: KIND_GPU gpus: [ 0, 1 ]\n  }\n]\n',
		);
	});

	it('appends a group where there is none, also behind a last line without an end', () => {
		expect(edit('name: "m"', {})).toBe('name: "m"\ninstance_group [ { count: 2 } ]\n');
		expect(edit('', {kind: 'cpu'})).toBe('instance_group [ { count: 2 kind: KIND_CPU } ]\n');
	});

	it('keeps several groups where no place is asked for, else the first', () => {
		const two = 'instance_group [ { count: 1 gpus: 0 }, { count: 1 gpus: 1 } ]';
		expect(edit(two, {})).toBe('instance_group [ { count: 2 gpus: 0 }, { count: 2 gpus: 1 } ]');
		expect(edit(two, {kind: 'gpu', gpus: [3]})).toBe(
			'instance_group [ { count: 2 gpus: [ 3 ] kind: KIND_GPU } ]',
		);
	});

	it('is no matter of names inside other messages', () => {
		const inner =
			'parameters { key: "instance_group" value { string_value: "instance_group {" } }\n';
		expect(edit(inner, {})).toBe(`${inner}instance_group [ { count: 2 } ]\n`);
	});

	it('refuses a plain value, with its place', () => {
		expect(() => edit('name: "m"\n  instance_group: 3', {})).toThrow(
			'config.pbtxt, line 2, column 19: instance_group is a message',
		);
	});
});

describe('parseDocument', () => {
	it.each([
		['name: "m', 'line 1, column 7: a string that does not end on its line'],
		['name: "\\q"', 'line 1, column 7: a string'],
		['name "m"', 'line 1, column 6: ""m"" stands here where ":" is expected'],
		['a {\n b: 1\n', 'line 3, column 1: the text ends where "}" is expected'],
		['a: 10bar: 2', 'line 1, column 6: a number cannot go on with "b"'],
		['a: [1 2]', 'line 1, column 7: "2" stands here where "," or "]" is expected'],
		['a < b: 1 }', 'line 1, column 10: "}" stands here where the name of a field is expected'],
		['a: é', 'line 1, column 4: the character U+00E9 has no place'],
		['{'.repeat(3), 'line 1, column 1: "{" stands here where the name of a field'],
		[`a${' { a'.repeat(300)}`, 'messages are nested deeper than 200'],
	])('says where %j is wrong', (text, message) => {
		expect(() => parse(text)).toThrow(message);
	});

	it('reads strings as protobuf does', () => {
		const {fields} = parse(
			String.raw`a: "x" 'y\'' "\x41\101\u00e9\U0001F600\n" b: 0x10 c: 010 d: -7 e: 1.5 f: "q"`,
		);
		const read = (name: string) => {
			const value = scalarOf(fields, name);
			return value && [textOf(value), integerOf(value)];
		};

		expect(read('a')?.[0]).toBe("xy'AAé😀\n");
		expect(['b', 'c', 'd', 'e', 'f'].map((name) => read(name)?.[1])).toEqual([
			16,
			8,
			-7,
			undefined,
			undefined,
		]);
	});

	it('reads the bytes of a file as they are', () => {
		const text = Buffer.from('\uFEFFname: "é" # größer\n').toString('latin1');
		const {fields} = parse(text);
		const [value] = valuesOf(fields, 'name');
		expect(value?.kind === 'scalar' && textOf(value, 'latin1')).toBe('é');
	});
});

describe('readEnsembleSteps', () => {
	it('lists each model once, in the order of the steps', () => {
		const steps = ['pre', 'net', 'pre'].map((name) => `{ model_name: "${name}" }`).join(', ');
		expect(readEnsembleSteps(parse(`ensemble_scheduling { step [ ${steps} ] }`))).toEqual([
			'pre',
			'net',
		]);
		expect(readEnsembleSteps(parse('platform: "ensemble"'))).toEqual([]);
		expect(readEnsembleSteps(parse('platform: "onnxruntime_onnx"'))).toBeUndefined();
	});
});
