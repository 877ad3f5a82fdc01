/** `benchmark ranges`: what `nsys stats` tells of NVTX push/pop ranges, complete and fast, from reports and exports. */

import path from 'node:path';
import {expectGpuRows} from '../nsys-parsers/gpu-rows-thread.ts';
import type {Command} from './command.ts';
import {isExport} from './trace-files.ts';

/** The thread that a large export needs starts while the rest of the command is being loaded. */
export const rangesCommand: Command = async (argv, terminal, context) => {
	const first = argv.find(isExport);
	if (first !== undefined) {
		expectGpuRows(path.resolve(context.cwd, first));
	}

	const {printRanges} = await import('./print-ranges.ts');
	return printRanges(argv, terminal, context);
};
