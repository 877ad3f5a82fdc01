#!/usr/bin/env node
import {main} from './main.ts';

// `benchmark ... | head` closes the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') {
		throw error;
	}
});

process.exitCode = await main(process.argv.slice(2), {out: process.stdout, err: process.stderr});
