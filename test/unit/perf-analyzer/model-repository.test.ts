import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {copyRepository, readModelFacts} from '../../../perf-analyzer/model-repository.ts';
import {temporaryFolder} from '../../support/command.ts';

const request = {count: 3, kind: null, gpus: []};

const makeRepository = () => {
	const folder = temporaryFolder('model-repository');
	const repository = path.join(folder, 'models');
	mkdirSync(path.join(repository, 'net/1'), {recursive: true});
	// Latin-1, as editors of another age leave it.
	writeFileSync(
		path.join(repository, 'net/config.pbtxt'),
		'name: "net" # gr\xF6\xDFer\n',
		'latin1',
	);
	writeFileSync(path.join(repository, 'net/1/model.bin'), Buffer.alloc((1 << 20) + 1, 7));
	writeFileSync(path.join(repository, 'net/1/run.sh'), '#!/bin/sh\n');
	chmodSync(path.join(repository, 'net/1/run.sh'), 0o755);
	return {repository, to: path.join(folder, 'copy')};
};

describe('copyRepository', () => {
	it('links large files, copies small ones, edits the copy alone, byte by byte', () => {
		const {repository, to} = makeRepository();
		copyRepository(repository, 'net', request, {to, mayLink: true});
		expect(lstatSync(path.join(to, 'net/1/model.bin')).isSymbolicLink()).toBe(true);
		expect(statSync(path.join(to, 'net/1/model.bin')).size).toBe((1 << 20) + 1);
		expect(statSync(path.join(to, 'net/1/run.sh')).mode & 0o111).not.toBe(0);
		const before = 'name: "net" # gr\xF6\xDFer\n';
		expect(readFileSync(path.join(repository, 'net/config.pbtxt'), 'latin1')).toBe(before);
		expect(readFileSync(path.join(to, 'net/config.pbtxt'), 'latin1')).toBe(
			`${before}instance_group [ { count: 3 } ]\n`,
		);
	});

	it('copies all where links would lead nowhere', () => {
		const {repository, to} = makeRepository();
		copyRepository(repository, 'net', request, {to, mayLink: false});
		expect(lstatSync(path.join(to, 'net/1/model.bin')).isSymbolicLink()).toBe(false);
	});

	it('follows links of the original, and passes over those that lead nowhere', () => {
		const {repository, to} = makeRepository();
		symlinkSync(path.join(repository, 'net/1'), path.join(repository, 'net/2'));
		symlinkSync('/nowhere', path.join(repository, 'net/3'));
		copyRepository(repository, 'net', request, {to, mayLink: true});
		expect(lstatSync(path.join(to, 'net/2')).isDirectory()).toBe(true);
		expect(existsSync(path.join(to, 'net/3'))).toBe(false);
	});

	it('says so where links lead back into their folder', () => {
		const {repository, to} = makeRepository();
		symlinkSync('..', path.join(repository, 'net/back'));
		expect(() => copyRepository(repository, 'net', request, {to, mayLink: true})).toThrow(
			'nested deeper',
		);
	});

	it('gives a configuration to a model that has none', () => {
		const {repository, to} = makeRepository();
		mkdirSync(path.join(repository, 'bare/1'), {recursive: true});
		copyRepository(repository, 'bare', {...request, kind: 'cpu'}, {to, mayLink: true});
		expect(readFileSync(path.join(to, 'bare/config.pbtxt'), 'utf8')).toBe(
			'instance_group [ { count: 3 kind: KIND_CPU } ]\n',
		);
	});

	it('names the models that there are, and the place of a mistake', () => {
		const {repository, to} = makeRepository();
		const copy = (model: string) => () =>
			copyRepository(repository, model, request, {to, mayLink: true});
		expect(copy('nte')).toThrow(expect.objectContaining({next: 'It has net.'}));
		writeFileSync(path.join(repository, 'net/config.pbtxt'), 'name: "net"\ninput [\n');
		expect(copy('net')).toThrow(/net\/config\.pbtxt, line 3, column 1: the text ends/);
		expect(existsSync(to)).toBe(false);
		writeFileSync(
			path.join(repository, 'net/config.pbtxt'),
			'instance_group { gpus: [ 0, 1 ] kind: KIND_GPU }',
		);
		expect(readModelFacts(repository, 'net')).toEqual({
			steps: undefined,
			layout: {device: 'gpu', places: 2},
		});
		expect(() => readModelFacts('/nowhere', 'net')).toThrow('cannot be read as a model repository');
	});
});
