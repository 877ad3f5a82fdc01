/** A small command line over node:util parseArgs, with what Python programs are used to: `-th 224`, help, choices. */

import path from 'node:path';
import {parseArgs} from 'node:util';
import {messageOf} from '../../base/errors.ts';
import {AnnotationError} from './annotation-error.ts';

export interface ArgumentOption {
	/** One or more letters, without the dash. */
	readonly short?: string | undefined;
	/** Default: "string". A flag takes no value. */
	readonly type?: 'string' | 'integer' | 'number' | 'flag' | undefined;
	readonly default?: string | number | boolean | undefined;
	readonly choices?: readonly string[] | undefined;
	readonly help?: string | undefined;
}

const toCamelCase = (name: string): string =>
	name.replaceAll(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());

const numberPatterns = {integer: /^[-+]?\d+$/, number: /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i};

export class ArgumentParser {
	private readonly message: string;
	private readonly options = new Map<string, ArgumentOption>();

	/** The message stands at the top of the help. */
	constructor(message: string) {
		this.message = message;
	}

	/** Adds an option, named with underscores: "batch_size" is --batch_size, --batch-size, and batchSize when parsed. */
	add(name: string, option: ArgumentOption = {}): this {
		if (this.options.has(name)) {
			throw new AnnotationError('bad-argument', `there is already an option --${name}`);
		}

		this.options.set(name, option);
		return this;
	}

	/**
	 * Values by option, in camelCase; -h and --help print the help and end the process.
	 * @throws AnnotationError "bad-argument" with the usage
	 */
	parse(argv: readonly string[]): Record<string, unknown> {
		if (argv.includes('-h') || argv.includes('--help')) {
			process.stdout.write(this.help());
			process.exit(0);
		}

		const values = this.parseTexts(argv);
		const parsed: Record<string, unknown> = {};
		for (const [name, option] of this.options) {
			const text = values[name];
			const value = typeof text === 'string' ? this.readValue(name, option, text) : text;
			const given = value ?? option.default;
			if (given !== undefined) {
				parsed[toCamelCase(name)] = given;
			}
		}

		return parsed;
	}

	help(): string {
		const lines = [...this.options].map(([name, option]) => {
			const short = option.short === undefined ? '' : `-${option.short}, `;
			const choices = option.choices === undefined ? '' : ` {${option.choices.join(',')}}`;
			const preset = option.default === undefined ? '' : ` (default: ${String(option.default)})`;
			return `  ${short}--${name}${choices}\n        ${option.help ?? ''}${preset}`;
		});
		return `${this.usage()}\n\n${this.message}\n\noptions:\n${lines.join('\n')}\n`;
	}

	private usage(): string {
		return `usage: ${path.basename(process.argv[1] ?? 'node')} [--option value]...`;
	}

	private parseTexts(argv: readonly string[]): Record<string, unknown> {
		const options = [...this.options].map(([name, {type}]) => [
			name,
			{type: type === 'flag' ? ('boolean' as const) : ('string' as const)},
		]);
		try {
			return parseArgs({
				args: this.spellOut(argv),
				options: Object.fromEntries(options) as Record<string, {type: 'string' | 'boolean'}>,
			}).values;
		} catch (error) {
			return this.refuse(messageOf(error));
		}
	}

	/** parseArgs knows only shorts of one letter, and takes "-1" for an option: make all "--name=value". */
	private spellOut(argv: readonly string[]): string[] {
		const spelled: string[] = [];
		for (let index = 0; index < argv.length; index++) {
			const [, given = '', value] = /^(--?[^=]+)(?:=(.*))?$/s.exec(argv[index] ?? '') ?? [];
			const name = this.findName(given);
			if (name === undefined) {
				spelled.push(argv[index] ?? '');
			} else if (this.options.get(name)?.type === 'flag') {
				spelled.push(value === undefined ? `--${name}` : `--${name}=${value}`);
			} else {
				const next = value ?? argv[++index] ?? this.refuse(`--${name} needs a value`);
				spelled.push(`--${name}=${next}`);
			}
		}

		return spelled;
	}

	private findName(given: string): string | undefined {
		if (given.startsWith('--')) {
			const name = given.slice(2).replaceAll('-', '_');
			return this.options.has(name) ? name : undefined;
		}

		const found = [...this.options].find(([, {short}]) => given === `-${String(short)}`);
		return found?.[0];
	}

	private readValue(name: string, option: ArgumentOption, text: string): string | number {
		const {type, choices} = option;
		if (choices !== undefined && !choices.includes(text)) {
			return this.refuse(
				`--${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(text)}`,
			);
		}

		if (type !== 'integer' && type !== 'number') {
			return text;
		}

		if (!numberPatterns[type].test(text)) {
			return this.refuse(
				`--${name} must be ${type === 'integer' ? 'a whole' : 'a'} number, not ${JSON.stringify(text)}`,
			);
		}

		return Number(text);
	}

	private refuse(message: string): never {
		throw new AnnotationError('bad-argument', `${message}\n${this.usage()}`);
	}
}
