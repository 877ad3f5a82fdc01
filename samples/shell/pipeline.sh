#!/bin/sh
# Two Python programs side by side, as a shell script starts them. Their ranges and batches count as this script's own.
# Usage: pipeline.sh [batches]

set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=${PYTHON:-python3}
batches=${1:-5}

"$python" "$here/../python/cpu_stage.py" compress --batches "$batches" &
compress=$!
status=0
"$python" "$here/../python/cpu_stage.py" checksum --batches "$batches" || status=$?
wait "$compress" || status=$?
exit "$status"
