"""Tells the launcher how many batches have ended, through a small file.

Called right after a batch has ended, so that no batch holds its cost. Processes of one worker share
the file: each adds what it has not told yet, under a lock.
"""

from __future__ import annotations

import atexit
import os
import time
from typing import Optional

from ._forks import call_in_child, fork_safe_lock
from ._protocol import PROGRESS_FILE

_INTERVAL_SECONDS = 0.1
# At the end the count must get through, but a stopped neighbour that holds the lock must not hang
# this process.
_LAST_TRIES = 200
_TRY_SECONDS = 0.005

_telling = fork_safe_lock()


class Progress:
    def __init__(self, path: str) -> None:
        self._path = path
        self._untold = 0
        self._next_write = 0.0
        call_in_child(self._forget)
        atexit.register(self.flush)

    def count_batch(self) -> None:
        with _telling:
            self._untold += 1
            now = time.monotonic()
            if now >= self._next_write:
                self._next_write = now + _INTERVAL_SECONDS
                self._tell()

    def flush(self) -> None:
        """Writes what is untold, however short the time since the last write."""
        with _telling:
            for _ in range(_LAST_TRIES):
                if self._untold == 0 or self._tell():
                    return
                time.sleep(_TRY_SECONDS)

    def _tell(self) -> bool:
        """False while another process holds the file. One that cannot be written is given up: it
        only informs.
        """
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
            try:
                if not _lock_file(file):
                    return False
                told = os.read(file, 32).strip()
                os.lseek(file, 0, os.SEEK_SET)
                # The count only grows, so its text covers the old one: a reader never finds the
                # file empty.
                os.write(file, b"%d" % ((int(told) if told.isdigit() else 0) + self._untold))
            finally:
                os.close(file)
        except OSError:
            pass
        self._untold = 0
        return True

    def _forget(self) -> None:
        # The parent will tell of its own batches.
        self._untold = 0
        self._next_write = 0.0


def _lock_file(file: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: the last writer wins.
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


_progress: Optional[Progress] = None


def process_progress() -> Optional[Progress]:
    """The process's one counter; None where nobody asked for it."""
    global _progress
    path = os.environ.get(PROGRESS_FILE)
    if _progress is None and path:
        _progress = Progress(path)
    return _progress
