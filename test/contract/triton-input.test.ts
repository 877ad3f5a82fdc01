/**
 * `benchmark triton input` against the real perf_analyzer and the real server: a model writes down what came in, and it must
 * be what went into the file, bit by bit. NumPy itself makes the .npy files.
 */

import {spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {ServerClient} from '../../perf-analyzer/server-client.ts';
import {projectRoot, temporaryFolder} from '../support/command.ts';
import {runTriton} from '../support/main-command.ts';
import {
	canSweep,
	findFreePort,
	noTriton,
	perfAnalyzer,
	serverCommand,
} from '../support/triton-server.ts';

const python = path.join(projectRoot, '.tools/triton/venv/bin/python');
const canRun = canSweep && existsSync(python);

const types = [
	['BOOL', '?'],
	['UINT8', 'u1'],
	['UINT16', 'u2'],
	['UINT32', 'u4'],
	['UINT64', 'u8'],
	['INT8', 'i1'],
	['INT16', 'i2'],
	['INT32', 'i4'],
	['INT64', 'i8'],
	['FP16', 'f2'],
	['FP32', 'f4'],
	['FP64', 'f8'],
] as const;

const nameOf = (type: string): string => `IN_${type}`;

const configType = (type: string): string => `TYPE_${type === 'BYTES' ? 'STRING' : type}`;

const config = `backend: "python"
max_batch_size: 0
input [ ${[...types.map(([type]) => type), 'BYTES', 'FIXED']
	.map((type) =>
		type === 'FIXED'
			? '{ name: "IN_FIXED" data_type: TYPE_FP32 dims: [ 2, 3 ] }'
			: `{ name: "${nameOf(type)}" data_type: ${configType(type)} dims: [ -1 ] }`,
	)
	.join(', ')} ]
output [ { name: "OUT" data_type: TYPE_FP32 dims: [ 1 ] } ]
instance_group [ { count: 1 kind: KIND_CPU } ]
`;

/** Writes the bytes of every input, once. */
const model = `import json
import os

import numpy
import triton_python_backend_utils as pb_utils

NAMES = ${JSON.stringify([...types.map(([type]) => nameOf(type)), 'IN_BYTES', 'IN_FIXED'])}


class TritonPythonModel:
    def execute(self, requests):
        answers = []
        for request in requests:
            seen = {}
            for name in NAMES:
                value = pb_utils.get_input_tensor_by_name(request, name).as_numpy()
                data = b"|".join(value.ravel().tolist()) if value.dtype == object else value.tobytes()
                seen[name] = [list(value.shape), data.hex()]
            with open(os.environ["SEEN_FILE"], "w") as file:
                json.dump(seen, file)
            out = pb_utils.Tensor("OUT", numpy.zeros(1, numpy.float32))
            answers.append(pb_utils.InferenceResponse([out]))
        return answers
`;

/** Extremes of each type, in both byte orders and both orders of the axes; and what NumPy says that their bytes are. */
const makeArrays = `import json
import sys

import numpy

folder = sys.argv[1]
expected = {}
for name, code in ${JSON.stringify(types)}:
    kind = numpy.dtype(code).kind
    if kind == "b":
        values = [True, False, True, True]
    elif kind == "f":
        limits = numpy.finfo(code)
        values = [0.0, -0.0, 1.0, 0.1, limits.max, limits.min, limits.tiny, 1 / 3]
    else:
        limits = numpy.iinfo(code)
        values = [limits.min, limits.max, 0, 1, limits.max - 1, 7]
    array = numpy.array(values, code)
    big = array.astype(array.dtype.newbyteorder(">"))
    numpy.save(f"{folder}/{name}.npy", big if name.endswith("64") else array)
    expected[f"IN_{name}"] = [list(array.shape), array.tobytes().hex()]
fixed = numpy.asfortranarray(numpy.arange(6, dtype="<f4").reshape(2, 3) / 7)
numpy.save(f"{folder}/FIXED.npy", fixed)
expected["IN_FIXED"] = [[2, 3], fixed.tobytes("C").hex()]
texts = numpy.array(["one", "zwölf", 'a "quoted" \\\\ text'])
numpy.save(f"{folder}/BYTES.npy", texts)
expected["IN_BYTES"] = [[3], b"|".join(text.encode() for text in texts).hex()]
print(json.dumps(expected))
`;

type Seen = Readonly<Record<string, readonly [readonly number[], string]>>;

/** @returns what the server got */
const sendThrough = (input: string, port: number, seen: string): Seen => {
	const sent = spawnSync(
		perfAnalyzer,
		['-m', 'seen', '-u', `127.0.0.1:${port}`, '--input-data', input, '--request-count', '2'],
		{encoding: 'utf8'},
	);
	expect(sent.stderr).not.toMatch(/error|unable|Failed/i);
	expect(sent.status).toBe(0);
	return JSON.parse(readFileSync(seen, 'utf8')) as Seen;
};

describe('what perf_analyzer sends', () => {
	let ready: string | undefined;
	beforeAll(() => {
		ready = canRun ? undefined : noTriton;
	});

	it('is what the arrays hold, as numbers and as bytes', {timeout: 120_000}, async (context) => {
		if (ready !== undefined) {
			context.skip(ready);
		}

		const folder = temporaryFolder('triton-input');
		const seen = path.join(folder, 'seen.json');
		mkdirSync(path.join(folder, 'models/seen/1'), {recursive: true});
		writeFileSync(path.join(folder, 'models/seen/config.pbtxt'), config);
		writeFileSync(path.join(folder, 'models/seen/1/model.py'), model);
		const made = spawnSync(python, ['-c', makeArrays, folder], {encoding: 'utf8'});
		expect(made.stderr).toBe('');
		const expected = JSON.parse(made.stdout) as Seen;
		const port = await findFreePort();
		const [command = '', ...rest] = serverCommand(path.join(folder, 'models'), port);
		const server = spawn(command, rest, {
			env: {...process.env, SEEN_FILE: seen},
			stdio: 'ignore',
		});
		const ended = new Promise((resolve) => server.on('close', resolve));
		try {
			const client = new ServerClient(new URL(`http://127.0.0.1:${port}/`));
			await expect.poll(() => client.isModelReady('seen'), {timeout: 60_000}).toBe(true);
			const tensors = [...types.map(([type]) => type), 'BYTES', 'FIXED'].flatMap((type) => [
				'--tensor',
				`${nameOf(type)}=@${type}.npy`,
			]);
			for (const more of [[], ['--base64']]) {
				const {exitCode, err} = await runTriton(
					[
						'input',
						...tensors,
						'--model',
						'seen',
						'-u',
						`127.0.0.1:${port}`,
						'-o',
						'in.json',
						...more,
					],
					folder,
				);
				expect([exitCode, err]).toEqual([0, expect.stringContaining('1 step of')]);
				expect(sendThrough(path.join(folder, 'in.json'), port, seen)).toEqual(expected);
			}

			const random = await runTriton(
				[
					'input',
					'--model',
					'seen',
					'-u',
					`127.0.0.1:${port}`,
					'--dynamic',
					'4',
					'-o',
					'random.json',
				],
				folder,
			);
			expect(random.exitCode).toBe(0);
			const drawn = sendThrough(path.join(folder, 'random.json'), port, seen);
			expect(drawn['IN_INT64']?.[0]).toEqual([4]);
			expect(drawn['IN_FIXED']?.[0]).toEqual([2, 3]);
		} finally {
			server.kill('SIGTERM');
			await ended;
		}
	});
});
