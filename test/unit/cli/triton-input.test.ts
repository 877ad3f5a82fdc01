import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {InputData} from '../../../schemas/input-data.ts';
import {runTriton} from '../../support/main-command.ts';
import {temporaryFile} from '../../support/temporary-file.ts';

/** The columns of ACTS' and traccc's cell files; geometry ids need 60 bits and more. */
const cells = `geometry_id,measurement_id,channel0,channel1,timestamp,value
576460889742377984,0,1,2,0.0,0.25
576460889742377987,1,3,4,-0.5,1e-7
18446744073709551615,2,5,6,0,3
`;

const config = `max_batch_size: 0
input [ { name: "GEOMETRY_ID" data_type: TYPE_UINT64 dims: [ -1 ] },
        { name: "FEATURES" data_type: TYPE_FP64 dims: [ -1, 5 ] } ]
`;

/** @returns the folder */
const writeFiles = (files: Readonly<Record<string, string | Uint8Array>>): string => {
	const folder = path.dirname(temporaryFile('x'));
	for (const [name, content] of Object.entries(files)) {
		mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
		writeFileSync(path.join(folder, name), content);
	}

	return folder;
};

interface Tensor {
	readonly content?: readonly unknown[];
	readonly b64?: string;
	readonly shape: readonly number[];
}

const readSteps = (text: string): readonly Readonly<Record<string, Tensor>>[] =>
	InputData.parse(JSON.parse(text)).data.flat();

const both = ['--tensor', 'GEOMETRY_ID=geometry_id:UINT64', '--tensor', 'FEATURES=*:FP64'];

