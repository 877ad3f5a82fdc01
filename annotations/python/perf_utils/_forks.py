"""Locks and state that stay right when the process forks."""

from __future__ import annotations

import os
import threading
from typing import Any, Callable, List
from weakref import WeakMethod

_after_fork: List[WeakMethod[Callable[[], None]]] = []


def fork_safe_lock() -> Any:
    """A lock that no other thread can be holding when a child starts: fork waits for it. For module
    level only.
    """
    lock = threading.Lock()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release
        )
    return lock


def call_in_child(method: Callable[[], None]) -> None:
    """Calls a bound method in every forked child, for as long as its object lives."""
    _after_fork[:] = [known for known in _after_fork if known() is not None]
    _after_fork.append(WeakMethod(method))


def _run_in_child() -> None:
    for known in list(_after_fork):
        method = known()
        if method is not None:
            method()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_run_in_child)
