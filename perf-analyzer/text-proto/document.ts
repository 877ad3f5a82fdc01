/**
 * A text in protobuf's text format as a tree of fields. Every node knows its place in the text, and nothing is thrown away:
 * whoever edits replaces the places that are meant, and the rest stays as its author wrote it. No schema is needed, so
 * fields that this project has never heard of are read like the others.
 */

import {errorAt, isBlank, readTokens, type Span, type TextSource, type Token} from './tokens.ts';

export interface ScalarValue extends Span {
	readonly kind: 'scalar';
	/** A sign and what follows it, a name, or strings that are one. */
	readonly tokens: readonly Token[];
}

export interface MessageValue extends Span {
	readonly kind: 'message';
	readonly fields: readonly Field[];
	/** What closes it: "}" or ">". */
	readonly close: Token;
}

export interface ListValue extends Span {
	readonly kind: 'list';
	readonly items: readonly (ScalarValue | MessageValue)[];
	readonly close: Token;
}

export type Value = ScalarValue | MessageValue | ListValue;

/** From its name to the end of its value, or of the "," or ";" behind it. */
export interface Field extends Span {
	/** "count"; of an extension or Any "[type.googleapis.com/some.Type]", without white space. */
	readonly name: string;
	readonly value: Value;
}

export interface Document {
	readonly source: TextSource;
	/** All of the text. */
	readonly tokens: readonly Token[];
	readonly fields: readonly Field[];
}

/** Messages in messages. Configurations have five; the stack has room for some thousand. */
const deepest = 200;

const closers: Readonly<Record<string, string>> = {'{': '}', '<': '>'};

class Parser {
	private readonly source: TextSource;
	private readonly tokens: readonly Token[];
	private at = 0;
	private depth = 0;

	constructor(source: TextSource, tokens: readonly Token[]) {
		this.source = source;
		this.tokens = tokens.filter((token) => !isBlank(token));
	}

	private fail(wanted: string): never {
		const token = this.tokens[this.at];
		const found =
			token === undefined ? 'the text ends' : `"${token.text.slice(0, 40)}" stands here`;
		throw errorAt(
			this.source,
			token?.start ?? this.source.text.length,
			`${found} where ${wanted} is expected`,
		);
	}

	private sees(text: string): boolean {
		const token = this.tokens[this.at];
		return token?.kind === 'symbol' && token.text === text;
	}

	private take(test: (token: Token) => boolean, wanted: string): Token {
		const token = this.tokens[this.at];
		if (token === undefined || !test(token)) {
			this.fail(wanted);
		}

		this.at += 1;
		return token;
	}

	private takeSymbol(text: string): Token {
		return this.take(() => this.sees(text), `"${text}"`);
	}

	/** "[type.googleapis.com/some.Type]": anything but brackets, since newer protobufs take more than names there. */
	private readBracketedName(): {readonly name: string; readonly start: number} {
		const open = this.takeSymbol('[');
		const parts: string[] = [];
		while (!this.sees(']')) {
			const part = this.take(
				({kind, text}) => kind === 'name' || kind === 'number' || /^[./-]$/.test(text),
				'the name of an extension or "]"',
			);
			parts.push(part.text);
		}

		if (parts.length === 0) {
			this.fail('the name of an extension');
		}

		this.takeSymbol(']');
		return {name: `[${parts.join('')}]`, start: open.start};
	}

	private readName(): {readonly name: string; readonly start: number} {
		if (this.sees('[')) {
			return this.readBracketedName();
		}

		// Some programs write fields that they do not know by their numbers.
		const token = this.take(
			({kind, text}) => kind === 'name' || (kind === 'number' && /^[1-9]\d*$/.test(text)),
			'the name of a field',
		);
		return {name: token.text, start: token.start};
	}

	private readScalar(): ScalarValue {
		const first = this.take(
			({kind, text}) => kind === 'name' || kind === 'number' || kind === 'string' || text === '-',
			'a value',
		);
		const tokens = [first];
		if (first.text === '-') {
			tokens.push(this.take(({kind}) => kind === 'name' || kind === 'number', 'a number'));
		}

		while (first.kind === 'string' && this.tokens[this.at]?.kind === 'string') {
			tokens.push(this.take(() => true, 'a string'));
		}

		return {kind: 'scalar', tokens, start: first.start, end: tokens.at(-1)?.end ?? first.end};
	}

	private readMessage(): MessageValue {
		const open = this.take(() => this.sees('{') || this.sees('<'), '"{"');
		this.depth += 1;
		if (this.depth > deepest) {
			throw errorAt(this.source, open.start, `messages are nested deeper than ${deepest}`);
		}

		const closer = closers[open.text] ?? '}';
		const fields = this.readFields(() => this.sees(closer));
		const close = this.takeSymbol(closer);
		this.depth -= 1;
		return {kind: 'message', fields, close, start: open.start, end: close.end};
	}

	private readItem(mayBeScalar: boolean): ScalarValue | MessageValue {
		return this.sees('{') || this.sees('<') || !mayBeScalar
			? this.readMessage()
			: this.readScalar();
	}

	private readList(mayBeScalar: boolean): ListValue {
		const open = this.takeSymbol('[');
		const items: (ScalarValue | MessageValue)[] = [];
		while (!this.sees(']')) {
			if (items.length > 0) {
				this.take(() => this.sees(','), '"," or "]"');
			}

			items.push(this.readItem(mayBeScalar));
		}

		const close = this.takeSymbol(']');
		return {kind: 'list', items, close, start: open.start, end: close.end};
	}

	private readField(): Field {
		const {name, start} = this.readName();
		// Only before messages can the colon be left out.
		const hasColon = this.sees(':');
		if (hasColon) {
			this.at += 1;
		} else if (!this.sees('{') && !this.sees('<') && !this.sees('[')) {
			this.fail('":"');
		}

		const value = this.sees('[') ? this.readList(hasColon) : this.readItem(hasColon);
		const separator = this.sees(',') || this.sees(';') ? this.tokens[this.at] : undefined;
		this.at += separator === undefined ? 0 : 1;
		return {name, value, start, end: separator?.end ?? value.end};
	}

	readFields(isEnd: () => boolean): readonly Field[] {
		const fields: Field[] = [];
		while (this.at < this.tokens.length && !isEnd()) {
			fields.push(this.readField());
		}

		return fields;
	}
}

/** @throws UserError with line and column */
export const parseDocument = (source: TextSource): Document => {
	const tokens = readTokens(source);
	return {source, tokens, fields: new Parser(source, tokens).readFields(() => false)};
};

/** The text again, from the tokens. */
export const printDocument = ({tokens}: Document): string => tokens.map(({text}) => text).join('');

/** All values of a field that may repeat: written several times, as a list, or both. */
export const valuesOf = (
	fields: readonly Field[],
	name: string,
): readonly (ScalarValue | MessageValue)[] =>
	fields
		.filter((field) => field.name === name)
		.flatMap(({value}) => (value.kind === 'list' ? value.items : [value]));
