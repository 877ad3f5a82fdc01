import type {WorkerChild} from './spawn-worker.ts';
import type {WorkerMarks} from './worker-processes.ts';
import {readShimPid} from './worker-scratch.ts';
import type {WorkerTask} from './worker-task.ts';

/** By what the processes of a worker are known at this moment: the shim's pid comes with its start. */
export const marksOf = (task: WorkerTask, child: WorkerChild): WorkerMarks => ({
	token: task.token,
	session: readShimPid(task.scratch),
	seen: task.seenPids,
	profiler: task.profiler.kind === 'nsys' ? {pid: child.pid, folders: task.nsysFolders} : null,
});
