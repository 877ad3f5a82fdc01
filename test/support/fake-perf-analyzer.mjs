#!/usr/bin/env node
// A perf_analyzer for what the real one does not do on demand: it dies, hangs, prints nonsense, or varies. Its numbers are
// made up; its files have perf_analyzer's form. FAKE_FAULTS: {"<load>": "die" | "hang" | "garbage" | "silent" | "cut" |
// "varies"}; FAKE_LOG: a file that gets a line for each measurement.
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs';

const say = (text) => process.stdout.write(`${text}\n`);
const complain = (text) => process.stderr.write(`${text}\n`);
const argv = process.argv.slice(2);
const valueOf = (name) => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined);

if (argv.includes('--warmup-request-count') && process.env.FAKE_OLD === '1') {
	complain("Error: Invalid long option '--warmup-request-count'");
	process.exit(99);
}

if (argv.includes('--version')) {
	complain('Perf Analyzer Version 2.51.0 (commit fake)');
	process.exit(0);
}

const load = Number(valueOf('--concurrency-range') ?? valueOf('--request-rate-range') ?? 1);
const faults = JSON.parse(process.env.FAKE_FAULTS ?? '{}');
const calls = process.env.FAKE_LOG;
let fault = faults[load];
if (calls !== undefined) {
	appendFileSync(calls, `${load} ${argv.join(' ')}\n`);
	const earlier = readFileSync(calls, 'utf8')
		.split('\n')
		.filter((line) => line.startsWith(`${load} `));
	if (fault === 'varies-once') fault = earlier.length > 1 ? undefined : 'varies';
}

say(`*** Measurement Settings ***\n  Batch size: ${valueOf('-b')}\n  Service Kind: TRITON\n`);
say(`Request concurrency: ${load}`);
if (fault === 'die') {
	complain(
		'Failed to maintain requested inference load. Worker thread(s) failed to generate concurrent requests.',
	);
	complain('Thread [0] had error: the model said no');
	process.exit(99);
} else if (fault === 'hang') {
	process.on('SIGINT', () => complain('Interrupt signal (2) received.'));
	setInterval(() => undefined, 1000);
} else if (fault === 'kill') {
	process.kill(process.pid, 'SIGKILL');
} else if (fault === 'garbage') {
	say('\u0000\u001b[2J{"experiments":[[[[ p50 latency: many usec');
	writeFileSync(
		'export.json',
		'{"experiments":[{"experiment":{"mode":7,"value":{}},"requests":"none"}]',
	);
	writeFileSync('perf.csv', 'Concurrency,Inferences/Second\n,,,\nx');
} else if (fault === 'silent') {
	// As the Python package's wrapper: all is well, and nothing is there.
} else {
	measure();
}

// Ten requests a window and three windows, of which the last can be twice as slow.
function measure() {
	const base = 1_795_286_208_903_385_249n;
	const requests = [];
	const bounds = [base];
	let at = base;
	for (let window = 0; window < 3; window++) {
		const each = BigInt(fault === 'varies' && window === 2 ? 20_000_000 : 10_000_000 + window);
		for (let request = 0; request < 10; request++) {
			requests.push(
				`{"timestamp":${at},"request_inputs":{"in":[${'0.5,'.repeat(20)}1.5]},"response_timestamps":[${at + each}],"response_outputs":[{"out":[1.5]}]}`,
			);
			at += each;
		}
		bounds.push(at);
	}
	say('  Client: \n    Request count: 30\n    Throughput: 100 infer/sec');
	const text = `{"experiments":[{"experiment":{"mode":"concurrency","value":${load}},"requests":[${requests.join(',')}],"window_boundaries":[${bounds.join(',')}]}],"version":"2.51.0","service_kind":"triton","endpoint":""}`;
	writeFileSync(
		valueOf('--profile-export-file'),
		fault === 'cut' ? text.slice(0, text.length / 2) : text,
	);
	writeFileSync(
		valueOf('-f'),
		`Concurrency,Inferences/Second,Client Send,p50 latency\n${load},100,5,10000\n`,
	);
}
