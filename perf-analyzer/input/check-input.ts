/**
 * Reads an --input-data file as perf_analyzer would: steps, tensors with as many values as their shape has, tokens of the
 * right kind. In the order of the text and without holding it.
 */

import {plural} from '../../base/plural.ts';
import {JsonScanError, JsonScanner, type ReadBytes} from '../json-scanner.ts';
import {isInteger, sizeOf, type Datatype} from './datatypes.ts';

export interface CheckedInput {
	/** 0 where the steps stand by themselves. */
	readonly streams: number;
	readonly steps: number;
	readonly tensors: readonly string[];
	/** What perf_analyzer would refuse; empty where it would not. */
	readonly problems: readonly string[];
}

const quote = 0x22;
const openBracket = 0x5b;
const openBrace = 0x7b;

const isToken = (token: string, type: Datatype | undefined): boolean =>
	type === undefined
		? token !== ''
		: type === 'BOOL'
			? token === 'true' || token === 'false'
			: isInteger(type)
				? /^-?\d+$/.test(token)
				: /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(token) && /[.eE]/.test(token);

/** The scanner hands a key over byte by byte, escapes and all. */
const readKey = (key: string): string => {
	const text = Buffer.from(key, 'latin1').toString('utf8');
	try {
		return String(JSON.parse(`"${text}"`));
	} catch {
		// A control character, say: it names no tensor that anybody wants.
		return text;
	}
};

class Checker {
	readonly problems: string[] = [];
	readonly tensors = new Set<string>();
	streams = 0;
	steps = 0;
	private readonly scanner: JsonScanner;
	private readonly types: ReadonlyMap<string, Datatype>;

	constructor(read: ReadBytes, types: ReadonlyMap<string, Datatype>) {
		this.scanner = new JsonScanner(read);
		this.types = types;
	}

	private add(problem: string): void {
		if (this.problems.length < 20) {
			this.problems.push(`step ${this.steps}: ${problem}`);
		}
	}

	/** @returns how many values; null where they are no content */
	private readContent(name: string): number {
		const type = this.types.get(name);
		let count = 0;
		let wrong = 0;
		this.scanner.readArray(() => {
			count++;
			const isText = this.scanner.peek() === quote;
			if (isText) {
				this.scanner.skipValue();
				wrong += Number(type !== undefined && type !== 'BYTES');
			} else {
				wrong += Number(!isToken(this.scanner.readNumber(), type) || type === 'BYTES');
			}
		});
		if (wrong > 0) {
			this.add(`${name} has ${plural(wrong, 'value')} that ${type ?? 'its type'} does not take`);
		}

		return count;
	}

	/** Characters of a base64 text. */
	private readLength(): number {
		this.scanner.peek();
		const before = this.scanner.offset;
		this.scanner.skipValue();
		return this.scanner.offset - before - 2;
	}

	private compare(
		name: string,
		shape: readonly number[],
		found: {count?: number; length?: number},
	): void {
		const product = shape.reduce((all, length) => all * length, 1);
		const size = sizeOf(this.types.get(name) ?? 'BYTES');
		if (found.count !== undefined && found.count !== product) {
			this.add(`${name} has ${plural(found.count, 'value')}, and its shape ${product}`);
		}

		if (
			found.length !== undefined &&
			size !== null &&
			found.length !== 4 * Math.ceil((product * size) / 3)
		) {
			this.add(`${name} has other bytes than its shape (${product} of ${size})`);
		}
	}

	private readTensor(name: string): void {
		this.tensors.add(name);
		const found: {count?: number; length?: number} = {};
		let shape: number[] | undefined;
		if (this.scanner.peek() === openBracket) {
			this.readContent(name);
			return;
		}

		this.scanner.readObject((key) => {
			if (key === 'content') {
				found.count = this.readContent(name);
			} else if (key === 'b64') {
				found.length = this.readLength();
			} else if (key === 'shape') {
				const read: number[] = [];
				this.scanner.readArray(() => read.push(Number(this.scanner.readNumber())));
				shape = read;
			} else {
				this.add(`${name} has a member ${key}`);
				this.scanner.skipValue();
			}
		});
		if ((found.count === undefined) === (found.length === undefined)) {
			this.add(`${name} has not one of "content" and "b64"`);
		}

		if (shape?.every((length) => Number.isSafeInteger(length) && length >= 0) === true) {
			this.compare(name, shape, found);
		} else if (shape !== undefined) {
			this.add(`${name} has a shape that is none`);
		}
	}

	private readStep(): void {
		this.steps++;
		const before = new Set<string>();
		this.scanner.readObject((key) => {
			const name = readKey(key);
			if (before.has(name)) {
				this.add(`${name} stands there twice`);
			}

			before.add(name);
			this.readTensor(name);
		});
		for (const name of this.types.keys()) {
			if (!before.has(name)) {
				this.add(`${name} is missing`);
			}
		}
	}

	readFile(): void {
		this.scanner.readObject((key) => {
			if (key !== 'data') {
				this.scanner.skipValue();
				return;
			}

			this.scanner.readArray(() => {
				if (this.scanner.peek() === openBracket) {
					this.streams++;
					this.scanner.readArray(() => this.readStep());
				} else if (this.scanner.peek() === openBrace) {
					this.readStep();
				} else {
					this.add('what stands there is no step');
					this.scanner.skipValue();
				}
			});
		});
		if (this.steps === 0) {
			this.add('there is no data');
		}
	}
}

/** @param types of the tensors that every step needs; without one a tensor's values are only counted */
export const checkInput = (read: ReadBytes, types: ReadonlyMap<string, Datatype>): CheckedInput => {
	const checker = new Checker(read, types);
	try {
		checker.readFile();
	} catch (error) {
		if (!(error instanceof JsonScanError)) {
			throw error;
		}

		checker.problems.push(error.message);
	}

	const {streams, steps, tensors, problems} = checker;
	return {streams, steps, tensors: [...tensors], problems};
};
