"""The ranges that are open, one stack per thread."""

from __future__ import annotations

import threading
from typing import Any, List, NamedTuple, Optional

from ._forks import call_in_child


class Frame:
    """One open range. Made at every push, so it computes nothing that may not be asked for."""

    __slots__ = (
        "_path",
        "added",
        "batch",
        "domain",
        "in_batch",
        "inherited",
        "name",
        "parent",
        "token",
    )

    def __init__(
        self, name: str, parent: Optional[Frame], domain: Optional[str], batch: Optional[int]
    ) -> None:
        self.name = name
        self.parent = parent
        self.domain = domain
        # Its batch index, where it is a batch.
        self.batch = batch
        self.in_batch: bool = parent is not None and (parent.in_batch or parent.batch is not None)
        # Open since before a fork, so the parent process's range and not this one's.
        self.inherited = False
        # What the sink wants back at its end.
        self.token: Any = None
        # Paths that the ledger got since it was pushed: what delete_range takes back.
        self.added: Optional[List[str]] = None
        self._path: Optional[str] = None

    @property
    def path(self) -> str:
        """Names from the top of its thread down: "pipeline/batch_0/stage_1"."""
        if self._path is None:
            self._path = self.name if self.parent is None else self.parent.path + "/" + self.name
        return self._path


class _ThreadStack(NamedTuple):
    thread: threading.Thread
    frames: List[Frame]


class ThreadStacks:
    """Each thread sees its own stack; all of them together tell whether a range is still open."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._all: List[_ThreadStack] = []
        call_in_child(self._inherit)

    def mine(self) -> List[Frame]:
        try:
            return self._local.frames  # type: ignore[no-any-return]
        except AttributeError:
            return self._add_thread()

    def open_paths(self) -> List[str]:
        """The innermost open range of every thread that has one."""
        tops = [stack.frames[-1] for stack in list(self._all) if stack.frames]
        return [top.path for top in tops if not top.inherited]

    def _add_thread(self) -> List[Frame]:
        stack = _ThreadStack(threading.current_thread(), [])
        # Programs that start a thread per request must not collect their empty stacks.
        self._all = [one for one in self._all if one.frames or one.thread.is_alive()] + [stack]
        self._local.frames = stack.frames
        return stack.frames

    def _inherit(self) -> None:
        # Only the forking thread lives on in the child; it may still unwind ranges that it opened
        # before.
        mine = self.mine()
        for frame in mine:
            frame.inherited = True
        self._all = [_ThreadStack(threading.current_thread(), mine)]
