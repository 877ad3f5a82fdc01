import {
	copyFileSync,
	existsSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {readRequestExport, type RequestExport} from '../../../perf-analyzer/request-export.ts';
import {slimExport} from '../../../perf-analyzer/slim-export.ts';
import {temporaryFile} from '../../support/temporary-file.ts';
import {readFrom} from '../../support/request-export.ts';

const fixture = path.resolve(import.meta.dirname, '../../fixtures/perf-analyzer/export.json');

const read = (file: string): RequestExport =>
	readRequestExport(readFrom(readFileSync(file, 'utf8')));

it('drops tensors and no time', () => {
	const file = temporaryFile('export.json');
	copyFileSync(fixture, file);
	const before = read(file);
	expect(slimExport(file, 1)).toBe(true);
	expect(read(file)).toEqual(before);
	expect(statSync(file).size).toBeLessThan(statSync(fixture).size);
	expect(readFileSync(file, 'utf8')).not.toContain('request_inputs');
	expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('experiments');
	expect(readdirSync(path.dirname(file))).toEqual(['export.json']);
});

it('keeps what a decoupled model ends with', () => {
	const file = temporaryFile('export.json');
	const request =
		'{"timestamp":1795286208903385249,"sequence_id":7,"request_inputs":{"a":"x"},' +
		'"response_timestamps":[1795286208903385250,1795286208903385999],"response_outputs":[{"o":[1]},{}]}';
	writeFileSync(
		file,
		`{"experiments":[{"experiment":{"mode":"request_rate","value":2.5},"requests":[${request}],"window_boundaries":[]},{}],"version":"2"}`,
	);
	const before = read(file);
	expect(slimExport(file, 1)).toBe(true);
	expect(read(file)).toEqual(before);
	expect(before.experiments[0]?.requests.responses).toBe(1);
	expect(readFileSync(file, 'utf8')).toContain('"sequence_id":7');
});

it.each([
	['a small one', '{"experiments":[]}', 1000],
	['a damaged one', '{"experiments":[{"requests":[{"timestamp":1,', 1],
])('leaves %s alone', (_name, text, least) => {
	const file = temporaryFile('export.json');
	writeFileSync(file, text);
	expect(slimExport(file, least)).toBe(false);
	expect(readFileSync(file, 'utf8')).toBe(text);
	expect(readdirSync(path.dirname(file))).toEqual(['export.json']);
});

it('does nothing where there is none', () => {
	const file = temporaryFile('export.json');
	expect(slimExport(file, 0)).toBe(false);
	expect(existsSync(file)).toBe(false);
});
