/** Texts in protobuf's text format, written in every way that its specification allows. */

import fc from 'fast-check';

const blank = fc.constantFrom(' ', '\n', '\t', '\r\n', ' # why\n', '#"{[\n', '  ');

/** Sometimes nothing. */
const gap = fc.oneof(fc.constant(''), blank);

const join = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
	fc.tuple(...parts).map((texts) => texts.join(''));

const name = fc
	.stringMatching(/^[a-z_][a-z_0-9]{0,6}$/)
	.filter((text) => text !== 'instance_group');

const string = fc
	.tuple(
		fc.constantFrom('"', "'"),
		fc.array(
			fc.constantFrom(
				'a',
				' ',
				'{',
				'#',
				']',
				'\\n',
				'\\"',
				"\\'",
				'\\\\',
				'\\012',
				'\\x7f',
				'\\u00e9',
			),
			{maxLength: 6},
		),
	)
	.map(([quote, characters]) => quote + characters.join('') + quote);

const number = fc.constantFrom(
	...[
		'0',
		'7',
		'10',
		'-1',
		'- 2.0',
		'017',
		'0x1F',
		'1.5',
		'.5',
		'1.',
		'1e5',
		'10f',
		'1.5F',
		'-inf',
	],
);

const scalar = fc.oneof(
	name,
	number,
	fc.array(string, {minLength: 1, maxLength: 3}).map((parts) => parts.join('')),
);

const fieldName = fc.oneof(
	{weight: 4, arbitrary: name},
	fc.constantFrom('[a.b]', '[ type.googleapis.com / a.B ]'),
);

const separator = fc.constantFrom(' ', ',', ';', ' , ', '\n');

const list = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
	join(
		fc.constant('['),
		gap,
		fc.array(join(item, gap), {maxLength: 3}).map((items) => items.join(', ')),
		fc.constant(']'),
	);

const {fields} = fc.letrec<{fields: string; message: string; field: string}>((tie) => ({
	field: fc.oneof(
		{depthSize: 'small'},
		join(fieldName, gap, fc.constant(':'), gap, fc.oneof(scalar, list(scalar)), separator),
		join(
			fieldName,
			fc.constantFrom('', ':', ' : ', ' '),
			fc.oneof(tie('message'), list(tie('message'))),
			separator,
		),
	),
	fields: fc.array(tie('field'), {maxLength: 4}).map((texts) => texts.join('')),
	message: fc.oneof(
		join(fc.constant('{'), gap, tie('fields'), fc.constant('}')),
		join(fc.constant('<'), gap, tie('fields'), fc.constant('>')),
	),
}));

/** Without any field called instance_group. */
export const textFormat: fc.Arbitrary<string> = join(gap, fields, gap).map((text) => `${text}\n`);

/** Groups as people write them, and as nobody does. */
export const groupTexts: readonly string[] = [
	'instance_group { count: 1 kind: KIND_CPU }',
	'instance_group [\n  {\n    count: 1 # one for now\n    kind: KIND_GPU\n    gpus: [ 0, 1 ]\n  }\n]',
	'instance_group: [{kind: KIND_GPU gpus: 0 gpus: 1}]',
	'instance_group <\n\tgpus: [ 0 ]\n>',
	'instance_group { }',
	'instance_group []',
	'instance_group [ { count: 0x2, name: "a" }, # second\n { count: 3; profile: [ "big" ] } ]',
	'instance_group { count: 1 }\ninstance_group { count: 2\nrate_limiter { priority: 2 }\n}',
	'instance_group { count: 1 count: 2 passive: true }',
	'',
];
