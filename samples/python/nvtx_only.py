"""Annotated with plain NVTX through the `nvtx` package, and nothing of this project.

Its batches are found by their names, batch_0 and so on. How many items each holds, --batch can read
from a name too:

    benchmark --batch '^batch_(?<index>\\d+)_of_(?<items>\\d+)$' ...

Under nsys 2023.4 the package's version 0.2.12 and newer emit nothing: take 0.2.11 there.
"""

import sys
import time

try:
    import nvtx
except ImportError:
    print("nvtx_only: the nvtx package is missing: pip install nvtx", file=sys.stderr)
    sys.exit(77)

with nvtx.annotate("pipeline"):
    for index in range(5):
        with nvtx.annotate("batch_%d" % index):
            with nvtx.annotate("load"):
                time.sleep(0.02)
            with nvtx.annotate("compute"):
                time.sleep(0.05)
