// Three batches of two stages that take 300 ms each: the numbers to expect are known before the run.
// samples/python/perf_utils_test.py is the same program.
import {
	BenchmarkPerf,
	getDefaultArgParser,
	parseValidateDefaultArgs,
} from 'nsys-benchmark/annotations';

const clock = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms: number): void => {
	Atomics.wait(clock, 0, 0, ms);
};

const args = parseValidateDefaultArgs(getDefaultArgParser('perf_utils_test'));
const perf = new BenchmarkPerf('perf_utils_test', args);

perf.pushRange('pipeline');
for (let index = 0; index < 3; index++) {
	perf.pushRange('batch', {batchIdx: index});
	perf.pushRange('stage_1');
	sleep(300);
	perf.popRange();
	perf.pushRange('stage_2');
	sleep(300);
	perf.popRange();
	perf.popRange({totalItems: 1});
}

perf.popRange();
perf.finalize();
