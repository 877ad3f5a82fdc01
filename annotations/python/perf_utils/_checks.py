"""What a caller may hand over. Checked in every run, so that a program does not fail only once it
is measured.
"""

from __future__ import annotations

import math
import operator
from typing import Any, Optional

from ._colors import Color, argb
from ._ledger import Items

# nsys drops an event whose text has 64 KiB or more, without a word.
_LONGEST_NAME = 8192
_checked_colors = {"blue"}


def check_items(items: Any) -> Items:
    """A count that JSON can hold. NumPy's and other libraries' numbers become Python's."""
    try:
        count: Items = operator.index(items)
    except TypeError:
        count = float(items)
    if count < 0 or not math.isfinite(count):
        raise ValueError("total_items must be 0 or more, not %r" % (items,))
    return count


def name_range(message: Optional[str], batch: Optional[int]) -> str:
    if batch is None:
        return "range" if message is None else str(message)[:_LONGEST_NAME]
    return "%s_%d" % ("batch" if message is None else str(message)[:_LONGEST_NAME], batch)


def check_color(color: Color) -> None:
    if color not in _checked_colors:
        argb(color)
        if isinstance(color, str):
            _checked_colors.add(color)


def check_category(category: Any) -> None:
    if not isinstance(category, (str, int)):
        raise TypeError("category must be a name or a number, not %r" % (category,))
