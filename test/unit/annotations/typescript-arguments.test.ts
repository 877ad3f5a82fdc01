import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {
	ArgumentParser,
	getDefaultArgParser,
	parseValidateDefaultArgs,
	type ParserOptions,
} from '../../../annotations/typescript/index.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'arguments-'));
	vi.stubEnv('BENCHMARK_OUTPUT_DIR', undefined);
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, {recursive: true, force: true});
});

const parse = (argv: readonly string[], options: ParserOptions = {}): Record<string, unknown> =>
	parseValidateDefaultArgs(getDefaultArgParser('a sample', {outputDir: folder, ...options}), argv);

describe('the default options', () => {
	it('have the defaults of perf_utils', () => {
		expect(parse([])).toEqual({
			outputDir: folder,
			deviceId: 0,
			logLevel: 'info',
			targetImgHeight: 224,
			targetImgWidth: 224,
			batchSize: 4,
			backend: 'tensorrt',
		});
		const parser = getDefaultArgParser('a sample');
		expect(parser.parse([])).toMatchObject({outputDir: '/tmp'});
	});

	it('are three in the minimal parser', () => {
		expect(parse([], {parserType: 'minimal'})).toEqual({
			outputDir: folder,
			deviceId: 0,
			logLevel: 'info',
		});
	});

	it('take defaults of the program', () => {
		const options: ParserOptions = {
			inputPath: folder,
			targetImgHeight: 10,
			targetImgWidth: 20,
			batchSize: 1,
			deviceId: 3,
			supportedBackends: ['cpu'],
			backend: 'cpu',
			logLevel: 'debug',
		};
		expect(parse([], options)).toEqual({
			outputDir: folder,
			inputPath: folder,
			deviceId: 3,
			logLevel: 'debug',
			targetImgHeight: 10,
			targetImgWidth: 20,
			batchSize: 1,
			backend: 'cpu',
		});
	});

	it.each([
		['-o OUT -d 1 -ll error -i OUT -th 30 -tw 40 -b 8 -bk pytorch'],
		[
			'--output_dir OUT --device_id 1 --log_level error --input_path OUT --target_img_height 30 --target_img_width 40 --batch_size 8 --backend pytorch',
		],
		[
			'--output-dir=OUT --device-id=1 --log-level=error --input-path=OUT --target-img-height=30 --target-img-width=40 --batch-size=8 --backend=pytorch',
		],
		['-o=OUT -d=1 -ll=error -i=OUT -th=30 -tw=40 -b=8 -bk=pytorch'],
	])('are spelled %s', (line) => {
		expect(parse(line.replaceAll('OUT', folder).split(' '))).toEqual({
			outputDir: folder,
			deviceId: 1,
			logLevel: 'error',
			inputPath: folder,
			targetImgHeight: 30,
			targetImgWidth: 40,
			batchSize: 8,
			backend: 'pytorch',
		});
	});

	it("write into the worker's folder, unless the command line says otherwise", () => {
		vi.stubEnv('BENCHMARK_OUTPUT_DIR', tmpdir());
		expect(parse([])).toMatchObject({outputDir: tmpdir()});
		expect(parse(['-o', folder])).toMatchObject({outputDir: folder});
	});
});

describe('what is refused', () => {
	it.each([
		[['-i', '/nowhere/at/all'], '--input_path: /nowhere/at/all is neither a file nor a folder'],
		[['-o', '/nowhere/at/all'], '--output_dir: /nowhere/at/all is no folder'],
		[['-b', '0'], '--batch_size must be 1 or more, not 0'],
		[['-d', '-1'], '--device_id must be 0 or more, not -1'],
		[['-th', '9'], '--target_img_height must be 10 or more, not 9'],
		[['-tw', '9'], '--target_img_width must be 10 or more, not 9'],
		[['-d', '1.5'], '--device_id must be a whole number, not "1.5"'],
		[['-ll', 'loud'], '--log_level must be one of info, error, debug, warning, not "loud"'],
		[['-bk', 'onnx'], '--backend must be one of tensorrt, pytorch, not "onnx"'],
		[['-b'], '--batch_size needs a value'],
		[['--batchsize', '1'], "Unknown option '--batchsize'"],
		[['stray'], "Unexpected argument 'stray'"],
	])('%j', (argv, message) => {
		expect(() => parse(argv)).toThrow(
			expect.objectContaining({
				code: 'bad-argument',
				message: expect.stringContaining(message) as unknown,
			}),
		);
	});

	it('an output folder that is a file', () => {
		const file = path.join(folder, 'file');
		writeFileSync(file, '');
		expect(() => parse(['-o', file])).toThrow('is no folder');
		expect(parse(['-i', file])).toMatchObject({inputPath: file});
	});

	it('an unknown kind of parser', () => {
		expect(() => parse([], {parserType: 'audio' as never})).toThrow('"minimal", not "audio"');
	});
});

describe('options of the program', () => {
	const makeParser = (): ArgumentParser =>
		getDefaultArgParser('a sample', {parserType: 'minimal', outputDir: folder})
			.add('num_frames', {short: 'n', type: 'integer', default: 30, help: 'frames to read'})
			.add('scale', {type: 'number'})
			.add('dry_run', {type: 'flag'});

	it('are parsed beside the others', () => {
		const args = parseValidateDefaultArgs(makeParser(), ['-n', '5', '--scale', '-.5', '--dry-run']);
		expect(args).toMatchObject({numFrames: 5, scale: -0.5, dryRun: true});
		expect(makeParser().parse([])).not.toHaveProperty('dryRun');
	});

	it('must be numbers where they are', () => {
		expect(() => makeParser().parse(['--scale', 'big'])).toThrow(
			'--scale must be a number, not "big"',
		);
	});

	it('must be new', () => {
		expect(() => makeParser().add('log_level')).toThrow('already an option --log_level');
	});

	it('show in the help, with their defaults', () => {
		expect(makeParser().help()).toContain('-n, --num_frames\n        frames to read (default: 30)');
	});
});

it('prints the help and ends the process', () => {
	const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
	const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
		throw new Error('ended');
	});
	expect(() => parse(['--help'])).toThrow('ended');
	expect(write).toHaveBeenCalledWith(expect.stringContaining('-th, --target_img_height'));
	expect(exit).toHaveBeenCalledWith(0);
	vi.restoreAllMocks();
});
