"""Ranges as `with` blocks and as a decorator.

A block that raises still ends its range. A batch whose block raised is deleted besides: its time is
that of a failure, and its items never came out. What the exception passes on its way out is kept
otherwise, so a run that stops in the middle still has its finished batches.

Push and pop know threads, not tasks. Blocks of two asyncio tasks on one thread that overlap without
nesting would swap their times; they raise RuntimeError instead.
"""

from __future__ import annotations

import functools
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Optional, Type, TypeVar

from ._checks import check_items
from ._colors import Color
from ._ledger import Items

if TYPE_CHECKING:
    from ._sinks import Category
    from ._stacks import Frame
    from .perf import CvCudaPerf

Function = TypeVar("Function", bound=Callable[..., Any])


class RangeScope:
    """`with perf.range("stage"):`"""

    __slots__ = ("_attributes", "_frame", "_perf")

    def __init__(
        self,
        perf: CvCudaPerf,
        message: Optional[str],
        color: Color,
        domain: Optional[str],
        category: Category,
        batch: Optional[int] = None,
    ) -> None:
        self._perf = perf
        self._attributes = (message, color, domain, category, batch)
        self._frame: Optional[Frame] = None

    def __enter__(self) -> RangeScope:
        if self._frame is not None:
            raise RuntimeError(
                "a scope opens one range at a time: call perf.range() or perf.batch() again"
            )
        self._frame = self._perf._push(*self._attributes)
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        frame, self._frame = self._frame, None
        if frame is not None:
            self._leave(frame, failed=kind is not None)

    def _leave(self, frame: Frame, failed: bool) -> None:
        self._perf._leave(frame, items=None, delete=False, failed=failed)


class BatchScope(RangeScope):
    """`with perf.batch(i) as batch: batch.items = len(images)`"""

    __slots__ = ("_deleted", "_items")

    def __init__(
        self,
        perf: CvCudaPerf,
        index: int,
        items: Optional[Items],
        message: str,
        color: Color,
        domain: Optional[str],
        category: Category,
    ) -> None:
        super().__init__(perf, message, color, domain, category, index)
        self._items = None if items is None else check_items(items)
        self._deleted = False

    def __enter__(self) -> BatchScope:
        super().__enter__()
        return self

    @property
    def items(self) -> Optional[Items]:
        """What the batch held, such as its images. 0: a batch that does not count. Set it before
        the block ends.
        """
        return self._items

    @items.setter
    def items(self, items: Items) -> None:
        self._items = check_items(items)

    def delete(self) -> None:
        """Drops the batch and all below it from the results, as when it turns out that the input
        has ended.
        """
        self._deleted = True

    def _leave(self, frame: Frame, failed: bool) -> None:
        self._perf._leave(frame, items=self._items, delete=self._deleted or failed, failed=failed)


def annotate_function(
    perf: CvCudaPerf,
    function: Function,
    message: Optional[str],
    color: Color = "blue",
    domain: Optional[str] = None,
    category: Category = None,
) -> Function:
    """Every call is a range, named as the function unless `message` says otherwise."""
    import inspect

    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(
            "%s is a generator: its range would hold its consumer's work too; "
            "use `with perf.range(...)` around its own steps" % function.__qualname__
        )
    name = function.__name__ if message is None else message

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def annotated_coroutine(*args: Any, **kwargs: Any) -> Any:
            with RangeScope(perf, name, color, domain, category):
                return await function(*args, **kwargs)

        return annotated_coroutine  # type: ignore[return-value]

    @functools.wraps(function)
    def annotated(*args: Any, **kwargs: Any) -> Any:
        with RangeScope(perf, name, color, domain, category):
            return function(*args, **kwargs)

    return annotated  # type: ignore[return-value]
