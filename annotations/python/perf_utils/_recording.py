"""The built-in profiler's recording, for machines without nsys. Its format is schemas/recording.ts.

Every line is one write(2) as it happens, so a killed process loses only the ends of its open
ranges. A range's own times never hold the cost of its own lines: `open` is written before the start
is taken, `close` after the end.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import threading
from time import monotonic_ns, time_ns
from typing import Any, Callable, Dict, Optional, Sequence, Tuple

from ._forks import call_in_child, fork_safe_lock
from ._version import __version__

_opening = fork_safe_lock()
_CACHE_LIMIT = 4096
# json.dumps() without its checks of options, a third of its time.
_encode = json.JSONEncoder().encode


class Recorder:
    """Writes this process's file; a forked child gets one of its own at its first range."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._write_bytes = _find_write()
        self._labels: Dict[Tuple[str, Optional[str]], str] = {}
        self._start_file()
        call_in_child(self._leave_parents_file)

    def begin(self, name: str, domain: Optional[str], marks: Sequence[str]) -> int:
        """Its start, in ns of the monotonic clock; to be given back to end()."""
        label = self._labels.get((name, domain)) or self._remember_label(name, domain)
        tid = self._tid()
        self._write('["open",%d,%d,%s]\n' % (tid, monotonic_ns() - self._origin, label))
        start = monotonic_ns()
        for text in marks:
            self._write_mark(tid, start, text)
        return start

    def end(self, start: int, marks: Sequence[str]) -> None:
        end = monotonic_ns()
        tid = self._tid()
        for text in marks:
            self._write_mark(tid, end, text)
        self._write('["close",%d,%d,%d]\n' % (tid, start - self._origin, end - self._origin))

    def mark(self, text: str) -> None:
        self._write_mark(self._tid(), monotonic_ns(), text)

    def _write_mark(self, tid: int, at: int, text: str) -> None:
        self._write('["mark",%d,%d,%s]\n' % (tid, at - self._origin, _encode(text)))

    def _remember_label(self, name: str, domain: Optional[str]) -> str:
        if len(self._labels) >= _CACHE_LIMIT:
            self._labels.clear()
        label = "%s,%s" % (_encode(name), "null" if domain is None else _encode(domain))
        self._labels[(name, domain)] = label
        return label

    def _tid(self) -> int:
        try:
            return self._thread.tid  # type: ignore[no-any-return]
        except AttributeError:
            self._thread.tid = threading.get_native_id()
            return self._thread.tid  # type: ignore[no-any-return]

    def _write(self, line: str) -> None:
        if self._file is None:
            self._open()
        if self._broken or self._file is None:
            return
        data = line.encode("ascii")
        try:
            written = self._write_bytes(self._file, data, len(data))
            if written != len(data):
                # A second try tells why: the first call has no errno for us.
                os.write(self._file, data[max(written, 0) :])
                self._fail("a line was cut short")
        except OSError as error:
            self._fail(error)

    def _start_file(self) -> None:
        self._origin, self._origin_unix = monotonic_ns(), time_ns()
        self._thread = threading.local()
        self._file: Optional[int] = None
        self._broken = False

    def _leave_parents_file(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._start_file()

    def _open(self) -> None:
        with _opening:
            if self._file is not None or self._broken:
                return
            try:
                os.makedirs(self._folder, exist_ok=True)
                file = _create_file(self._folder)
                os.write(file, self._header())
                self._file = file
            except OSError as error:
                self._fail(error)

    def _header(self) -> bytes:
        header = {
            "formatVersion": 1,
            "pid": os.getpid(),
            "library": "perf_utils %s (Python %s)" % (__version__, platform.python_version()),
            "originMonotonicNs": str(self._origin),
            "originUnixNs": str(self._origin_unix),
        }
        return (json.dumps(["header", header], separators=(",", ":")) + "\n").encode("ascii")

    def _fail(self, reason: object) -> None:
        """The program goes on: losing its measurement must not cost its results too."""
        self._broken = True
        message = "perf_utils: recording into %s stopped: %s\n"
        sys.stderr.write(message % (self._folder, reason))


def _create_file(folder: str) -> int:
    """A process can exec another program under its old id, and ids come round again: never mix two
    in one file.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
    name = "recording-%d" % os.getpid()
    for again in range(1000):
        suffix = "-%d" % again if again else ""
        try:
            return os.open(os.path.join(folder, name + suffix + ".jsonl"), flags, 0o644)
        except FileExistsError:
            continue
    raise FileExistsError("%s holds a thousand recordings of process %d" % (folder, os.getpid()))


def _find_write() -> Callable[[int, bytes, int], int]:
    """write(2) that keeps the GIL.

    os.write gives it up, and getting it back takes up to 5 ms while another thread computes:
    measured 0.46 ms per line against 0.004 ms. A line goes into the page cache, so nobody waits
    long for it.
    """
    try:
        import ctypes

        write: Any = ctypes.PyDLL(None).write
        write.restype = ctypes.c_ssize_t
        return write  # type: ignore[no-any-return]
    except (ImportError, AttributeError, OSError, TypeError):
        return lambda file, data, size: os.write(file, data)
