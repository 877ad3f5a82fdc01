"""The common start: holds the first batch until the run's other workers are at theirs.

Only in a worker of `benchmark --sync-start`. Two files in one folder, and no process that anyone
must ask:

    BENCHMARK_SYNC   made empty by this worker: its first batch is about to begin
    go beside it     "<ns of the monotonic clock> <why>", from the launcher: when all begin

The moment lies a little ahead, so that all begin together however long each of them sleeps between
two looks.
"""

from __future__ import annotations

import math
import os
import sys
from time import monotonic, monotonic_ns, sleep
from typing import NamedTuple, Optional

from ._protocol import SYNC_FILE, SYNC_TIMEOUT

_SHORTEST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.001, 0.05
# A moment that lies farther ahead comes from another clock: a time namespace, say.
_FARTHEST_SECONDS = 1.0
# Where nobody says how long to wait.
_TIMEOUT_SECONDS = 310.0


class Start(NamedTuple):
    """How the wait for the others went."""

    waited_ns: int
    # The launcher's word (together, partly, timed-out, stopped), or late: it said go before this
    # worker came, or abandoned: it never said anything.
    end: str


class _Go(NamedTuple):
    at: int
    why: str


class StartLine:
    def __init__(self, path: str, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        self._path = path
        self._folder = os.path.dirname(path)
        self._timeout = timeout_seconds
        self.passed = False

    def wait(self) -> Optional[Start]:
        """Blocks this thread. None: nothing was waited for, since another process of this worker
        has passed already.
        """
        came = monotonic_ns()
        try:
            first = self._arrive()
            go = self._read_go()
            if go is not None and go.at <= came:
                return Start(0, "late") if first else None
            end = self._await_go()
            return Start(monotonic_ns() - came, end)
        except OSError as error:
            # No folder, so no launcher any more. The program goes on.
            message = "perf_utils: this program does not wait for the others to start: %s\n"
            sys.stderr.write(message % error)
            return None
        finally:
            self.passed = True

    def _arrive(self) -> bool:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
            os.close(os.open(self._path, flags, 0o644))
            return True
        except FileExistsError:
            return False

    def _await_go(self) -> str:
        deadline = monotonic() + self._timeout
        pause = _SHORTEST_PAUSE_SECONDS
        while True:
            go = self._read_go()
            if go is not None:
                ahead = (go.at - monotonic_ns()) / 1e9
                if 0 < ahead < _FARTHEST_SECONDS:
                    sleep(ahead)
                return go.why
            if monotonic() >= deadline or not os.path.isdir(self._folder):
                return "abandoned"
            sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _read_go(self) -> Optional[_Go]:
        try:
            with open(os.path.join(self._folder, "go"), encoding="ascii") as file:
                at, why = file.read().split()
            return _Go(int(at), why)
        except (FileNotFoundError, ValueError):
            return None


_start_line: Optional[StartLine] = None


def process_start_line() -> Optional[StartLine]:
    """The process's one start line; None where nobody wants a common start, or it is over."""
    global _start_line
    path = os.environ.get(SYNC_FILE)
    if _start_line is None and path:
        _start_line = StartLine(path, _read_timeout())
    return None if _start_line is None or _start_line.passed else _start_line


def _read_timeout() -> float:
    try:
        seconds = float(os.environ.get(SYNC_TIMEOUT, ""))
    except ValueError:
        return _TIMEOUT_SECONDS
    return seconds if math.isfinite(seconds) and seconds >= 0 else _TIMEOUT_SECONDS
