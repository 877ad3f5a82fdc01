#!/usr/bin/env node
import {ExitCode, systemCodeOf} from '../base/errors.ts';
import {main} from './main.ts';

/** Whoever read it has gone: `benchmark ... | head`, a closed terminal. A run goes on and keeps its results. */
const readerIsGone = (error: unknown): boolean =>
	['EPIPE', 'EIO', 'ECONNRESET'].includes(systemCodeOf(error) ?? '');

let stdoutFailed = false;
process.stdout.on('error', (error) => {
	stdoutFailed ||= !readerIsGone(error);
});
// There is nobody left to tell.
process.stderr.on('error', () => undefined);

const exitCode = await main(process.argv.slice(2), {out: process.stdout, err: process.stderr});
process.on('exit', () => {
	process.exitCode = exitCode === ExitCode.done && stdoutFailed ? ExitCode.toolFailed : exitCode;
});
