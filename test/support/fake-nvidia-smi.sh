#!/bin/sh
# Stands for nvidia-smi where there is no GPU, with what others have recorded (fake-smi.ts). $FAKE_SMI is a folder:
#
#   values        a line per field that this driver knows: its name, then its value on each GPU, parted by tabs
#   help          what --help-query-gpu prints
#   list, table, topo, apps   what -L, no question, topo -m and --query-compute-apps print
#   down          instead of any answer: this text, and exit code 9, as without a driver
#   loop.N        what the Nth -lms does, line by line and at once; then it is silent until it is ended:
#                   row TIME [FIELD=VALUE]...   a line per GPU, as at that time
#                   say TEXT                    a line that is no row
#                   part TEXT                   the same without a line end
#                   deaf                        SIGTERM is not heard from here on
#                   die CODE                    it ends
#                   busy                        rows without end, until nobody reads them
#                   live                        a line per GPU at each interval, as of now, with what the file `now` says at
#                                               that moment ([FIELD=VALUE] ~ ...); the file `ticks` grows by a byte each time
#   hang          where it is, no answer comes
#   live          where it is, every answer is of now
#   asked         grows by a line per call: what was asked
set -u
dir=$FAKE_SMI
echo "$*" >>"$dir/asked"
if [ -e "$dir/down" ]; then
	cat "$dir/down"
	exit 9
fi

[ -e "$dir/hang" ] && exec sleep 1000

question=table
query=
loop=
while [ $# -gt 0 ]; do
	case $1 in
	--query-gpu=*) question=query query=${1#--query-gpu=} ;;
	--query-compute-apps=*) question=apps ;;
	--help-query-gpu) question=help ;;
	-L) question=list ;;
	topo) question=topo ;;
	-lms) loop=$2 && shift ;;
	-i) shift ;;
	esac
	shift
done

if [ "$question" != query ]; then
	cat "$dir/$question" 2>/dev/null
	exit 0
fi

# $1 time, the rest FIELD=VALUE. Exit code 2 and the tool's own words for a field that is not known.
print_rows() {
	awk -F '\t' -v query="$query" -v overrides="$*" '
		{ known[$1] = 1; gpus = NF - 1; for (i = 2; i <= NF; i++) value[$1, i - 1] = $i }
		END {
			count = split(overrides, parts, " ~ ")
			for (i = 2; i <= count; i++) {
				at = index(parts[i], "=")
				override[substr(parts[i], 1, at - 1)] = substr(parts[i], at + 1)
			}
			if (parts[1] != "") override["timestamp"] = parts[1]
			fields = split(query, field, ",")
			for (f = 1; f <= fields; f++) if (!(field[f] in known)) {
				printf "Field \"%s\" is not a valid field to query.\n\n", field[f]
				exit 2
			}
			for (g = 1; g <= gpus; g++) {
				line = ""
				for (f = 1; f <= fields; f++) {
					cell = field[f] in override ? override[field[f]] : value[field[f], g]
					line = line (f > 1 ? ", " : "") cell
				}
				print line
			}
		}' "$dir/values"
}

read_clock() {
	date -u '+%Y/%m/%d %H:%M:%S.%3N'
}

if [ -z "$loop" ]; then
	if [ -e "$dir/live" ]; then print_rows "$(read_clock)"; else print_rows ""; fi
	exit
fi

turn=$(grep -c -- ' -lms ' "$dir/asked")
[ -e "$dir/loop.$turn" ] || exit 3
while read -r word rest; do
	case $word in
	row) print_rows "$rest" ;;
	say) echo "$rest" ;;
	part) printf %s "$rest" ;;
	deaf) trap '' TERM ;;
	die) exit "$rest" ;;
	busy) while echo "$rest"; do :; done ;;
	live)
		while print_rows "$(read_clock) ~ $(cat "$dir/now" 2>/dev/null)"; do
			printf . >>"$dir/ticks"
			sleep "$(awk "BEGIN {print $loop / 1000}")"
		done
		exit
		;;
	esac
done <"$dir/loop.$turn"
exec sleep 1000
