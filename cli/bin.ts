#!/usr/bin/env node
import {ExitCode, systemCodeOf} from '../base/errors.ts';
import {main} from './main.ts';

/** Whoever read it has gone: `benchmark ... | head`, a closed terminal. A run goes on and keeps its results. */
const readerIsGone = (error: unknown): boolean =>
	['EPIPE', 'EIO', 'ECONNRESET'].includes(systemCodeOf(error) ?? '');

let stdoutFailed = false;
process.stdout.on('error', (error: Error) => {
	if (!stdoutFailed && !readerIsGone(error)) {
		stdoutFailed = true;
		process.stderr.write(`error: the results cannot be written: ${error.message}\n`);
	}
});
// There is nobody left to tell.
process.stderr.on('error', () => undefined);

const exitCode = await main(process.argv.slice(2), {out: process.stdout, err: process.stderr});
process.on('exit', () => {
	process.exitCode = exitCode === ExitCode.done && stdoutFailed ? ExitCode.toolFailed : exitCode;
});
