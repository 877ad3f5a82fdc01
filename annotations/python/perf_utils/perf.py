"""CvCudaPerf: marks the ranges and batches of a program, so that `benchmark` can tell what each
costs.

    obj_name / pipeline / batch_0 / stage_1      a path; obj_name itself is no range

Every range goes to whatever listens: a profiler as NVTX, our own recording, or nobody. In a worker
of `benchmark` the paths are kept as well, for the file that finalize() writes.
"""

from __future__ import annotations

import operator
import os
from typing import Any, Callable, Dict, List, Optional, Union, overload

from ._checks import check_category, check_color, check_items, name_range
from ._colors import Color
from ._forks import call_in_child
from ._ledger import Items, Ledger, write_document
from ._meta import collect_meta
from ._progress import process_progress
from ._protocol import (
    BENCHMARKING,
    DELETE_MARK,
    batch_mark,
    items_mark,
    meta_mark,
    object_mark,
    sync_mark,
)
from ._scopes import BatchScope, Function, RangeScope, annotate_function
from ._sinks import Category, process_sink
from ._stacks import Frame, ThreadStacks
from ._start import process_start_line


class CvCudaPerf:
    """Several threads can use one object: ranges nest per thread. A forked child starts with none
    open.
    """

    def __init__(self, obj_name: str, default_args: Any) -> None:
        """`default_args` needs `device_id` and `output_dir`, as parse_validate_default_args()
        returns them.
        """
        for needed in ("device_id", "output_dir"):
            if not hasattr(default_args, needed):
                raise ValueError("default_args must have %s" % needed)
        self.obj_name = str(obj_name)
        self._args = default_args
        self._stacks = ThreadStacks()
        self._sink = process_sink()
        self._progress = process_progress()
        # None once the first batch has begun.
        self._start_line = process_start_line()
        self._ledger = Ledger(self.obj_name) if os.environ.get(BENCHMARKING) else None
        self._object_mark = object_mark(self.obj_name)
        if self._ledger is not None:
            call_in_child(self._ledger.clear)
        if self._sink is not None:
            self._sink.mark(meta_mark(collect_meta(self.obj_name, default_args)))

    def push_range(
        self,
        message: Optional[str] = None,
        color: Color = "blue",
        domain: Optional[str] = None,
        category: Category = None,
        batch_idx: Optional[int] = None,
    ) -> None:
        """Opens a range. With `batch_idx` it is a batch, named message_<batch_idx>, up to the
        matching pop_range().
        """
        self._push(message, color, domain, category, batch_idx)

    def pop_range(
        self,
        domain: Optional[str] = None,
        total_items: Optional[Items] = None,
        delete_range: bool = False,
    ) -> None:
        """Ends the innermost range of this thread.

        total_items: ends a batch that held so many items; 0 is a batch that does not count.
        ValueError elsewhere.
        delete_range: drops the range and all below it from the results.
        """
        stack = self._stacks.mine()
        if not stack:
            raise RuntimeError("pop_range(): no range is open on this thread")
        frame = stack[-1]
        if domain is not None and domain != frame.domain:
            raise ValueError(
                "pop_range(domain=%r): the innermost range, %s, is of domain %r"
                % (domain, frame.path, frame.domain)
            )
        items = None if total_items is None else self._check_batch_end(frame, total_items)
        self._close(stack, items, delete_range)

    def finalize(self) -> Dict[str, Any]:
        """Ends the measurement: writes <output_dir>/benchmark.json, which the launcher completes,
        and returns it.

        Returns {} outside of a benchmark. RuntimeError while a range is open on any thread.
        """
        still_open = self._stacks.open_paths()
        if still_open:
            raise RuntimeError("finalize(): still open: %s" % ", ".join(still_open))
        if self._progress is not None:
            self._progress.flush()
        if self._ledger is None:
            return {}
        document = self._ledger.document(collect_meta(self.obj_name, self._args))
        write_document(self._args.output_dir, document)
        return document

    def range(
        self,
        message: Optional[str] = None,
        color: Color = "blue",
        domain: Optional[str] = None,
        category: Category = None,
    ) -> RangeScope:
        """`with perf.range("stage"):` A block that raises ends its range all the same."""
        return RangeScope(self, message, color, domain, category)

    def batch(
        self,
        index: int,
        items: Optional[Items] = None,
        message: str = "batch",
        color: Color = "blue",
        domain: Optional[str] = None,
        category: Category = None,
    ) -> BatchScope:
        """`with perf.batch(i, items=n):`, or `as batch` and `batch.items = n` inside.

        A batch whose block raises is deleted: it did not do its work.
        """
        return BatchScope(self, index, items, message, color, domain, category)

    @overload
    def annotate(self, message: Function) -> Function: ...

    @overload
    def annotate(
        self,
        message: Optional[str] = None,
        color: Color = "blue",
        domain: Optional[str] = None,
        category: Category = None,
    ) -> Callable[[Function], Function]: ...

    def annotate(
        self,
        message: Union[str, Function, None] = None,
        color: Color = "blue",
        domain: Optional[str] = None,
        category: Category = None,
    ) -> Any:
        """`@perf.annotate("name")`, or bare: every call of the function is a range."""
        if callable(message):
            return annotate_function(self, message, None)
        return lambda function: annotate_function(self, function, message, color, domain, category)

    def _push(
        self,
        message: Optional[str] = None,
        color: Color = "blue",
        domain: Optional[str] = None,
        category: Category = None,
        batch_idx: Optional[int] = None,
    ) -> Frame:
        batch = None if batch_idx is None else operator.index(batch_idx)
        if color != "blue":
            check_color(color)
        if category is not None:
            check_category(category)
        if self._start_line is not None and batch is not None:
            self._hold_start()
        stack = self._stacks.mine()
        # A range that was open before a fork belongs to the parent process's trace.
        parent = stack[-1] if stack and not stack[-1].inherited else None
        frame = Frame(name_range(message, batch), parent, domain, batch)
        if self._sink is not None:
            marks = [] if batch is None else [batch_mark(batch)]
            if parent is None:
                marks.insert(0, self._object_mark)
            frame.token = self._sink.begin(frame.name, color, domain, category, marks)
        stack.append(frame)
        return frame

    def _hold_start(self) -> None:
        """Before the push, so that no batch holds the wait."""
        line = self._start_line
        start = None if line is None or line.passed else line.wait()
        # Not sooner: another thread's first batch is held too.
        self._start_line = None
        if start is not None and self._sink is not None:
            self._sink.mark(sync_mark(start.waited_ns, start.end))

    def _close(self, stack: List[Frame], items: Optional[Items], delete: bool) -> None:
        frame = stack.pop()
        if frame.inherited:
            return
        if self._sink is not None:
            marks = [] if items is None else [items_mark(items)]
            if delete:
                marks.append(DELETE_MARK)
            self._sink.end(frame.token, frame.domain, marks)
        if self._ledger is not None:
            if delete:
                self._ledger.delete(frame)
            else:
                self._ledger.close(frame, items)
        if self._progress is not None and frame.batch is not None and not delete:
            self._progress.count_batch()

    def _leave(self, frame: Frame, items: Optional[Items], delete: bool, failed: bool) -> None:
        """Ends a scope's range, and first whatever its block left open."""
        stack = self._stacks.mine()
        if frame not in stack:
            if failed:
                return
            raise RuntimeError(
                "%s was ended elsewhere: by another thread or task, or by one pop_range() too many"
                % frame.path
            )
        left_open = []
        while stack[-1] is not frame:
            left_open.append(stack[-1].path)
            self._close(stack, None, False)
        self._close(stack, items, delete)
        if left_open and not failed:
            raise RuntimeError(
                "%s ended while still open inside it: %s" % (frame.path, ", ".join(left_open))
            )

    @staticmethod
    def _check_batch_end(frame: Frame, total_items: Items) -> Items:
        if frame.batch is None:
            where = "this range lies inside one" if frame.in_batch else "none is open"
            raise ValueError(
                "pop_range(total_items=...) ends a batch, and %s is none: %s. "
                "A batch is opened by push_range(batch_idx=...)" % (frame.path, where)
            )
        return check_items(total_items)
