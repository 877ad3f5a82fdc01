"""Meets the profiler as a program with the header-only NVTX v3 inside would.

    tool      sets NVTX_INJECTION64_PATH to a library of its own
    program   loads it and calls InitializeInjectionNvtx2(get_export_table)
    tool      asks get_export_table for table 1 (callbacks), there for each module's function table,
              and writes its functions into the slots
    program   calls what is in a slot; an empty slot means: do nothing

So no NVTX library is needed. The numbers below are NVTX v3's binary interface, which never changes
within v3.
"""

from __future__ import annotations

import ctypes
from typing import Any, Dict, Optional

_CALLBACKS_TABLE, _VERSION_TABLE = 1, 3
_NVTX_VERSION = 3

# Slots per module, number 0 unused. All are offered, as a real NVTX would; only CORE and CORE2 are
# called.
CORE, CORE2 = 1, 5
_MODULE_SLOTS = {CORE: 16, 2: 9, 3: 16, 4: 7, CORE2: 16, 6: 7}

_Pointer = ctypes.c_void_p
_GetModuleTable = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_int, ctypes.POINTER(_Pointer), ctypes.POINTER(ctypes.c_uint)
)
_SetToolVersion = ctypes.CFUNCTYPE(None, ctypes.c_uint32)
_GetExportTable = ctypes.CFUNCTYPE(_Pointer, ctypes.c_uint32)


class _Callbacks(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("get_module_table", _GetModuleTable)]


class _VersionInfo(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_size_t),
        ("version", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("set_tool_version", _SetToolVersion),
    ]


class Injection:
    """The slots that a tool has filled. Never freed: the tool may write into them until the process
    ends.
    """

    def __init__(self) -> None:
        self._slots: Dict[int, Any] = {
            module: (_Pointer * count)() for module, count in _MODULE_SLOTS.items()
        }
        self._tables: Dict[int, Any] = {
            module: (_Pointer * (len(slots) + 1))(
                *[self._address(module, number) for number in range(len(slots))]
            )
            for module, slots in self._slots.items()
        }
        for table in self._tables.values():
            table[0] = None
        self._get_module_table = _GetModuleTable(self._module_table)
        self._callbacks = _Callbacks(ctypes.sizeof(_Callbacks), self._get_module_table)
        self._version = _VersionInfo(
            ctypes.sizeof(_VersionInfo), _NVTX_VERSION, 0, _SetToolVersion(lambda version: None)
        )
        self._get_export_table = _GetExportTable(self._export_table)

    def attach(self, library: str) -> bool:
        """Whether the tool took it. OSError where the library cannot be loaded, AttributeError
        where it is no tool's.
        """
        initialize = ctypes.CDLL(library).InitializeInjectionNvtx2
        initialize.argtypes, initialize.restype = [_GetExportTable], ctypes.c_int
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self))
        return bool(initialize(self._get_export_table))

    def function(self, module: int, number: int, result: Optional[type] = None) -> Any:
        """The function of a slot, false while the slot is empty.

        It reads the slot at every call, as a C program does. It keeps the GIL: giving it up would
        let another thread run for its 5 ms in the middle of a push.
        """
        return ctypes.PYFUNCTYPE(result).from_address(self._address(module, number))

    def _address(self, module: int, number: int) -> int:
        return ctypes.addressof(self._slots[module]) + number * ctypes.sizeof(_Pointer)

    def _module_table(self, module: int, table: Any, size: Any) -> int:
        if module not in self._tables:
            return 0
        if size:
            size[0] = _MODULE_SLOTS[module]
        if table:
            table[0] = ctypes.addressof(self._tables[module])
        return 1

    def _export_table(self, table: int) -> Optional[int]:
        if table == _CALLBACKS_TABLE:
            return ctypes.addressof(self._callbacks)
        return ctypes.addressof(self._version) if table == _VERSION_TABLE else None
