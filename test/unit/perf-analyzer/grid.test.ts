import {describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {readChoices, readGrid} from '../../../perf-analyzer/grid.ts';

const whole = {flag: '--concurrency', whole: true};
const rates = {flag: '--request-rate', whole: false};

describe('loads', () => {
	it.each([
		['1', [1]],
		['1:4', [1, 2, 3, 4]],
		// The end counts, as with perf_analyzer, where a step meets it.
		['1:65:64', [1, 65]],
		['1:65:8', [1, 9, 17, 25, 33, 41, 49, 57, 65]],
		['1:8:3', [1, 4, 7]],
		['1:64:x2', [1, 2, 4, 8, 16, 32, 64]],
		['1:64:*4', [1, 4, 16, 64]],
		['3:3', [3]],
		['1,2, 4', [1, 2, 4]],
		['8,1:2,2:8:x2', [8, 1, 2, 4]],
	])('reads %s', (text, values) => {
		expect(readGrid(text, whole)).toEqual(values);
	});

	it.each([
		['10:100:30', [10, 40, 70, 100]],
		['0.1:0.5:0.1', [0.1, 0.2, 0.3, 0.4, 0.5]],
		['1:10:x1.5', [1, 1.5, 2.25, 3.375, 5.0625, 7.59375]],
	])('reads rates %s', (text, values) => {
		expect(readGrid(text, rates)).toEqual(values);
	});

	it.each([
		['', /no whole number/],
		['0', /"0" is no whole number above 0/],
		['-1', /"-1"/],
		['1.5', /"1.5" is no whole number/],
		['many', /"many"/],
		['1e3', /"1e3"/],
		['4:1', /end is below the start/],
		['1:0:1', /limit of -l/],
		['1:2:3:4', /too many colons/],
		['1:9:0', /"0"/],
		['1:9:x1', /leads nowhere/],
		['1:9:x', /"x"/],
		['1,,2', /""/],
		['1:900000', /more than 10000/],
		['99999999999999999999', /no whole number/],
	])('refuses %s', (text, message) => {
		expect(() => readGrid(text, whole)).toThrow(message);
		expect(() => readGrid(text, whole)).toThrow(UserError);
	});
});

it('reads words in any case, each once', () => {
	expect(readChoices('gRPC,http,GRPC', ['http', 'grpc'], '-i')).toEqual(['grpc', 'http']);
	expect(() => readChoices('http,ftp', ['http', 'grpc'], '-i')).toThrow(
		/"ftp" is none of http, grpc/,
	);
});
