#!/usr/bin/env bash
# Sets up perf_analyzer and a Triton server without root, GPU or container, from Python packages, in a virtual environment
# of this project.
#
#   scripts/get-triton.sh [DEST]
#
#   DEST    default: .tools/triton beside this project's package.json; afterwards DEST/bin/perf_analyzer and
#           DEST/bin/tritonserver work. No blanks and ASCII only: Triton's Python backend takes no other path
#   PYTHON  the Python to use (3.8 to 3.12, since numpy below 2 has no wheel for 3.13); default: the first that works
#
# About 70 MB come over the network through pip. The server is the one inside the package nvidia-pytriton: with the Python
# backend and ensembles, without those of TensorRT, ONNX or PyTorch. perf_analyzer is the newest one that runs here: the
# package perf-analyzer needs glibc 2.38, the one inside tritonclient 2.51.0 needs 2.34.
# Running it again does nothing when both already work.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# perf-analyzer below 2 is an empty placeholder, which pip falls back to where the real one does not fit.
analyzers=('perf-analyzer>=2' 'tritonclient==2.51.0')

say() { printf '%s\n' "$*" >&2; }
fail() {
	say "get-triton: $1"
	shift
	for line in "$@"; do say "  $line"; done
	exit 1
}

# --- Do they work? A server that loads a Python model and answers, and a perf_analyzer that tells its version. ------------

write_trial_model() {
	mkdir -p "$1/trial/1"
	cat >"$1/trial/config.pbtxt" <<'PBTXT'
backend: "python"
max_batch_size: 0
input [ { name: "in" data_type: TYPE_FP32 dims: [ 1 ] } ]
output [ { name: "out" data_type: TYPE_FP32 dims: [ 1 ] } ]
instance_group [ { kind: KIND_CPU } ]
PBTXT
	cat >"$1/trial/1/model.py" <<'MODEL'
import triton_python_backend_utils as pb_utils


class TritonPythonModel:
    def execute(self, requests):
        values = [pb_utils.get_input_tensor_by_name(request, "in").as_numpy() for request in requests]
        return [pb_utils.InferenceResponse([pb_utils.Tensor("out", value)]) for value in values]
MODEL
}

analyzer_works() { timeout 20 "$1" --version 2>&1 | grep -q 'Perf Analyzer Version'; }

# All ports but one are off: that one is the system's choice, and is read from the log.
server_works() {
	local server=$1 trial ok=no pid
	trial=$(mktemp -d "${TMPDIR:-/tmp}/triton-trial.XXXXXX")
	write_trial_model "$trial/models"
	"$server" --model-repository "$trial/models" --allow-http false --allow-grpc false --allow-metrics false \
		--exit-timeout-secs 1 >"$trial/words" 2>&1 &
	pid=$!
	for _ in $(seq 60); do
		if grep -qE '\| trial +\| 1 +\| READY' "$trial/words"; then ok=yes && break; fi
		if ! kill -0 "$pid" 2>/dev/null; then break; fi
		sleep 0.5
	done
	kill "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	[ "$ok" = yes ] || grep -iE 'error|failed|unable|UNAVAILABLE' "$trial/words" | tail -n 5 >&2 || true
	rm -rf "$trial"
	[ "$ok" = yes ]
}

works() { [ -x "$1/bin/perf_analyzer" ] && analyzer_works "$1/bin/perf_analyzer" && server_works "$1/bin/tritonserver"; }

# --- The parts. ----------------------------------------------------------------------------------------------------------

# The ELF file that is really run, with the folders of the libraries that its package does not bring.
write_launcher() {
	local file=$1
	shift
	mkdir -p "$(dirname "$file")"
	{
		printf '%s\n' '#!/bin/sh' '# Made by scripts/get-triton.sh.' \
			'here=$(CDPATH="" cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)' "$@"
	} >"$file"
	chmod +x "$file"
}

# Libraries of the system that the stub needs and does not find, with those of the packages in its path.
list_missing() {
	LD_LIBRARY_PATH="$(echo "$1"/venv/lib/python*/site-packages/nvidia_pytriton.libs)" \
		ldd "$1/backends/python/triton_python_backend_stub" 2>/dev/null | awk '/not found/ {print $1}' | head -n 1
}

