/** The common start from a program's side: two files in a folder, and when its batches began. */

import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {workerEnvironment} from '../../../base/annotation-protocol.ts';
import {AnnotationMark} from '../../../schemas/annotation-mark.ts';
import {RecordingLine} from '../../../schemas/recording.ts';
import {runProgram} from '../../support/annotated-program.ts';
import {temporaryFolder, until} from '../../support/command.ts';

const openStart = (name: string) => {
	const folder = temporaryFolder(name);
	const start = path.join(folder, 'start');
	mkdirSync(start);
	const file = path.join(start, '0');
	const recording = path.join(folder, 'recording');
	return {
		start,
		file,
		arrived: () => until(() => existsSync(file), 'the worker at its first batch'),
		sayGo: (aheadMs: number, why = 'together'): bigint => {
			const atNs = process.hrtime.bigint() + BigInt(aheadMs * 1e6);
			writeFileSync(path.join(start, 'go.tmp'), `${atNs} ${why}\n`);
			renameSync(path.join(start, 'go.tmp'), path.join(start, 'go'));
			return atNs;
		},
		run: (env: Readonly<Record<string, string>> = {}) =>
			runProgram('together.ts', {
				OUT: folder,
				[workerEnvironment.syncFile]: file,
				[workerEnvironment.recordingFolder]: recording,
				...env,
			}),
		/** The recording's marks of the common start. */
		starts: () =>
			readdirSync(recording)
				.flatMap((name) => readFileSync(path.join(recording, name), 'utf8').trim().split('\n'))
				.map((line) => RecordingLine.parse(JSON.parse(line)))
				.flatMap((line) => (line[0] === 'mark' ? [AnnotationMark.parse(JSON.parse(line[3]))] : []))
				.flatMap((mark) => ('sync' in mark ? [mark.sync] : [])),
	};
};

const begins = (stdout: string): readonly bigint[] => stdout.trim().split('\n').map(BigInt);

it('holds the first batch until the moment, and says how long', async () => {
	const start = openStart('start');
	const running = start.run();
	await start.arrived();
	const atNs = start.sayGo(150);
	const {exitCode, stdout, stderr} = await running;
	expect(stderr).toBe('');
	expect(exitCode).toBe(0);
	expect(begins(stdout)).toHaveLength(5);
	expect(begins(stdout)[0]).toBeGreaterThanOrEqual(atNs);
	const [told, ...more] = start.starts();
	expect(more).toEqual([]);
	expect(told?.end).toBe('together');
	expect(told?.waitedNs).toBeGreaterThanOrEqual(150e6);
});

it('does not wait where the others have gone already, and says so', async () => {
	const start = openStart('start');
	start.sayGo(-1, 'timed-out');
	expect((await start.run()).exitCode).toBe(0);
	expect(start.starts()).toEqual([{waitedNs: 0, end: 'late'}]);
});

it('says nothing where another process of its worker has passed', async () => {
	const start = openStart('start');
	start.sayGo(-1);
	writeFileSync(start.file, '');
	expect((await start.run()).exitCode).toBe(0);
	expect(start.starts()).toEqual([]);
});

it('goes on by itself when nobody answers', async () => {
	const start = openStart('start');
	const {exitCode} = await start.run({[workerEnvironment.syncTimeout]: '0.05'});
	expect(exitCode).toBe(0);
	expect(start.starts()).toMatchObject([{end: 'abandoned'}]);
});

it('goes on when the folder is gone, before or meanwhile', async () => {
	const start = openStart('start');
	const running = start.run();
	await start.arrived();
	rmSync(start.start, {recursive: true});
	expect((await running).exitCode).toBe(0);
	expect(start.starts()).toMatchObject([{end: 'abandoned'}]);

	const again = await start.run();
	expect(again.exitCode).toBe(0);
	expect(again.stderr).toContain('does not wait for the others to start');
});

it('is nothing where no launcher asks', async () => {
	const start = openStart('start');
	expect((await start.run({[workerEnvironment.syncFile]: ''})).exitCode).toBe(0);
	expect(start.starts()).toEqual([]);
	expect(readdirSync(start.start)).toEqual([]);
});
