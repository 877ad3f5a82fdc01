"""Which NVTX to call, if any."""

from __future__ import annotations

import os
import struct
import warnings
from typing import TYPE_CHECKING, Optional, Union

from ._nvtx_package import PackagedNvtx, find_package

if TYPE_CHECKING:
    from ._nvtx_client import InjectedNvtx

    Nvtx = Union[InjectedNvtx, PackagedNvtx]

_INJECTION = "NVTX_INJECTION%d_PATH" % (8 * struct.calcsize("P"))


def tool_attached() -> bool:
    """Whether a profiler started this process: it sets the path of its own library for NVTX to
    load.
    """
    return bool(os.environ.get(_INJECTION))


def connect_nvtx() -> Optional[Nvtx]:
    """The nvtx package where it works, else our own client; None where the tool's library cannot be
    met.
    """
    return find_package() or _connect_injection(os.environ[_INJECTION])


def _connect_injection(library: str) -> Optional[InjectedNvtx]:
    try:
        # Not at the top: a program without a profiler needs no ctypes, and some Pythons have none.
        from ._nvtx_client import InjectedNvtx
        from ._nvtx_injection import Injection

        injection = Injection()
        attached = injection.attach(library)
    except (ImportError, OSError, AttributeError) as error:
        message = "perf_utils: no range will reach the profiler: %s" % error
        warnings.warn(message, RuntimeWarning, stacklevel=2)
        return None
    return InjectedNvtx(injection) if attached else None
