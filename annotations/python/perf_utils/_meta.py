"""Facts about the program, for `meta` of the results. Nothing big is imported to learn them."""

from __future__ import annotations

import glob
import math
import platform
import sys
from typing import Any, Dict, Optional, Set

_CVCUDA_PACKAGES = ("cvcuda", "cvcuda-cu13", "cvcuda-cu12", "cvcuda-cu11")


def collect_meta(obj_name: str, default_args: Any) -> Dict[str, Any]:
    return {
        "obj_name": obj_name,
        "measurement_unit": "milliseconds",
        "cvcuda_version": _version("cvcuda", *_CVCUDA_PACKAGES),
        "pytorch_version": _version("torch", "torch"),
        "numpy_version": _version("numpy", "numpy"),
        "python_version": platform.python_version(),
        "device": {"id": _plain(default_args.device_id), "name": _device_name()},
        "args": _plain(vars(default_args)) if hasattr(default_args, "__dict__") else {},
    }


def _version(module: str, *packages: str) -> Optional[str]:
    """Of the module if the program has imported it, else of the installed package; None where there
    is neither.
    """
    imported = getattr(sys.modules.get(module), "__version__", None)
    if imported is not None:
        return str(imported)

    from importlib import metadata

    for package in packages:
        try:
            found: Optional[str] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
        if found is not None:
            return found
    return None


def _device_name() -> Optional[str]:
    """The GPU's model, where the driver lists no other: /proc counts GPUs in another order than
    CUDA does.
    """
    models: Set[str] = set()
    for path in glob.glob("/proc/driver/nvidia/gpus/*/information"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError:
            return None
        models.update(line.partition(":")[2].strip() for line in lines if line.startswith("Model:"))
    return models.pop() if len(models) == 1 else None


def _plain(value: Any) -> Any:
    """The value as JSON can hold it: paths, tensors and the like become their text, and so do NaN
    and infinity.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value)
