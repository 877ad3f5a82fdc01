"""NVTX calls over an injection, with the attributes of ranges encoded once and kept."""

from __future__ import annotations

import ctypes
from typing import Any, Dict, Optional, Tuple, Union

from ._colors import Color, argb
from ._forks import fork_safe_lock
from ._nvtx_injection import CORE, CORE2, Injection

# Names that hold a batch's index are new each time: the cache is emptied before it grows without
# bound.
_CACHE_LIMIT = 4096
_creating = fork_safe_lock()


class _EventAttributes(ctypes.Structure):
    """nvtxEventAttributes_v2, 48 bytes."""

    _fields_ = [
        ("version", ctypes.c_uint16),
        ("size", ctypes.c_uint16),
        ("category", ctypes.c_uint32),
        ("color_type", ctypes.c_int32),
        ("color", ctypes.c_uint32),
        ("payload_type", ctypes.c_int32),
        ("reserved", ctypes.c_int32),
        ("payload", ctypes.c_uint64),
        ("message_type", ctypes.c_int32),
        ("message", ctypes.c_char_p),
    ]


def _encode(text: str) -> bytes:
    # NVTX text ends at its first NUL.
    return text.replace("\0", "\ufffd").encode("utf-8", "replace")


class InjectedNvtx:
    """Calls the functions of the tool that an Injection has attached."""

    def __init__(self, injection: Injection) -> None:
        self._push = injection.function(CORE, 8, ctypes.c_int)
        self._pop = injection.function(CORE, 11, ctypes.c_int)
        self._name_category = injection.function(CORE, 12)
        self._domain_mark = injection.function(CORE2, 1)
        self._domain_push = injection.function(CORE2, 4, ctypes.c_int)
        self._domain_pop = injection.function(CORE2, 5, ctypes.c_int)
        self._domain_name_category = injection.function(CORE2, 8)
        self._domain_create = injection.function(CORE2, 12, ctypes.c_void_p)
        self._domains: Dict[str, ctypes.c_void_p] = {}
        self._categories: Dict[Tuple[Optional[str], str], int] = {}
        self._attributes: Dict[Tuple[Any, ...], Any] = {}

    def push(
        self, name: str, color: Color, domain: Optional[str], category: Union[str, int, None]
    ) -> None:
        key = (name, color, domain, category)
        attributes = self._attributes.get(key)
        if attributes is None:
            attributes = self._remember(
                key, self._build(name, argb(color), self._category(domain, category))
            )
        if domain is None:
            if self._push:
                self._push(attributes)
        elif self._domain_push:
            self._domain_push(self._domain(domain), attributes)

    def pop(self, domain: Optional[str]) -> None:
        if domain is None:
            if self._pop:
                self._pop()
        elif self._domain_pop:
            self._domain_pop(self._domain(domain))

    def mark(self, text: str, domain: str) -> None:
        if self._domain_mark:
            self._domain_mark(self._domain(domain), self._build(text, argb(None), 0))

    @staticmethod
    def _build(text: str, color: int, category: int) -> Any:
        # The reference keeps the struct alive, and the struct the text.
        # Version 3, colour type 1 is ARGB, no payload, message type 1 is text.
        return ctypes.byref(_EventAttributes(3, 48, category, 1, color, 0, 0, 0, 1, _encode(text)))

    def _remember(self, key: Tuple[Any, ...], attributes: Any) -> Any:
        if len(self._attributes) >= _CACHE_LIMIT:
            self._attributes.clear()
        self._attributes[key] = attributes
        return attributes

    def _domain(self, name: str) -> ctypes.c_void_p:
        handle = self._domains.get(name)
        if handle is None:
            with _creating:
                handle = self._domains.get(name)
                if handle is None:
                    create = self._domain_create
                    # A bare int would be cut to 32 bits on its way into C.
                    handle = ctypes.c_void_p(create(_encode(name)) if create else None)
                    self._domains[name] = handle
        return handle

    def _category(self, domain: Optional[str], category: Union[str, int, None]) -> int:
        if category is None:
            return 0
        if not isinstance(category, str):
            return int(category)
        with _creating:
            number = self._categories.get((domain, category))
            if number is not None:
                return number
            number = 1 + sum(1 for owner, _ in self._categories if owner == domain)
            self._categories[(domain, category)] = number
        self._announce_category(domain, category, number)
        return number

    def _announce_category(self, domain: Optional[str], category: str, number: int) -> None:
        if domain is None:
            if self._name_category:
                self._name_category(ctypes.c_uint32(number), _encode(category))
        elif self._domain_name_category:
            self._domain_name_category(
                self._domain(domain), ctypes.c_uint32(number), _encode(category)
            )
