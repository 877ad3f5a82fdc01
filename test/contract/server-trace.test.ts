/** A real Triton server under the real nsys: ranges of a model in Python, annotated with our own library. */

import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {traceServer} from '../../cli/server-trace.ts';
import {ServerRoom} from '../../launcher/server-process.ts';
import {StopSwitch} from '../../launcher/stop-signal.ts';
import {readServerUrl, ServerClient} from '../../perf-analyzer/server-client.ts';
import {processesWith, projectRoot, temporaryFolder} from '../support/command.ts';
import {noNsys, nsysForTests} from '../support/nsys.ts';
import {
	findFreePort,
	hasTriton,
	noTriton,
	serverCommand,
	writeModels,
} from '../support/triton-server.ts';

/** Triton's Python runs isolated: it does not look at PYTHONPATH. */
const annotatedModel = `import sys
import time
from types import SimpleNamespace

import triton_python_backend_utils as pb_utils
sys.path.insert(0, ${JSON.stringify(path.join(projectRoot, 'annotations/python'))})
from perf_utils import CvCudaPerf


class TritonPythonModel:
    def initialize(self, args):
        self.perf = CvCudaPerf("echo", SimpleNamespace(device_id=0, output_dir=""))

    def execute(self, requests):
        self.perf.push_range("scale")
        time.sleep(0.002)
        self.perf.pop_range()
        values = [pb_utils.get_input_tensor_by_name(request, "in").as_numpy() for request in requests]
        return [pb_utils.InferenceResponse([pb_utils.Tensor("out", value)]) for value in values]
`;

const input = {name: 'in', datatype: 'FP32', shape: [1], data: [1.5]};

describe('a traced server', () => {
	const nsys = nsysForTests();
	if (nsys === undefined || !hasTriton) {
		it('needs nsys and a Triton server', ({skip}) => skip(hasTriton ? noNsys : noTriton));
		return;
	}

	it('shows the ranges of its models, and is gone afterwards', async () => {
		const folder = temporaryFolder('server-trace');
		const repository = writeModels(folder);
		writeFileSync(path.join(repository, 'echo/1/model.py'), annotatedModel);
		const port = await findFreePort();
		const client = new ServerClient(readServerUrl(`127.0.0.1:${port}`, '--http-url'));
		const url = new URL('v2/models/both/infer', client.url);
		const drive = async (): Promise<void> => {
			for (let count = 0; count < 5; count++) {
				const body = JSON.stringify({inputs: [input]});
				expect((await fetch(url, {method: 'POST', body})).status).toBe(200);
			}
		};
		const out = path.join(folder, 'out');
		await using room = new ServerRoom();
		const trace = await traceServer(
			{
				...{nsys: nsys.path, env: process.env, client, drive, folder: out},
				...{model: 'both', timeoutMs: 60_000, stop: new StopSwitch()},
				command: serverCommand(repository, port),
			},
			room,
		);
		expect(trace.report).toBe(path.join(out, 'report.nsys-rep'));
		const rows = [...trace.models.rows].map((row) => row.slice(0, 3));
		// Its process tells whose a range is: no name does.
		expect(rows).toEqual([
			['echo', '(computing)', 5],
			['echo', 'scale', 5],
		]);
		const [computing, scale] = [...trace.models.rows].map((row) => Number(row[3]));
		expect(scale).toBeGreaterThan(5 * 2e6);
		expect(scale).toBeLessThan(computing ?? 0);
		expect(readFileSync(path.join(out, 'ranges.csv'), 'utf8')).toContain('scale');
		expect([...trace.kernels.rows]).toEqual([]);
		expect(existsSync(path.join(out, 'report.sqlite'))).toBe(false);
		expect(processesWith(`--http-port\0${port}`)).toEqual([]);
	});
});
