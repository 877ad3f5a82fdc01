import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {UserError} from '../../../base/errors.ts';
import {findNsys, type NsysSearch} from '../../../launcher/find-nsys.ts';
import {compareVersions} from '../../../launcher/nsys-version.ts';

let root: string;
beforeEach(() => {
	root = mkdtempSync(path.join(os.tmpdir(), 'find-'));
});
afterEach(() => rmSync(root, {recursive: true}));

const script = (name: string, text: string): string => {
	const file = path.join(root, name);
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, `#!/bin/sh\n${text}\n`);
	chmodSync(file, 0o755);
	return file;
};
const nsys = (name: string, version: string): string =>
	script(name, `echo "NVIDIA Nsight Systems version ${version}-123v0"`);
const search = async (
	env: Record<string, string>,
	explicit: string | null = null,
): Promise<NsysSearch> =>
	findNsys({explicit, env, patterns: [path.join(root, 'opt/nsight*/*/bin/nsys')]});
const inPath = (...folders: string[]): Record<string, string> => ({
	PATH: folders.map((folder) => path.join(root, folder)).join(':'),
});

describe('searching', () => {
	it('nothing there', async () => {
		expect(await search({})).toEqual({chosen: null, candidates: []});
	});

	it('the newest wins, wherever it is', async () => {
		nsys('a/nsys', '2023.4.4.54');
		nsys('b/nsys', '2022.4.2.1');
		const newest = nsys('opt/nsight-cli/2024/bin/nsys', '2024.10.1.1');
		nsys('opt/nsight-cli/2024.9/bin/nsys', '2024.9.9.9');
		const {chosen, candidates} = await search(inPath('a', 'b'));
		expect(chosen).toEqual({path: newest, version: '2024.10.1.1'});
		expect(candidates.map(({version}) => version)).toEqual([
			'2024.10.1.1',
			'2024.9.9.9',
			'2023.4.4.54',
			'2022.4.2.1',
		]);
	});

	it('one file under two names is one candidate', async () => {
		const real = nsys('opt/nsight/1/bin/nsys', '2023.4.4.54');
		mkdirSync(path.join(root, 'a'));
		symlinkSync(real, path.join(root, 'a/nsys'));
		const {chosen, candidates} = await search(inPath('a'));
		expect(candidates).toHaveLength(1);
		expect(chosen?.path).toBe(path.join(root, 'a/nsys'));
	});

	it('what is too old, broken, mute or cannot import is refused with its reason', async () => {
		nsys('old/nsys', '2021.3.3.2');
		script('broken/nsys', 'echo "cannot open shared object file" >&2; exit 127');
		script('mute/nsys', 'echo hello');
		nsys('compute/target-linux-x64/nsys', '2024.1.1.1');
		const good = nsys('good/nsys', '2021.4.1.73');
		const {chosen, candidates} = await search(
			inPath('old', 'broken', 'mute', 'compute/target-linux-x64', 'good'),
		);
		expect(chosen?.path).toBe(good);
		const refusals: Record<string, string | null> = Object.fromEntries(
			candidates.map((one) => [path.relative(root, one.path).split('/')[0] ?? '', one.refusal]),
		);
		expect(refusals).toEqual({
			compute: expect.stringContaining('no QdstrmImporter') as string,
			good: null,
			old: expect.stringContaining('too old') as string,
			broken: expect.stringContaining('does not run') as string,
			mute: expect.stringContaining('does not say') as string,
		});
	});

	it('a whole installation is not refused', async () => {
		const target = nsys('v/target-linux-x64/nsys', '2024.1.1.1');
		script('v/host-linux-x64/QdstrmImporter', '');
		expect((await search(inPath('v/target-linux-x64'))).chosen?.path).toBe(target);
	});
});

describe('one that was named', () => {
	it('is used, even when a newer one is in PATH', async () => {
		nsys('a/nsys', '2024.1.1.1');
		const named = nsys('b/my-nsys', '2022.4.2.1');
		expect((await search(inPath('a'), named)).chosen?.path).toBe(named);
		expect((await search({...inPath('a'), NSYS: named})).chosen?.path).toBe(named);
	});

	it('--nsys goes before $NSYS; an empty $NSYS names none', async () => {
		const a = nsys('a/nsys', '2024.1.1.1');
		const b = nsys('b/nsys', '2022.4.2.1');
		expect((await search({NSYS: a}, b)).chosen?.path).toBe(b);
		expect((await search({...inPath('a'), NSYS: ''})).chosen?.path).toBe(a);
	});

	it('a bare name is searched in PATH', async () => {
		const file = nsys('a/nsys', '2024.1.1.1');
		expect((await search(inPath('a'), 'nsys')).chosen?.path).toBe(file);
	});

	it('is never replaced by another', async () => {
		nsys('a/nsys', '2024.1.1.1');
		const old = nsys('old/nsys', '2020.1.1.1');
		const broken = script('broken/nsys', 'exit 1');
		await expect(search(inPath('a'), old)).rejects.toThrow(/--nsys.*too old/);
		await expect(search({...inPath('a'), NSYS: broken})).rejects.toThrow(/\$NSYS.*does not run/);
		await expect(search(inPath('a'), '/no/such/nsys')).rejects.toBeInstanceOf(UserError);
	});
});

it('versions are compared by number', () => {
	expect(['2023.10.1', '2023.4.4', '2022.4', '2023.4'].toSorted(compareVersions)).toEqual([
		'2022.4',
		'2023.4',
		'2023.4.4',
		'2023.10.1',
	]);
});
