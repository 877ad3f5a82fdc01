/**
 * Cleans up after a launcher that cannot: killed by SIGKILL, or by the machine for want of memory. A shell waits at the
 * end of a pipe whose other end only we hold. The word "done" sends it home; an end of the pipe without a word means that
 * we are gone, and it kills whatever carries the run's token and removes its temporary files (nsys-leftovers.ts names them).
 */

import {execa} from 'execa';
import {workerEnvironment} from '../base/annotation-protocol.ts';

/** $1 variable, $2 token of the run, $3 its temporary folder, empty where there is none. Its own environment carries no token. */
const script = `
read -r word && exit 0
for round in 1 2 3 4 5; do
	found=
	for file in $(grep -lzs -- "^$1=$2\\." /proc/[0-9]*/environ); do
		pid=\${file#/proc/}
		pid=\${pid%/environ}
		sed -n 's|.* \\(/dev/shm/triton_python_backend_shm_region_[^ ]*\\)$|\\1|p' "/proc/$pid/maps" 2>/dev/null |
			while read -r region; do rm -f "$region"; done
		kill -9 "$pid" 2>/dev/null && found=yes
		rm -f "/dev/shm/sem.NSys-process_waiter-$pid-"* "/dev/shm/sem.nsys_sem_$pid" "/dev/shm/quadd-agent-instance-$pid"
	done
	[ -n "$found" ] || break
	sleep 0.2
done
[ -z "$3" ] || rm -rf -- "$3"
`;

export interface Reaper {
	/** We have cleaned up ourselves. Resolves when it is gone. */
	dismiss(): Promise<void>;
}

/** @param scratch empty: there is no temporary folder */
export const startReaper = (runToken: string, scratch: string): Reaper => {
	const child = execa('/bin/sh', ['-c', script, 'sh', workerEnvironment.token, runToken, scratch], {
		detached: true,
		cleanup: false,
		reject: false,
		stdio: ['pipe', 'ignore', 'ignore'],
	});
	// It may die before us, by a hand that meant well: then there is no one to dismiss.
	child.stdin.on('error', () => undefined);
	return {
		dismiss: async () => {
			child.stdin.end('done\n');
			await child;
		},
	};
};
