"""What perf_utils costs a program: one range, in nanoseconds, with nobody listening, in a benchmark,
with the built-in recorder, and under nsys ($NSYS or nsys on the PATH).

Run alone: python3 bench/python-annotation-overhead.py
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "annotations", "python"))

ROUNDS, CALLS = 15, 2000


def best_of(call):
    """The quickest round: what the calls cost without what else the machine does."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter_ns()
        for _ in range(CALLS):
            call()
        best = min(best, (time.perf_counter_ns() - start) / CALLS)
    return best


def measure():
    from perf_utils import CvCudaPerf

    perf = CvCudaPerf("overhead", SimpleNamespace(device_id=0, output_dir=tempfile.gettempdir()))

    def push_and_pop():
        perf.push_range("stage")
        perf.pop_range()

    def block():
        with perf.range("stage"):
            pass

    def batch():
        perf.push_range("batch", batch_idx=7)
        perf.pop_range(total_items=4)

    @perf.annotate
    def function():
        pass

    perf.push_range("pipeline")
    ways = (push_and_pop, block, function, batch)
    print("".join("%12.0f" % best_of(way) for way in ways), flush=True)


def main():
    if sys.argv[1:] == ["measure"]:
        return measure()
    with tempfile.TemporaryDirectory() as folder:
        nsys = os.environ.get("NSYS") or shutil.which("nsys")
        quiet = ["profile", "-t", "nvtx", "-s", "none", "--cpuctxsw=none", "-o", folder + "/report"]
        modes = [
            ("nobody listens", [], {}),
            ("in a benchmark", [], {"BENCHMARK_PY": "1"}),
            ("built-in recorder", [], {"BENCHMARK_RECORDING": folder}),
        ]
        if nsys:
            modes.append(("under nsys", [nsys] + quiet, {}))
        print("%-20s%12s%12s%12s%12s   ns each" % ("", "push+pop", "block", "function", "batch"))
        for name, before, variables in modes:
            run = subprocess.run(
                before + [sys.executable, os.path.abspath(__file__), "measure"],
                env=dict(os.environ, TMPDIR=folder, **variables),
                stdout=subprocess.PIPE,
                universal_newlines=True,
                check=True,
            )
            print("%-20s%s" % (name, run.stdout.splitlines()[0]))


if __name__ == "__main__":
    main()
