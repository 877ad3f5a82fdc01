/** An Xid of a GPU on which nothing completed: told in the run's means all the same, with what is known of its name. */

import {expect, it} from 'vitest';
import {computeMeanResult} from '../../../results/mean-result.ts';
import {measure, ms} from '../../support/measure.ts';
import {batch, range, traceOf} from '../../support/trace-ranges.ts';

it('tells of GPUs that no completed process had', () => {
	const batches = [0, 1, 2].map((index) => batch(index, 4, ms(index * 100), ms(index * 100 + 80)));
	const trace = traceOf([range('pipeline', 0, ms(300), {}, batches)]);
	const gpus = ['GPU-a', 'GPU-b'].map((uuid, index) => ({index, uuid, name: 'A', driver: '590'}));
	const xid = {gpu: 'GPU-b', xid: 79, message: '', at: '2026-07-14T08:12:54.000Z'};
	const gpuWatch = {
		samples: 1,
		restarts: 0,
		failure: null,
		words: [],
		fileFailure: null,
		foreign: null,
		xids: [xid],
	};
	const mean = computeMeanResult([{repeat: 0, gpu: 0, process: 0, measured: measure(trace)}], {
		processesPlanned: 2,
		repeats: 1,
		warmupBatches: 0,
		gpus,
		gpuWatch,
	});
	expect(mean.warnings.filter(({code}) => code === 'gpu-xid').map(({message}) => message)).toEqual([
		expect.stringMatching(/^The driver logged errors meanwhile, of nvidia-smi's GPU 1: Xid 79\. /),
	]);
});
