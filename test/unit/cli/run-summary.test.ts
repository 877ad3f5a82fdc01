/** What the end of a run says where nothing completed. */

import {expect, it} from 'vitest';
import {summarizeRun, type FinishedRun} from '../../../cli/run-summary.ts';
import {Terminal} from '../../../cli/terminal.ts';
import {makeManifest} from '../../support/manifests.ts';

const manifest = makeManifest({
	gpuWatch: {
		samples: 0,
		restarts: 0,
		failure: null,
		words: [],
		fileFailure: null,
		foreign: null,
		xids: [{gpu: 'GPU-a', xid: 79, message: 'gone', at: '2026-01-01T00:00:01.000Z'}],
	},
	workers: [
		{
			folder: 'proc_0_gpu_0',
			repeat: 0,
			gpu: 0,
			process: 0,
			cudaVisibleDevices: '0',
			gpuUuid: 'GPU-a',
			outcome: null,
		},
	],
});

const summarize = (run: Partial<FinishedRun>): string => {
	const said: string[] = [];
	const stream = {
		write: (text: string) => {
			said.push(text);
			return true;
		},
	};
	const terminal = new Terminal({out: stream, err: stream}, {});
	summarizeRun(
		{
			manifest,
			launched: true,
			folder: null,
			mean: null,
			unreadable: new Map(),
			files: [],
			...run,
		},
		{signalNumber: undefined, json: false, all: false},
		terminal,
	);
	return said.join('');
};

it('tells the Xids of its GPUs, since there are no means that could', () => {
	expect(summarize({})).toMatch(/^warning: The driver logged errors meanwhile, of GPU 0: Xid 79 /);
	const {gpuWatch, ...unwatched} = manifest;
	expect(gpuWatch).toBeDefined();
	expect(summarize({manifest: unwatched})).toBe('');
	expect(summarize({manifest: null})).toBe('');
});
