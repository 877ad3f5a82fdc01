import {describe, expect, it} from 'vitest';
import {replaceMember} from '../../../perf-analyzer/json-member.ts';
import {
	countInstances,
	differInInstancesOnly,
	editServedConfig,
	findInstanceMismatch,
	layoutOf,
	stepsOf,
} from '../../../perf-analyzer/served-instances.ts';
import {parseServedConfig, type ServedConfig} from '../../../perf-analyzer/server-client.ts';

const served = (groups: string, more = ''): ServedConfig => {
	const config = parseServedConfig(`{"name":"m",${more}"instance_group":${groups}}`);
	if (typeof config === 'string') {
		throw new Error(config);
	}

	return config;
};

describe('replaceMember', () => {
	it.each([
		['{"a":1,"b":[1,{"b":2}],"c":3}', '{"a":1,"b":9,"c":3}'],
		['{"a":{"b":1},"b":"}\\"{"}', '{"a":{"b":1},"b":9}'],
		['{"x":"b", "b" : -1.5e3 }', '{"x":"b", "b" : 9 }'],
		['{"a":[{"b":1}]}', '{"a":[{"b":1}],"b":9}'],
		['{}', '{"b":9}'],
		['{"big":9223372036854775807,"b":{}}', '{"big":9223372036854775807,"b":9}'],
	])('changes b of %s alone', (text, expected) => {
		expect(replaceMember(text, 'b', '9')).toBe(expected);
	});
});

describe('a served configuration', () => {
	const group = '{"name":"m_0","kind":"KIND_GPU","count":1,"gpus":[0,1],"profile":["big"]}';

	it('counts the instances of all GPUs', () => {
		const {model} = served(`[${group},{"kind":"KIND_CPU","count":3,"gpus":[]}]`);
		expect(countInstances(model)).toBe(5);
		expect(layoutOf(model)).toEqual({device: null, places: 3});
		expect(layoutOf(served(`[${group}]`).model)).toEqual({device: 'gpu', places: 2});
		expect(layoutOf(served('[]').model)).toEqual({device: null, places: 1});
	});

	it('is edited in its groups alone, what it does not know kept', () => {
		const {text, model} = served(`[${group}]`, '"parameters":{"n":9007199254740993},');
		const edited = editServedConfig(text, model, {count: 4, kind: 'cpu', gpus: []});
		expect(edited).toBe(
			'{"name":"m","parameters":{"n":9007199254740993},"instance_group":' +
				'[{"count":4,"kind":"KIND_CPU","gpus":[],"name":"m_0","profile":["big"]}]}',
		);
		expect(differInInstancesOnly(text, edited)).toBe(true);
		expect(differInInstancesOnly(text, edited.replace('993', '995'))).toBe(false);
	});

	it('is told from what was asked for', () => {
		const {model} = served(`[${group}]`);
		const ask = (count: number, kind: 'cpu' | 'gpu' | null, gpus: number[]) =>
			findInstanceMismatch(model, {count, kind, gpus});
		expect(ask(1, null, [])).toBeUndefined();
		expect(ask(1, 'gpu', [0, 1])).toBeUndefined();
		expect(ask(2, null, [])).toBe('it has 1 instances, not 2');
		expect(ask(1, 'cpu', [])).toBe('its instances are of KIND_GPU');
		expect(ask(1, 'gpu', [1])).toBe('its instances are on GPU 0, 1');
		expect(findInstanceMismatch(served('[]').model, {count: 1, kind: null, gpus: []})).toBe(
			'it has no instances, not 1',
		);
	});

	it('names the models of an ensemble', () => {
		const step = (name: string): string => `{"model_name":"${name}"}`;
		const scheduling = `"ensemble_scheduling":{"step":[${step('a')},${step('b')},${step('a')}]},`;
		expect(stepsOf(served('[]', `"platform":"ensemble",${scheduling}`).model)).toEqual(['a', 'b']);
		expect(stepsOf(served('[]').model)).toBeUndefined();
	});

	it.each(['<html>', '[]', '{"name":"m","instance_group":[{"count":"two"}]}'])(
		'is not %s',
		(text) => {
			expect(typeof parseServedConfig(text)).toBe('string');
		},
	);
});
