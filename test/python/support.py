"""What the tests share: objects to test, a sink that remembers, programs in their own processes."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
from types import SimpleNamespace
from unittest import mock

LIBRARY = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../annotations/python"))
if LIBRARY not in sys.path:
    sys.path.insert(0, LIBRARY)

from perf_utils import CvCudaPerf  # noqa: E402

WORKER_VARIABLES = (
    "BENCHMARK_PY",
    "BENCHMARK_OUTPUT_DIR",
    "BENCHMARK_RECORDING",
    "BENCHMARK_PROGRESS",
    "BENCHMARK_SYNC",
    "BENCHMARK_SYNC_TIMEOUT",
    "NVTX_INJECTION64_PATH",
)


class RememberingSink:
    """Events in order: ("begin", name, marks), ("end", marks), ("mark", text)."""

    def __init__(self):
        self.events = []

    def begin(self, name, color, domain, category, marks):
        self.events.append(("begin", name, list(marks)))
        return name

    def end(self, token, domain, marks):
        self.events.append(("end", token, list(marks)))

    def mark(self, text):
        self.events.append(("mark", text))


class AnnotationTest(unittest.TestCase):
    """A folder of its own and an environment without a worker's variables."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        cleared = mock.patch.dict(os.environ)
        cleared.start()
        self.addCleanup(cleared.stop)
        for name in WORKER_VARIABLES:
            os.environ.pop(name, None)

    def make_perf(self, benchmarking=True, sink=None, **arguments):
        if benchmarking:
            os.environ["BENCHMARK_PY"] = "1"
        with mock.patch("perf_utils.perf.process_sink", lambda: sink):
            args = SimpleNamespace(device_id=0, output_dir=self.folder, **arguments)
            return CvCudaPerf("object", default_args=args)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def placeholder(self):
        with open(self.path("benchmark.json"), encoding="utf-8") as file:
            return json.load(file)


def start_program(source, environment=None, arguments=()):
    """Python source in a process of its own, with make_perf() ready to make an object."""
    prelude = textwrap.dedent(
        """
        import os, sys
        from types import SimpleNamespace
        from perf_utils import CvCudaPerf
        def make_perf(name="object"):
            folder = os.environ.get("BENCHMARK_OUTPUT_DIR", ".")
            return CvCudaPerf(name, SimpleNamespace(device_id=0, output_dir=folder))
        """
    )
    variables = {key: value for key, value in os.environ.items() if key not in WORKER_VARIABLES}
    variables.update(environment or {}, PYTHONPATH=LIBRARY, PYTHONDONTWRITEBYTECODE="1")
    return subprocess.Popen(
        [sys.executable, "-c", prelude + textwrap.dedent(source), *arguments],
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )


def run_program(source, environment=None):
    """(exit code, stdout, stderr)"""
    process = start_program(source, environment)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err
