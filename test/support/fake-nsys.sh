#!/bin/sh
# Stands for nsys where a fault is wanted that the real one shows only by bad luck. FAKE_NSYS names the fault; without one
# it does what a good nsys does: its program in a session of its own, an agent beside it, and a report at the end.
#
#   crash-at-start          says something, exits 1
#   agent-lost              exits 0 without having run the program
#   agent-lost-once         the first time only
#   hang-at-start           neither ends nor runs the program; leaves an agent
#   bad-arguments           prints its usage, exits 1
#   hang-at-end             the program ends, then nothing more
#   no-importer             exits 0, leaves only a .qdstrm
#   no-report               exits 0, leaves nothing
#   empty-report            exits 0, leaves a report of 0 bytes
#   disk-full               the report does not fit
#   die                     killed while the program runs
fault=${FAKE_NSYS:-}
case $1 in
--version)
	echo "NVIDIA Nsight Systems version ${FAKE_NSYS_VERSION:-2099.1.1.1-0}"
	exit 0
	;;
esac

while [ $# -gt 0 ]; do
	case $1 in
	--output=*) report=${1#--output=} ;;
	/bin/sh) break ;;
	esac
	shift
done

case $fault in
crash-at-start)
	echo "Agent launcher failed."
	exit 1
	;;
agent-lost) exit 0 ;;
agent-lost-once)
	if [ ! -e "$report.lost" ]; then
		touch "$report.lost"
		exit 0
	fi
	;;
hang-at-start)
	setsid sleep 1000 &
	sleep 1000
	;;
bad-arguments)
	echo "unrecognised option '--nonsense'"
	echo
	echo "usage: nsys profile [<args>] [application] [<application args>]"
	exit 1
	;;
esac

# --wait: setsid forks where it would lead no new session.
setsid --wait "$@" &
program=$!
case $fault in
die)
	while [ ! -e "${FAKE_NSYS_MARK:?}" ]; do sleep 0.02; done
	kill -KILL $$
	;;
esac

wait "$program"
status=$?
case $fault in
hang-at-end) sleep 1000 ;;
no-importer) echo streamed >"$report.qdstrm"; exit 0 ;;
no-report) exit 0 ;;
empty-report) : >"$report.nsys-rep"; exit 0 ;;
disk-full)
	echo "Failed to write: No space left on device"
	exit 1
	;;
esac

echo "Generated: $report.nsys-rep"
printf 'NVIDIA Tegra Profiler Report 2099@1@1@1-0.[END]' >"$report.nsys-rep"
exit "$status"
