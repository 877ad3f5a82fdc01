"""Where ranges go: into the profiler's trace, into our own recording, both or nowhere.

What a sink's begin() returns is given back to its end(), so sinks keep no stack of their own.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Optional, Sequence, Union

from ._colors import Color
from ._forks import fork_safe_lock
from ._nvtx import connect_nvtx, tool_attached
from ._protocol import ANNOTATION_DOMAIN, RECORDING_FOLDER
from ._recording import Recorder

if TYPE_CHECKING:
    from ._nvtx import Nvtx

Category = Union[str, int, None]


class TraceSink:
    """NVTX. A mark stands just inside the range that it speaks of."""

    def __init__(self, nvtx: Nvtx) -> None:
        self._nvtx = nvtx

    def begin(
        self,
        name: str,
        color: Color,
        domain: Optional[str],
        category: Category,
        marks: Sequence[str],
    ) -> None:
        self._nvtx.push(name, color, domain, category)
        for text in marks:
            self._nvtx.mark(text, ANNOTATION_DOMAIN)

    def end(self, token: Any, domain: Optional[str], marks: Sequence[str]) -> None:
        for text in marks:
            self._nvtx.mark(text, ANNOTATION_DOMAIN)
        self._nvtx.pop(domain)

    def mark(self, text: str) -> None:
        self._nvtx.mark(text, ANNOTATION_DOMAIN)


class RecordingSink:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def begin(
        self,
        name: str,
        color: Color,
        domain: Optional[str],
        category: Category,
        marks: Sequence[str],
    ) -> int:
        return self._recorder.begin(name, domain, marks)

    def end(self, token: Any, domain: Optional[str], marks: Sequence[str]) -> None:
        self._recorder.end(token, marks)

    def mark(self, text: str) -> None:
        self._recorder.mark(text)


class DoubleSink:
    """The second one's ranges lie inside the first one's."""

    def __init__(self, outer: RecordingSink, inner: TraceSink) -> None:
        self._outer, self._inner = outer, inner

    def begin(
        self,
        name: str,
        color: Color,
        domain: Optional[str],
        category: Category,
        marks: Sequence[str],
    ) -> int:
        token = self._outer.begin(name, color, domain, category, marks)
        self._inner.begin(name, color, domain, category, marks)
        return token

    def end(self, token: Any, domain: Optional[str], marks: Sequence[str]) -> None:
        self._inner.end(None, domain, marks)
        self._outer.end(token, domain, marks)

    def mark(self, text: str) -> None:
        self._outer.mark(text)
        self._inner.mark(text)


Sink = Union[TraceSink, RecordingSink, DoubleSink]

_opening = fork_safe_lock()
_opened = False
_sink: Optional[Sink] = None


def process_sink() -> Optional[Sink]:
    """The process's one sink, opened at the first call. None: nobody listens, and ranges cost next
    to nothing.
    """
    global _opened, _sink
    with _opening:
        if not _opened:
            _sink = _open_sink()
            _opened = True
        return _sink


def _open_sink() -> Optional[Sink]:
    nvtx = connect_nvtx() if tool_attached() else None
    trace = TraceSink(nvtx) if nvtx is not None else None
    folder = os.environ.get(RECORDING_FOLDER)
    if not folder:
        return trace
    recording = RecordingSink(Recorder(folder))
    return recording if trace is None else DoubleSink(recording, trace)
