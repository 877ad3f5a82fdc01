"""What a program's own benchmark.json tells before any time is known (schemas/placeholder.ts)."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Optional, Union

from ._stacks import Frame

Items = Union[int, float]
FILE_NAME = "benchmark.json"


class Ledger:
    """The ranges that have ended, by path, in the order of their ends."""

    def __init__(self, obj_name: str) -> None:
        self._top = obj_name + "/"
        self._data: Dict[str, List[int]] = {}
        self._batches: Dict[str, List[Items]] = {}
        self._inside: Dict[str, None] = {}

    def close(self, frame: Frame, items: Optional[Items]) -> None:
        path = self._top + frame.path
        added = frame.added or []
        if path not in self._data:
            self._data[path] = [0, 0]
            added.append(path)
        if frame.in_batch:
            self._inside[path] = None
        if items is not None and frame.batch is not None:
            self._batches[path] = [frame.batch, items]
        if frame.parent is not None:
            if frame.parent.added is None:
                frame.parent.added = added
            else:
                frame.parent.added += added

    def delete(self, frame: Frame) -> None:
        """Takes back what ended inside the range; a path that an earlier range had too stays."""
        for path in frame.added or []:
            self._data.pop(path, None)
            self._batches.pop(path, None)
            self._inside.pop(path, None)

    def clear(self) -> None:
        for part in (self._data, self._batches, self._inside):
            part.clear()

    def document(self, meta: Dict[str, Any]) -> Dict[str, Any]:
        return {
            "data": {path: list(times) for path, times in self._data.items()},
            "mean_data": {},
            "gpu_metrics": {},
            "batch_info": {path: list(info) for path, info in self._batches.items()},
            "inside_batch_info": list(self._inside),
            "meta": dict(meta, total_batches=self._total_batches()),
        }

    def _total_batches(self) -> Dict[str, int]:
        """Batches per range that holds them. One without items does not count."""
        totals: Dict[str, int] = {}
        for path, (_, items) in self._batches.items():
            if items > 0:
                holder = path.rpartition("/")[0]
                totals[holder] = totals.get(holder, 0) + 1
        return totals


def write_document(folder: str, document: Dict[str, Any]) -> None:
    """Replaced as a whole: a reader never finds half a file."""
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, FILE_NAME)
    temporary = "%s.%d.tmp" % (target, os.getpid())
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=4)
            file.write("\n")
        os.replace(temporary, target)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
