/** The command line that samples share: options, defaults and checks as perf_utils has them in Python. */

import {statSync} from 'node:fs';
import {AnnotationError} from './annotation-error.ts';
import {ArgumentParser} from './argument-parser.ts';
import {workerFolder} from './listeners.ts';

/** Defaults of the options, and which of them there are. */
export interface ParserOptions {
	/** Default: true. Only the help text differs. */
	readonly supportsVideo?: boolean | undefined;
	/** Default: none. */
	readonly inputPath?: string | undefined;
	/** Default: "/tmp". In a worker of `benchmark` its own folder is the default instead. */
	readonly outputDir?: string | undefined;
	/** Pixels. Default: 224. */
	readonly targetImgHeight?: number | undefined;
	/** Pixels. Default: 224. */
	readonly targetImgWidth?: number | undefined;
	/** Default: 4. */
	readonly batchSize?: number | undefined;
	/** CUDA device index. Default: 0. */
	readonly deviceId?: number | undefined;
	/** Default: tensorrt and pytorch. */
	readonly supportedBackends?: readonly string[] | undefined;
	/** Default: "tensorrt". */
	readonly backend?: string | undefined;
	/** Default: "info". */
	readonly logLevel?: string | undefined;
	/** "vision", the default, has all options; "minimal" only the output folder, the device and the log level. */
	readonly parserType?: 'vision' | 'minimal' | undefined;
}

/** What was parsed. Options that the parser does not have are absent; options of the program's own are beside them. */
export interface DefaultArgs {
	readonly outputDir: string;
	readonly deviceId: number;
	readonly logLevel: string;
	readonly inputPath?: string;
	readonly targetImgHeight?: number;
	readonly targetImgWidth?: number;
	readonly batchSize?: number;
	readonly backend?: string;
	readonly [own: string]: unknown;
}

const logLevels = ['info', 'error', 'debug', 'warning'];
const smallestTarget = 10;

const addVisionOptions = (parser: ArgumentParser, options: ParserOptions): void => {
	const kinds = options.supportsVideo === false ? 'an image' : 'an image, a video';
	parser
		.add('input_path', {
			short: 'i',
			default: options.inputPath,
			help: `path of ${kinds} or a folder of images`,
		})
		.add('target_img_height', {
			short: 'th',
			type: 'integer',
			default: options.targetImgHeight ?? 224,
			help: 'height to resize to, in pixels',
		})
		.add('target_img_width', {
			short: 'tw',
			type: 'integer',
			default: options.targetImgWidth ?? 224,
			help: 'width to resize to, in pixels',
		})
		.add('batch_size', {
			short: 'b',
			type: 'integer',
			default: options.batchSize ?? 4,
			help: 'items per batch',
		})
		.add('backend', {
			short: 'bk',
			choices: options.supportedBackends ?? ['tensorrt', 'pytorch'],
			default: options.backend ?? 'tensorrt',
			help: 'what runs the model',
		});
};

/**
 * A parser that already knows the usual options; add your own to it.
 * @throws AnnotationError "bad-argument" for an unknown parserType
 */
export const getDefaultArgParser = (
	message: string,
	options: ParserOptions = {},
): ArgumentParser => {
	const parserType: string = options.parserType ?? 'vision';
	if (parserType !== 'vision' && parserType !== 'minimal') {
		throw new AnnotationError(
			'bad-argument',
			`parserType must be "vision" or "minimal", not ${JSON.stringify(parserType)}`,
		);
	}

	const parser = new ArgumentParser(message)
		.add('output_dir', {
			short: 'o',
			default: workerFolder() ?? options.outputDir ?? '/tmp',
			help: 'folder for what is written',
		})
		.add('device_id', {
			short: 'd',
			type: 'integer',
			default: options.deviceId ?? 0,
			help: 'GPU to use',
		})
		.add('log_level', {
			short: 'll',
			choices: logLevels,
			default: options.logLevel ?? 'info',
			help: 'least level that is logged',
		});
	if (parserType === 'vision') {
		addVisionOptions(parser, options);
	}

	return parser;
};

const refuse = (message: string): never => {
	throw new AnnotationError('bad-argument', message);
};

const requireAtLeast = (option: string, value: number | undefined, least: number): void => {
	if (value !== undefined && value < least) {
		refuse(`--${option} must be ${least} or more, not ${value}`);
	}
};

/**
 * Parses the command line (default: the process's) and refuses values that cannot be right. Options that the parser
 * does not have are not checked.
 * @throws AnnotationError "bad-argument"
 */
export const parseValidateDefaultArgs = (
	parser: ArgumentParser,
	argv: readonly string[] = process.argv.slice(2),
): DefaultArgs => {
	const args = parser.parse(argv) as DefaultArgs;
	if (args.inputPath !== undefined && !statSync(args.inputPath, {throwIfNoEntry: false})) {
		refuse(`--input_path: ${args.inputPath} is neither a file nor a folder`);
	}

	if (statSync(args.outputDir, {throwIfNoEntry: false})?.isDirectory() !== true) {
		refuse(`--output_dir: ${args.outputDir} is no folder`);
	}

	requireAtLeast('batch_size', args.batchSize, 1);
	requireAtLeast('device_id', args.deviceId, 0);
	requireAtLeast('target_img_height', args.targetImgHeight, smallestTarget);
	requireAtLeast('target_img_width', args.targetImgWidth, smallestTarget);
	return args;
};