site_packages() { "$1/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])'; }

# A Python model runs in a stub, made for one version of Python, with that version's shared library.
assemble_server() {
	local root=$1 packages version libraries
	packages=$(site_packages "$root")
	version=$("$root/venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
	libraries=$("$root/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR") or "")')
	[ -e "$packages/pytriton/tritonserver/python_backend_stubs/$version" ] || return 1
	mkdir -p "$root/backends/python"
	cp -r "$packages"/pytriton/tritonserver/backends/python/* "$root/backends/python/"
	cp "$packages/pytriton/tritonserver/python_backend_stubs/$version/triton_python_backend_stub" "$root/backends/python/"
	chmod +x "$root/backends/python/triton_python_backend_stub" "$packages/pytriton/tritonserver/bin/tritonserver"
	write_launcher "$root/bin/tritonserver" \
		"packages=\$here/${packages#"$root/"}" \
		'export PATH="$here/venv/bin:$PATH" PYTHONPATH="$packages${PYTHONPATH:+:$PYTHONPATH}"' \
		"export LD_LIBRARY_PATH=\"\$packages/nvidia_pytriton.libs:$libraries\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}\"" \
		'exec "$packages/pytriton/tritonserver/bin/tritonserver" --backend-directory "$here/backends" "$@"'
}

# Older ones are linked with two libraries that the server's package has under other names.
link_libraries() {
	local root=$1 packages file name
	packages=$(site_packages "$root")
	mkdir -p "$root/lib"
	for name in libb64.so.0d libcudart.so.12; do
		file=$(find "$packages/nvidia_pytriton.libs" -name "${name%%.*}-*" | head -n 1)
		if [ -n "$file" ]; then ln -sfn "$(realpath -m --relative-to="$root/lib" "$file")" "$root/lib/$name"; fi
	done
}

assemble_analyzer() {
	local root=$1 wanted found
	link_libraries "$root"
	for wanted in "${analyzers[@]}"; do
		say "Fetching $wanted ..."
		rm -rf "$root/analyzer"
		"$root/venv/bin/python" -m pip install --quiet --no-deps --target "$root/analyzer" "$wanted" 2>"$root/words" || {
			say "  not for this system"
			continue
		}
		# Of what the package's tool folder has, the program itself and not the wrapper, which drops exit codes.
		found=$(find "$root/analyzer" -name perf_analyzer -type f -size +1M | head -n 1)
		[ -n "$found" ] || continue
		chmod +x "$found"
		write_launcher "$root/bin/perf_analyzer" \
			'export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"' \
			"exec \"\$here/${found#"$root/"}\" \"\$@\""
		if analyzer_works "$root/bin/perf_analyzer"; then return 0; fi
		"$root/bin/perf_analyzer" --version 2>&1 | head -n 2 >&2 || true
	done
	return 1
}

# --- The steps. ----------------------------------------------------------------------------------------------------------

if [ $# -gt 1 ] || [[ ${1:-} == -* ]]; then
	fail "usage: get-triton.sh [DEST]"
fi

dest=${1:-$project/.tools/triton}
# The backend splits its stub's command line at blanks (it aborts with "stol"), and the Python inside reads paths as ASCII.
case $(realpath -m -- "$dest") in
*[!A-Za-z0-9_.,:+@%=/~-]*)
	fail "Triton's Python backend does not start below $(realpath -m -- "$dest")" \
		"Its path may have ASCII letters and digits only, and no blanks. Another folder: npm run triton -- /opt/triton" \
		"(then TRITONSERVER=/opt/triton/bin/tritonserver and PERF_ANALYZER=/opt/triton/bin/perf_analyzer)."
	;;
esac

if works "$dest" 2>/dev/null; then
	say "Both are already there: $dest/bin/perf_analyzer and $dest/bin/tritonserver"
	exit 0
fi

[ "$(uname -s)" = Linux ] || fail "Triton runs on Linux only." \
	"Measure a server elsewhere from here: benchmark triton sweep -u HOST:8000 needs perf_analyzer alone, in a container."
if [ -e "$dest" ] && [ -n "$(ls -A "$dest")" ] && [ ! -e "$dest/venv" ]; then
	fail "$dest exists and holds something else."
fi

# Virtual environments cannot be moved: it is made where it stays.
rm -rf "$dest"
mkdir -p "$dest"
dest=$(cd "$dest" && pwd)
trap 'exit 130' INT TERM HUP
finished=no
trap '[ "$finished" = yes ] || rm -rf "$dest"' EXIT

# With numpy 2 the server's tensors come out empty; its package asks for numpy below 2, too. protobuf is for a test:
# what it makes of a model's configuration, ours must make of it.
for python in ${PYTHON:+"$PYTHON"} $([ -n "${PYTHON:-}" ] || echo python3 python3.12 python3.11 python3.10); do
	# pyenv leaves commands behind that only say which versions there are.
	version=$("$python" --version 2>/dev/null) || {
		[ -z "${PYTHON:-}" ] || say "  $python does not run"
		continue
	}
	rm -rf "${dest:?}"/*
	say "Fetching the server with $version ..."
	"$python" -m venv "$dest/venv" >"$dest/words" 2>&1 &&
		"$dest/venv/bin/python" -m pip install --quiet --no-deps nvidia-pytriton >"$dest/words" 2>&1 &&
		"$dest/venv/bin/python" -m pip install --quiet --only-binary :all: 'numpy<2' protobuf >"$dest/words" 2>&1 || {
		tail -n 3 "$dest/words" >&2
		continue
	}
	if assemble_server "$dest" && server_works "$dest/bin/tritonserver"; then
		server=yes
		break
	fi
	missing=$(list_missing "$dest")
	say "  it does not run with $python${missing:+: it needs $missing (apt install ${missing%%.so*})}"
done
[ "${server:-no}" = yes ] || fail "no Triton server that runs here could be set up." \
	"It needs glibc 2.35 and a Python of 3.8 to 3.12 with venv, pip and its shared library." \
	"Another Python: PYTHON=python3.11 npm run triton. Or run NVIDIA's container of Triton and give its address with -u."

assemble_analyzer "$dest" || fail "no perf_analyzer runs here: of ${analyzers[*]}, none." \
	"NVIDIA's SDK container of Triton has one; --perf-analyzer names it."
rm -f "$dest/words"
finished=yes
say "Triton server  $dest/bin/tritonserver"
say "perf_analyzer  $dest/bin/perf_analyzer ($("$dest/bin/perf_analyzer" --version 2>&1 | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1))"
