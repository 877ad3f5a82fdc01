import {readlinkSync} from 'node:fs';
import {threadId} from 'node:worker_threads';

/**
 * The calling thread's id as the operating system and the profilers count it. Linux says it without a native call; the
 * main thread's is the process's own. Where /proc is missing, worker thread n gets the process's id plus n: distinct
 * within the process, which is all that a recording needs.
 */
export const readThreadId = (): number => {
	try {
		return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
	} catch {
		return process.pid + threadId;
	}
};