describe('benchmark triton input', () => {
	it('makes tensors of the cells of an event, no digit lost', async () => {
		const folder = writeFiles({'event000000000-cells.csv': cells});
		const {exitCode, out} = await runTriton(['input', ...both, 'event000000000-cells.csv'], folder);
		expect(exitCode).toBe(0);
		expect(out).toBe(`{"data":[
{"GEOMETRY_ID":{"content":[576460889742377984,576460889742377987,18446744073709551615],"shape":[3]},
"FEATURES":{"content":[0.0,1.0,2.0,0.0,0.25,1.0,3.0,4.0,-0.5,1e-7,2.0,5.0,6.0,0.0,3.0],"shape":[3,5]}}
]}
`);
	});

	it.each([
		['the command line', both],
		['a file of tensors', ['--map', 'map.json']],
		[
			"the model's configuration",
			[
				'--model-config',
				'config.pbtxt',
				'--tensor',
				'GEOMETRY_ID=geometry_id',
				'--tensor',
				'FEATURES=*',
			],
		],
	])('gives the same by %s', async (_, options) => {
		const folder = writeFiles({
			'a-cells.csv': cells,
			'config.pbtxt': config,
			'map.json': JSON.stringify({
				GEOMETRY_ID: 'geometry_id:UINT64',
				FEATURES: {
					columns: ['measurement_id', 'channel0', 'channel1', 'timestamp', 'value'],
					type: 'FP64',
					shape: [-1, 5],
				},
			}),
		});
		const {out} = await runTriton(['input', ...options, 'a-cells.csv'], folder);
		const {out: plain} = await runTriton(['input', ...both, 'a-cells.csv'], folder);
		expect(out).toBe(plain);
	});

	it('makes a step of each file of a folder, or of some rows', async () => {
		const folder = writeFiles({
			'd/2.csv': 'a,b\n5,6\n',
			'd/1.csv': 'a,b\n1,2\n3,4\n',
			'd/x.txt': 'no',
		});
		const options = ['input', '--tensor', 'X=a,b:INT32', 'd'];
		const {out} = await runTriton(options, folder);
		expect(readSteps(out).map(({X}) => X)).toEqual([
			{content: [1, 2, 3, 4], shape: [2, 2]},
			{content: [5, 6], shape: [1, 2]},
		]);
		const {out: rows} = await runTriton([...options, '--rows', '1'], folder);
		expect(readSteps(rows).map(({X}) => X?.content)).toEqual([
			[1, 2],
			[3, 4],
			[5, 6],
		]);
	});

	it('deals steps to streams', async () => {
		const folder = writeFiles({'a.csv': 'a\n1\n2\n3\n'});
		const {out} = await runTriton(
			['input', '--tensor', 'X=a:FP32', '--rows', '1', '--streams', '2', 'a.csv'],
			folder,
		);
		const {data} = InputData.parse(JSON.parse(out));
		expect(data).toHaveLength(2);
		expect(data.flat()).toHaveLength(3);
	});

	it('takes bytes of files as they are, and a text with its length', async () => {
		const folder = writeFiles({
			'i/a.jpg': Uint8Array.of(1, 2, 3),
			'i/b.jpg': Uint8Array.of(4),
			't.txt': 'hé',
		});
		const {out} = await runTriton(
			['input', '--tensor', 'IMAGE=@i', '--tensor', 'TEXT=@t.txt:BYTES'],
			folder,
		);
		const steps = readSteps(out);
		expect(
			steps.map(({IMAGE}) => [Buffer.from(IMAGE?.b64 ?? '', 'base64').toJSON().data, IMAGE?.shape]),
		).toEqual([
			[[1, 2, 3], [3]],
			[[4], [1]],
		]);
		const text = Buffer.from(steps[0]?.['TEXT']?.b64 ?? '', 'base64');
		expect([text.readUInt32LE(0), text.toString('utf8', 4)]).toEqual([3, 'hé']);
		expect(steps[0]?.['TEXT']?.shape).toEqual([1]);
	});

	it('makes values up by the seed, as many as the shape has', async () => {
		const folder = writeFiles({'config.pbtxt': config});
		const options = ['input', '--model-config', 'config.pbtxt', '--dynamic', '3', '--steps', '2'];
		const [first, again, other] = await Promise.all([
			runTriton(options, folder),
			runTriton(options, folder),
			runTriton([...options, '--seed', '1'], folder),
		]);
		expect(first.out).toBe(again.out);
		expect(first.out).not.toBe(other.out);
		const steps = readSteps(first.out);
		expect(steps.map((step) => step['FEATURES']?.shape)).toEqual([
			[3, 5],
			[3, 5],
		]);
		expect(steps[0]).not.toEqual(steps[1]);
	});

	it('draws from the range that was given', async () => {
		const {out} = await runTriton([
			'input',
			'--tensor',
			'IDS=random(30520,30522):INT64:200',
			'--tensor',
			'MASK=zero:BOOL:2',
		]);
		const [step] = readSteps(out);
		expect(new Set(step?.['IDS']?.content)).toEqual(new Set([30520, 30521, 30522]));
		expect(step?.['MASK']).toEqual({content: [false, false], shape: [2]});
	});

	it('reads back what it wrote, and leaves no file behind where a value is wrong', async () => {
		const folder = writeFiles({'a.csv': cells, 'b.csv': `${cells}1,2,3,4,5,nan\n`});
		const good = await runTriton(['input', ...both, 'a.csv', '-o', 'out/in.json'], folder);
		expect([good.exitCode, good.err]).toEqual([
			0,
			expect.stringContaining('1 step of GEOMETRY_ID (UINT64), FEATURES (FP64)'),
		]);
		expect(readFileSync(path.join(folder, 'out/in.json'), 'utf8')).toContain(
			'18446744073709551615',
		);
		const bad = await runTriton(['input', ...both, 'b.csv', '-o', 'out/bad.json'], folder);
		expect(bad.exitCode).toBe(2);
		expect(bad.err).toMatch(/b\.csv, line 5: FEATURES, value 20: nan is no FP64/);
		expect(existsSync(path.join(folder, 'out/bad.json'))).toBe(false);
		expect(readdirSync(path.join(folder, 'out'))).toEqual(['in.json']);
	});

	it.each([
		[['input'], /nothing says what to write/],
		[['input', 'a.csv'], /no tensor is made|nothing says what to write/],
		[['input', '--tensor'], /--tensor takes a value/],
		[['input', '--tensor', 'X', 'a.csv'], /it is not NAME=SOURCE/],
		[
			['input', '--tensor', 'X=a:FP99', 'a.csv'],
			/unknown type FP99\nTypes are BOOL, .*FP64, BYTES/,
		],
		[
			['input', '--tensor', 'X=nope:FP32', 'a.csv'],
			/a\.csv has no column nope[^]*It has: geometry_id/,
		],
		[['input', '--tensor', 'X=value', 'a.csv'], /nothing says of which type X is/],
		[['input', '--tensor', 'X=value:FP32:4', 'a.csv'], /X has 3 values .*do not fill the shape 4/],
		[['input', '--tensor', 'X=value:INT8', 'a.csv'], /0\.25 is no INT8: it is not whole/],
		[
			['input', '--tensor', 'X=geometry_id:INT64', 'a.csv'],
			/18446744073709551615 is no INT64: it lies outside/,
		],
		[['input', '--tensor', 'X=value:FP32'], /no CSV file was given/],
		[['input', '--tensor', 'X=@missing.npy'], /missing\.npy does not exist/],
		[['input', '--tensor', 'X=@a.csv:FP32'], /no whole number of FP32/],
		[['input', '--tensor', 'X=@fake.npy'], /fake\.npy is no array that can be sent/],
		[['input', '--tensor', 'X=random:FP32'], /nothing says of which shape X is/],
		[['input', '--tensor', 'X=random(3,1):FP32:2'], /its lower end is not below/],
		[['input', '--tensor', 'X=random(0,300):UINT8:2'], /no whole numbers of UINT8/],
		[['input', '--tensor', 'X=zero:FP32:2', '--tensor', 'X=zero:FP32:2'], /X is given twice/],
		[['input', '--model-config', 'config.pbtxt', '--tensor', 'Y=zero'], /the model has no input Y/],
		[
			['input', '--model-config', 'config.pbtxt', '--tensor', 'FEATURES=zero:FP32:1,5'],
			/FEATURES is FP64 in the model/,
		],
		[
			['input', '--model-config', 'config.pbtxt', '--shape', 'FEATURES:1,6'],
			/of the shape -1x5 in the model/,
		],
		[['input', '--shape', 'X:1', '--tensor', 'Y=zero:FP32:1'], /--shape X: there is no such input/],
		[
			['input', '--tensor', 'X=value:FP32', 'ragged.csv'],
			/ragged\.csv, line 3: 1 cells, and the header has 2/,
		],
		[['input', '--tensor', 'X=a:FP32', 'empty.csv'], /empty\.csv has no rows/],
		[
			['input', '--tensor', 'X=value:FP32', '--streams', '9', 'a.csv'],
			/--streams 9: there is 1 step only/,
		],
		[
			['input', '--tensor', 'X=value:FP32', '--delimiter', 'ab', 'a.csv'],
			/--delimiter takes one character/,
		],
	])('%j is refused', async (argv, message) => {
		const folder = writeFiles({
			'a.csv': cells,
			'config.pbtxt': config,
			'map.json': '{"X": {"columns": ["value"], "type": "FP31"}}',
			'fake.npy': 'not an array at all',
			'ragged.csv': 'value,b\n1,2\n3\n',
			'empty.csv': 'a,b\n',
		});
		const {exitCode, err} = await runTriton(argv, folder);
		expect(exitCode).toBe(2);
		expect(err).toMatch(message);
	});
});
