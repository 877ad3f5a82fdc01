"""The same calls over the `nvtx` package, where it is installed and its calls reach the tool."""

from __future__ import annotations

import importlib
from typing import Any, Optional, Union

from ._colors import Color, argb

_CALLS = ("push_range", "pop_range", "mark")


class PackagedNvtx:
    def __init__(self, package: Any) -> None:
        self._package = package

    def push(
        self, name: str, color: Color, domain: Optional[str], category: Union[str, int, None]
    ) -> None:
        self._package.push_range(name, argb(color), domain, category)

    def pop(self, domain: Optional[str]) -> None:
        self._package.pop_range(domain)

    def mark(self, text: str, domain: str) -> None:
        self._package.mark(text, argb(None), domain)


def find_package() -> Optional[PackagedNvtx]:
    """None where the package is missing, is another `nvtx`, or would drop every event.

    From version 0.2.12 it asks the tool whether a domain is enabled. A tool from before that
    question (nsys 2023.4) does not answer, and the package then emits nothing at all, silently.
    """
    try:
        package = importlib.import_module("nvtx")
    except (
        Exception
    ):  # A build for another Python or a missing libstdc++ fails in many ways; ours works anyway.
        return None
    if not all(callable(getattr(package, name, None)) for name in _CALLS):
        return None
    get_domain = getattr(package, "get_domain", None)
    if get_domain is not None and not hasattr(get_domain(None), "handle"):
        return None
    return PackagedNvtx(package)
