/** A real Triton server for contract tests, with Python models that give back what they get. Absent: tests skip aloud. */

import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import {projectRoot, temporaryFolder} from './command.ts';

export const tritonServer = path.join(projectRoot, '.tools/triton/bin/tritonserver');

export const hasTriton = existsSync(tritonServer);

export const perfAnalyzer = path.join(projectRoot, '.tools/triton/bin/perf_analyzer');

/** Whether a real server can be measured here. */
export const canSweep = hasTriton && existsSync(perfAnalyzer);

export const noTriton = 'no Triton server on this machine: `npm run triton` fetches one';

/** The system's choice; another program may take it in between, which it rarely does. */
export const findFreePort = async (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() =>
				typeof address === 'object' && address !== null
					? resolve(address.port)
					: reject(new Error('no port')),
			);
		});
	});

const tensors = `max_batch_size: 0
input [ { name: "in" data_type: TYPE_FP32 dims: [ 1 ] } ]
output [ { name: "out" data_type: TYPE_FP32 dims: [ 1 ] } ]
`;

/** A comment that must come through, and a count that must not change in the original. */
export const echoConfig = `# gives back what it gets
backend: "python"
${tensors}instance_group [
  {
    count: 1   # one
    kind: KIND_CPU
  }
]
`;

const ensembleConfig = `platform: "ensemble"
${tensors}ensemble_scheduling {
  step [ { model_name: "echo" model_version: -1 input_map { key: "in" value: "in" } output_map { key: "out" value: "out" } } ]
}
`;

const echoModel = `import os

import numpy
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def execute(self, requests):
        if os.path.exists(os.path.join(os.path.dirname(__file__), "die")):
            os.kill(os.getppid(), 9)
        values = [pb_utils.get_input_tensor_by_name(request, "in").as_numpy() for request in requests]
        return [pb_utils.InferenceResponse([pb_utils.Tensor("out", numpy.asarray(value))]) for value in values]
`;

/** Models "echo" and "both", an ensemble of echo alone. @returns the repository's folder */
export const writeModels = (folder: string): string => {
	const repository = path.join(folder, 'models');
	mkdirSync(path.join(repository, 'echo/1'), {recursive: true});
	mkdirSync(path.join(repository, 'both/1'), {recursive: true});
	writeFileSync(path.join(repository, 'echo/config.pbtxt'), echoConfig);
	writeFileSync(path.join(repository, 'echo/1/model.py'), echoModel);
	writeFileSync(path.join(repository, 'both/config.pbtxt'), ensembleConfig);
	return repository;
};

/** HTTP on this port, and nothing else. */
export const serverCommand = (repository: string, port: number, ...more: string[]): string[] => [
	tritonServer,
	'--model-repository',
	repository,
	...['--http-address', '127.0.0.1', '--http-port', String(port)],
	...['--allow-grpc', 'false', '--allow-metrics', 'false', '--exit-timeout-secs', '2'],
	...more,
];

/** What a command needs that starts a server of its own. */
export interface PreparedServer {
	/** The models' folder (writeModels). */
	readonly repository: string;
	readonly port: number;
	/** Where results go: a folder that is not there yet. */
	readonly out: string;
	/** A short measurement of "both" on that port, written there. */
	readonly options: readonly string[];
	/** In the server's command line as /proc shows it, and in no other. */
	readonly mark: string;
}

/** @param name of the temporary folder that all is in */
export const prepareServer = async (name: string): Promise<PreparedServer> => {
	const folder = temporaryFolder(name);
	const repository = writeModels(folder);
	const port = await findFreePort();
	const out = path.join(folder, 'out');
	return {
		repository,
		port,
		out,
		options: ['-m', 'both', '-p', '200', '-s', '10000', '-u', `127.0.0.1:${port}`, '-o', out],
		mark: `--http-port\0${port}`,
	};
};
