#!/usr/bin/env bash
# Serves the sample's models on this machine, until it is stopped: HTTP on port 8000, gRPC on 8001, metrics on 8002.
#
#   samples/triton/serve.sh [tritonserver's options]
#
# TRITONSERVER names another server than that of `npm run triton`. Models can be reloaded, as
# `benchmark triton instances` does.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server=${TRITONSERVER:-$here/../../.tools/triton/bin/tritonserver}
if ! command -v "$server" >/dev/null; then
	printf '%s\n' "There is no $server." "npm run triton fetches one; TRITONSERVER names another." >&2
	exit 3
fi

# One thread for each copy's arithmetic: copies that share cores would be measured, not models.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
exec "$server" --model-repository "$here/models" --model-control-mode explicit --load-model '*' \
	--http-address 127.0.0.1 --grpc-address 127.0.0.1 --metrics-address 127.0.0.1 \
	--log-verbose 0 --exit-timeout-secs 5 "$@"
