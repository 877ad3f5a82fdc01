"""What the launcher, the parsers and this library agree on: base/annotation-protocol.ts in Python.

A test compares the two. Marks are instant NVTX events in a domain of their own; each is one JSON
object and speaks of the innermost range that is open on its thread, except `meta`, which speaks of
the process, and `sync`, which speaks of the time before it.
"""

from __future__ import annotations

import json
from typing import Any, Dict, Union

ANNOTATION_DOMAIN = "nsys-benchmark"

# nsys drops a mark of 64 KiB or more, without a word: then the program's arguments are left out.
_LONGEST_MARK = 60_000

# Names of a worker's environment variables.
BENCHMARKING = "BENCHMARK_PY"
OUTPUT_FOLDER = "BENCHMARK_OUTPUT_DIR"
RECORDING_FOLDER = "BENCHMARK_RECORDING"
PROGRESS_FILE = "BENCHMARK_PROGRESS"
SYNC_FILE = "BENCHMARK_SYNC"
SYNC_TIMEOUT = "BENCHMARK_SYNC_TIMEOUT"

DELETE_MARK = '{"delete":true}'


def batch_mark(index: int) -> str:
    """Just after the push: this range is batch `index`."""
    return '{"batch":%d}' % index


def items_mark(items: Union[int, float]) -> str:
    """Just before the pop: the batch held so many items."""
    return '{"items":%s}' % items


def object_mark(name: str) -> str:
    """Just after the push: this range stands at the top of the object `name`."""
    return _compact({"object": name})


def meta_mark(meta: Dict[str, Any]) -> str:
    """At the object's creation: what `meta` of benchmark.json should hold."""
    text = _compact({"meta": meta})
    return text if len(text) <= _LONGEST_MARK else _compact({"meta": dict(meta, args={})})


def sync_mark(waited_ns: int, end: str) -> str:
    """Just before the first batch: it was held back for so long, up to now."""
    return '{"sync":{"waitedNs":%d,"end":"%s"}}' % (waited_ns, end)


def _compact(value: Dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
